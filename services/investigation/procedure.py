"""The deadlines and lists of `procedure.toml` as the domain takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal, get_args

from shared.contracts.investigation import Difficulty, Outcome

Stage = Literal["inquiry", "investigation"]


@dataclass(frozen=True, slots=True)
class PatrolTimes:
    """All in seconds."""

    acknowledge_seconds: int
    again_after_seconds: int
    retry_seconds: int
    longest_alarm_seconds: int

    def __post_init__(self) -> None:
        _positive(self.acknowledge_seconds, "patrol.acknowledge_seconds")
        _positive(self.again_after_seconds, "patrol.again_after_seconds")
        _positive(self.retry_seconds, "patrol.retry_seconds")
        _positive(self.longest_alarm_seconds, "patrol.longest_alarm_seconds")


@dataclass(frozen=True, slots=True)
class AssignmentTimes:
    """All in seconds."""

    retry_seconds: int
    longest_alarm_seconds: int

    def __post_init__(self) -> None:
        _positive(self.retry_seconds, "assignment.retry_seconds")
        _positive(self.longest_alarm_seconds, "assignment.longest_alarm_seconds")


@dataclass(frozen=True, slots=True)
class LetterDays:
    """When progress letters are due, in days; the lists by difficulty count from the beginning of their stage."""

    first: int
    unanswered: int
    inquiry: Mapping[Difficulty, tuple[int, ...]]
    investigation: Mapping[Difficulty, tuple[int, ...]]

    def __post_init__(self) -> None:
        _positive(self.first, "letters.first")
        _positive(self.unanswered, "letters.unanswered")
        for stage, table in (("inquiry", self.inquiry), ("investigation", self.investigation)):
            for difficulty in get_args(Difficulty):
                _rising(table.get(difficulty, ()), f"letters.{stage}.{difficulty}")

    def of(self, stage: Stage, difficulty: Difficulty) -> tuple[int, ...]:
        return (self.inquiry if stage == "inquiry" else self.investigation)[difficulty]


@dataclass(frozen=True, slots=True)
class ProsecutorDays:
    notice_days: int

    def __post_init__(self) -> None:
        _positive(self.notice_days, "prosecutor.notice_days")


@dataclass(frozen=True, slots=True)
class Restorative:
    conditions: tuple[str, ...]


@dataclass(frozen=True)
class Procedure:
    """What `procedure.toml` says. Raises ValueError, which names the entry, for what no case could be led by."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (a mistyped name must not leave a default in force)

    complaint_offences: tuple[str, ...]
    forget_after_days: int
    patrol: PatrolTimes
    assignment: AssignmentTimes
    letters: LetterDays
    prosecutor: ProsecutorDays
    reasons: Mapping[str, tuple[str, ...]]
    restorative: Restorative

    def __post_init__(self) -> None:
        _positive(self.forget_after_days, "forget_after_days")
        # That a reporter withdrew is told by an event, never chosen by an officer.
        outcomes = set(get_args(Outcome)) - {"withdrawn"}
        if set(self.reasons) != outcomes:
            raise ValueError(f"reasons must have exactly the entries {', '.join(sorted(outcomes))}")

    def is_complaint_offence(self, category: str) -> bool:
        return category in self.complaint_offences


def alarm_after(first_seconds: int, level: int, longest_seconds: int) -> timedelta:
    """How long after the alarm of this level (from 1) the next is raised: twice as long each time, to the longest."""
    return timedelta(seconds=min(first_seconds * 2 ** min(level, 30), longest_seconds))


def _positive(number: int, name: str) -> None:
    if number < 1:
        raise ValueError(f"{name} must be at least 1")


def _rising(days: tuple[int, ...], name: str) -> None:
    if not days or days[0] < 1 or any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError(f"{name} must be a list of days that rises from at least 1")
