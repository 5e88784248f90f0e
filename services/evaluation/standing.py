"""Where the complaints stand that are not at their end: what each waits for, and which of them are late."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from services.evaluation.awaiting import Awaited
from services.evaluation.dimensions import Dimension, names_of
from services.evaluation.entry import Entry
from services.evaluation.figures import Month, StageFigures, Tally, stage_figures
from services.evaluation.targets import Targets


@dataclass(frozen=True, slots=True)
class Late:
    """An open complaint whose next step should be done by now."""

    complaint: str
    entry: Entry
    awaited: Awaited

    @property
    def register_number(self) -> str | None:
        return self.entry.register_number


@dataclass(frozen=True, slots=True)
class Part:
    """A unit or a village: what is open there now, and what happened there in the month."""

    name: str
    open: int
    late: int
    received: int
    closed: int
    settlement: StageFigures


@dataclass(frozen=True, slots=True)
class Standing:
    """How the office stands at a moment. `late` begins with what is late for the longest."""

    at: datetime
    received_today: int
    closed_today: int
    open: int
    late: Sequence[Late]
    units: Sequence[Part]
    villages: Sequence[Part]


def standing(open_ones: Mapping[str, Entry], month: Month, targets: Targets, now: datetime, zone: tzinfo) -> Standing:
    """How the office stands, from what is open and from the month that runs."""
    late = late_of(open_ones, now)
    today = now.astimezone(zone).date()
    return Standing(
        at=now,
        received_today=month.received_on[today],
        closed_today=month.closed_on[today],
        open=len(open_ones),
        late=late,
        units=_parts("unit", open_ones, late, month, targets),
        villages=_parts("village", open_ones, late, month, targets),
    )


def late_of(open_ones: Mapping[str, Entry], now: datetime) -> list[Late]:
    """What should have gone on by now, beginning with what is late for the longest."""
    late = [
        Late(id_, entry, entry.awaited) for id_, entry in open_ones.items() if entry.awaited and entry.awaited.due < now
    ]
    return sorted(late, key=lambda one: one.awaited.due)


def _parts(
    dimension: Dimension, open_ones: Mapping[str, Entry], late: Sequence[Late], month: Month, targets: Targets
) -> list[Part]:
    """What is late for the most first."""
    counted, over = _count(open_ones.values(), dimension), _count([one.entry for one in late], dimension)
    own = month.by[dimension]
    parts = []
    for name in counted.keys() | own.keys():
        tally = own.get(name, Tally())
        parts.append(
            Part(
                name,
                open=counted[name],
                late=over[name],
                received=tally.counts["received"],
                closed=tally.counts["closed"],
                settlement=stage_figures(tally, "settlement", targets),
            )
        )
    return sorted(parts, key=lambda part: (-part.late, -part.open, -part.received, part.name))


def _count(entries: Iterable[Entry], dimension: Dimension) -> Counter[str]:
    return Counter(name for entry in entries for name in names_of(entry, dimension))
