"""The figures of one month, computed from records alone.

A complaint is counted as received in the month of its receipt, and every stage in the month in which it ended: so the
figures of a month stand once it is over, and what took long is counted when it is done.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from statistics import median, quantiles

from services.evaluation.course import REJECTED, STAGES, Stage, StageName
from services.evaluation.dimensions import Dimension, names_of
from services.evaluation.domain import Record
from services.evaluation.feedback import Survey
from services.evaluation.survey import Satisfaction, satisfaction
from services.evaluation.targets import Targets

_ALARMS = ("investigation.escalated", "referral.overdue", "internal_affairs.overdue")


@dataclass(frozen=True, slots=True)
class Month:
    """What is known of one month: all records in which something happened in it, how often each complaint was asked to
    be opened again, and the answers of the survey with their complaints."""

    name: str
    zone: tzinfo
    records: Mapping[str, Record]
    requests: Mapping[str, int]
    surveys: Sequence[tuple[str, Survey]]


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How long a stage took where it ended in the month, in hours; `in_time` is a share."""

    stage: StageName
    count: int
    target: float
    median: float | None = None
    p90: float | None = None
    in_time: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and stages of a month. `changed`: complaints whose classification was changed, `changes`: how often."""

    received: int
    closed: int
    rejected: int
    withdrawn: int
    duplicates: int
    classified: int
    changed: int
    changes: int
    reopenings: int
    alarms: int
    stages: tuple[StageFigures, ...]

    @property
    def reopen_rate(self) -> float | None:
        return _share(self.reopenings, self.closed)

    @property
    def change_rate(self) -> float | None:
        return _share(self.changed, self.classified)

    @property
    def duplicate_rate(self) -> float | None:
        return _share(self.duplicates, self.received)

    def stage(self, name: StageName) -> StageFigures:
        return next(stage for stage in self.stages if stage.stage == name)


def figures(month: Month, targets: Targets) -> Figures:
    """The figures of all complaints of the month."""
    records = [record for record in month.records.values() if record.call is None]

    def happened(kind: str) -> list[int]:
        return [count for record in records if (count := record.happened(kind, month.name, month.zone))]

    # Each record's course is read once, since there are many.
    ended: dict[StageName, list[tuple[Record, Stage]]] = {name: [] for name in STAGES}
    for record in records:
        for stage in record.stages:
            if _in(month, stage.ended):
                ended[stage.name].append((record, stage))
    changes = happened("complaint.reclassified")
    return Figures(
        received=sum(record.received_at is not None and _in(month, record.received_at) for record in records),
        closed=sum(_in(month, closing.at) for record in records for closing in record.closings),
        rejected=len(happened(REJECTED)),
        withdrawn=len(happened("complaint.withdrawn")),
        duplicates=len(happened("complaint.linked")),
        classified=len(happened("complaint.classified")),
        changed=len(changes),
        changes=sum(changes),
        reopenings=sum(month.requests.values()),
        alarms=sum(sum(happened(kind)) for kind in _ALARMS),
        stages=tuple(_stage(name, ended[name], targets) for name in STAGES),
    )


def calls(month: Month) -> Mapping[str, int]:
    """The calls that were no report, by kind."""
    return Counter(record.call for record in month.records.values() if record.call)


def satisfaction_of(month: Month) -> Satisfaction:
    """The index of the month's answers."""
    return satisfaction([survey.scores for _, survey in month.surveys])


def groups(month: Month, dimension: Dimension) -> Iterator[tuple[str, Month]]:
    """The month broken down: each name with its own part, in alphabetical order."""
    names = {name for record in month.records.values() if not record.call for name in names_of(record, dimension)}
    for name in sorted(names):
        yield name, part(month, dimension, name)


def part(month: Month, dimension: Dimension, name: str) -> Month:
    """What of the month belongs to one unit, category, village or channel."""
    own = {id_: record for id_, record in month.records.items() if name in names_of(record, dimension)}
    return replace(
        month,
        records=own,
        requests={id_: count for id_, count in month.requests.items() if id_ in own},
        surveys=[(id_, survey) for id_, survey in month.surveys if id_ in own],
    )


def percentile_90(values: Sequence[float]) -> float:
    """Between the two nearest values where none is exactly there."""
    return quantiles(values, n=10, method="inclusive")[8] if len(values) > 1 else values[0]


def _stage(name: StageName, ended: Sequence[tuple[Record, Stage]], targets: Targets) -> StageFigures:
    target = targets.stages[name]
    hours = [stage.hours for _, stage in ended]
    in_time = sum(stage.hours <= target.of(record) for record, stage in ended)
    if not hours:
        return StageFigures(name, 0, target.hours)
    return StageFigures(
        name, len(hours), target.hours, median(hours), percentile_90(hours), _share(in_time, len(hours))
    )


def _in(month: Month, moment: datetime) -> bool:
    first, last = _span(month.name, month.zone)
    return first <= moment < last


@cache
def _span(name: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a month began and ended where the office stands; the same as its name tells, but quick to compare with."""
    year, number = int(name[:4]), int(name[5:])
    after = (year, number + 1) if number < 12 else (year + 1, 1)
    return datetime(year, number, 1, tzinfo=zone).astimezone(UTC), datetime(*after, 1, tzinfo=zone).astimezone(UTC)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
