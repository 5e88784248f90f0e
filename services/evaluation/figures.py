"""The figures of one month, as what every complaint adds to it is put in and taken out again.

A complaint is counted as received in the month of its receipt, and every stage in the month in which it ended: so the
figures of a month stand once it is over, and what took long is counted when it is done.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median, quantiles
from typing import Literal, Self

from services.evaluation.course import STAGES, StageName
from services.evaluation.dimensions import DIMENSIONS, Dimension, names_of
from services.evaluation.entry import Entry, Share
from services.evaluation.survey import ELEMENTS, Satisfaction, from_sums
from services.evaluation.targets import Targets

Times = Literal[1, -1]


@dataclass(slots=True)
class Hours:
    """How long a stage took each time. They are put in order when somebody asks, and stay nearly so afterwards."""

    in_time: int = 0
    _values: list[float] = field(default_factory=list)
    _ordered: bool = True

    def count(self, hours: float, in_time: bool, times: Times) -> None:
        self.in_time += in_time * times
        if times > 0:
            self._values.append(hours)
            self._ordered = False
        else:
            values = self.values
            del values[bisect_left(values, hours)]

    @property
    def values(self) -> list[float]:
        """The shortest first."""
        if not self._ordered:
            self._values.sort()
            self._ordered = True
        return self._values

    def copy(self) -> "Hours":
        return Hours(self.in_time, self._values.copy(), self._ordered)


@dataclass(slots=True)
class Tally:
    """What complaints add up to. It does not depend on the order in which they are put in and taken out."""

    complaints: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    hours: dict[StageName, Hours] = field(default_factory=dict)
    answers: int = 0
    scores: Counter[str] = field(default_factory=Counter)

    def count(self, share: Share, times: Times) -> None:
        self.complaints += times
        for name, number in share.counts:
            self.counts[name] += number * times
        for stage, hours, in_time in share.stages:
            self.hours.setdefault(stage, Hours()).count(hours, in_time, times)
        if share.answers:
            self.answers += share.answers * times
            for name, total in zip(ELEMENTS, share.scores, strict=True):
                self.scores[name] += total * times

    def copy(self) -> Self:
        hours = {stage: hours.copy() for stage, hours in self.hours.items()}
        return type(self)(self.complaints, self.counts.copy(), hours, self.answers, self.scores.copy())


@dataclass(slots=True)
class Month:
    """What is known of one month: all complaints in which something happened in it, whole and broken down, on which
    days they were received and closed, and the calls that were no report."""

    name: str
    total: Tally = field(default_factory=Tally)
    by: dict[Dimension, dict[str, Tally]] = field(default_factory=lambda: {dimension: {} for dimension in DIMENSIONS})
    received_on: Counter[date] = field(default_factory=Counter)
    closed_on: Counter[date] = field(default_factory=Counter)
    _calls: Counter[str] = field(default_factory=Counter)

    def count(self, entry: Entry, share: Share, times: Times) -> None:
        """Puts in what a complaint adds, or takes it out."""
        if entry.call:
            self._calls[entry.call] += times
            return
        self.total.count(share, times)
        for dimension in DIMENSIONS:
            parts = self.by[dimension]
            for name in names_of(entry, dimension):
                part = parts.setdefault(name, Tally())
                part.count(share, times)
                if not part.complaints:
                    del parts[name]
        if share.received_on:
            self.received_on[share.received_on] += times
        for day in share.closed_on:
            self.closed_on[day] += times

    @property
    def calls(self) -> Mapping[str, int]:
        """The calls that were no report, by kind."""
        return {kind: count for kind, count in sorted(self._calls.items()) if count}

    def copy(self) -> "Month":
        by = {dimension: {name: part.copy() for name, part in parts.items()} for dimension, parts in self.by.items()}
        days = self.received_on.copy(), self.closed_on.copy()
        return Month(self.name, self.total.copy(), by, *days, self._calls.copy())


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
        return _part_of(self.reopenings, self.closed)

    @property
    def change_rate(self) -> float | None:
        return _part_of(self.changed, self.classified)

    @property
    def duplicate_rate(self) -> float | None:
        return _part_of(self.duplicates, self.received)

    def stage(self, name: StageName) -> StageFigures:
        return next(stage for stage in self.stages if stage.stage == name)


_COUNTS = (
    *("received", "closed", "rejected", "withdrawn", "duplicates"),
    *("classified", "changed", "changes", "reopenings", "alarms"),
)


def figures(tally: Tally, targets: Targets) -> Figures:
    """The figures of complaints that were added up."""
    return Figures(
        **{name: tally.counts[name] for name in _COUNTS},
        stages=tuple(stage_figures(tally, name, targets) for name in STAGES),
    )


def stage_figures(tally: Tally, name: StageName, targets: Targets) -> StageFigures:
    """How long one stage took."""
    target, hours = targets.stages[name].hours, tally.hours.get(name)
    if hours is None or not hours.values:
        return StageFigures(name, 0, target)
    values = hours.values
    in_time = _part_of(hours.in_time, len(values))
    return StageFigures(name, len(values), target, median(values), percentile_90(values), in_time)


def satisfaction_of(tally: Tally) -> Satisfaction:
    """The index of the answers."""
    return from_sums(tally.answers, tally.scores)


def groups(month: Month, dimension: Dimension) -> Iterator[tuple[str, Tally]]:
    """The month broken down: each name with its own part, in alphabetical order."""
    yield from sorted(month.by[dimension].items())


def part(month: Month, dimension: Dimension, name: str) -> Tally:
    """What of the month belongs to one unit, category, village or channel."""
    return month.by[dimension].get(name, Tally())


def percentile_90(values: Sequence[float]) -> float:
    """Between the two nearest values where none is exactly there."""
    return quantiles(values, n=10, method="inclusive")[8] if len(values) > 1 else values[0]


def _part_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None
