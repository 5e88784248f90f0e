"""Where the complaints stand that are not at their end: what each waits for, and which of them are late."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.evaluation import course
from services.evaluation.course import StageName
from services.evaluation.dimensions import Dimension, names_of
from services.evaluation.domain import Record
from services.evaluation.figures import Month, StageFigures, figures, groups
from services.evaluation.targets import Targets

_LETTERS = frozenset(("investigation", "internal_affairs"))  # the tracks on which the first letter is owed


@dataclass(frozen=True, slots=True)
class Awaited:
    """What an open complaint waits for: of the stages that have begun, the one that is due first."""

    complaint: str
    record: Record
    stage: StageName
    due: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A unit or a village: what is open there now, and what happened there in the month."""

    name: str
    open: int
    late: int
    received: int
    closed: int
    settlement: StageFigures | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the office stands at a moment. `late` begins with what is late for the longest."""

    at: datetime
    received_today: int
    closed_today: int
    open: int
    late: Sequence[Awaited]
    units: Sequence[Part]
    villages: Sequence[Part]


def standing(open_ones: Mapping[str, Record], month: Month, targets: Targets, now: datetime) -> Standing:
    """How the office stands, from what is open and from the month that runs."""
    awaited = [found for id_, record in open_ones.items() if (found := awaits(id_, record, targets))]
    late = sorted((one for one in awaited if one.due < now), key=lambda one: one.due)
    today = now.astimezone(month.zone).date()
    records = [record for record in month.records.values() if record.call is None]
    moments = [record.received_at for record in records if record.received_at]
    ends = [closing.at for record in records for closing in record.closings]
    return Standing(
        at=now,
        received_today=sum(moment.astimezone(month.zone).date() == today for moment in moments),
        closed_today=sum(moment.astimezone(month.zone).date() == today for moment in ends),
        open=len(open_ones),
        late=late,
        units=_parts("unit", open_ones, late, month, targets),
        villages=_parts("village", open_ones, late, month, targets),
    )


def awaits(id_: str, record: Record, targets: Targets) -> Awaited | None:
    """What a complaint waits for; None where nothing is known to be owed."""
    due = [(began + timedelta(hours=targets.stages[name].of(record)), name) for name, began in _owed(record)]
    if not due:
        return None
    # Of two that are due at once, the one that comes first on a complaint's way.
    moment, stage = min(due, key=lambda found: found[0])
    return Awaited(id_, record, stage, moment)


def _owed(record: Record) -> Iterator[tuple[StageName, datetime]]:
    if record.closings:  # it was opened again, and is to be ended anew
        again = course.last(record.facts, "complaint.reclassified")
        yield "settlement", max(record.closings[-1].at, again.at if again else record.closings[-1].at)
        return
    for name, began in course.pending(record.facts, record.received_at, record.closings):
        if name == "first_letter" and _LETTERS.isdisjoint(record.tracks):
            continue
        if name == "assignment" and record.tracks == ("dispatch",):
            continue  # a patrol alone is sent, and nobody is given the case
        yield name, began


def _parts(
    dimension: Dimension, open_ones: Mapping[str, Record], late: Sequence[Awaited], month: Month, targets: Targets
) -> list[Part]:
    """What is late for the most first."""
    counted, over = _count(open_ones.values(), dimension), _count([one.record for one in late], dimension)
    own = {name: figures(part, targets) for name, part in groups(month, dimension)}
    parts = [
        Part(
            name,
            open=counted.get(name, 0),
            late=over.get(name, 0),
            received=own[name].received if name in own else 0,
            closed=own[name].closed if name in own else 0,
            settlement=own[name].stage("settlement") if name in own else None,
        )
        for name in counted.keys() | own.keys()
    ]
    return sorted(parts, key=lambda part: (-part.late, -part.open, -part.received, part.name))


def _count(records: Iterable[Record], dimension: Dimension) -> Mapping[str, int]:
    return Counter(name for record in records for name in names_of(record, dimension))
