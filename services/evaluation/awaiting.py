"""What a complaint that is not at its end waits for, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.evaluation import course
from services.evaluation.course import StageName
from services.evaluation.domain import Record
from services.evaluation.targets import Targets

_LETTERS = frozenset(("investigation", "internal_affairs"))  # the tracks on which the first letter is owed


@dataclass(frozen=True, slots=True)
class Awaited:
    """Of the stages that have begun, the one that is due first."""

    stage: StageName
    due: datetime


def awaits(record: Record, targets: Targets) -> Awaited | None:
    """What is due first, by the targets; None where nothing has begun."""
    due = [(began + timedelta(hours=targets.stages[name].of(record)), name) for name, began in _owed(record)]
    if not due:
        return None
    # Of two that are due at once, the one that comes first on a complaint's way.
    moment, stage = min(due, key=lambda found: found[0])
    return Awaited(stage, moment)


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
