"""The targets of `targets.toml`, as a Polres edits them."""

import tomllib
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.evaluation.course import STAGES, StageName
from services.evaluation.dimensions import Dimension
from services.evaluation.domain import Record
from shared.contracts.complaint import Track, Urgency

Hours = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class TargetsError(Exception):
    """The file of the targets cannot be used. Says why, and where."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageTarget(_Table):
    """How many hours a stage may take."""

    hours: Hours
    by_urgency: Mapping[Urgency, Hours] = {}
    by_track: Mapping[Track, Hours] = {}

    def of(self, record: Record) -> float:
        """What holds for one complaint: the longest of its tracks' targets, since all of them must end."""
        if record.urgency and record.urgency in self.by_urgency:
            return self.by_urgency[record.urgency]
        return max((self.by_track[track] for track in record.tracks if track in self.by_track), default=self.hours)


class MedianRule(_Table):
    at_least: Count
    scopes: tuple[Dimension, ...]


class CountRule(_Table):
    at_least: Count


class Rules(_Table):
    median_over_target: MedianRule
    element_under_b: CountRule
    rising_reopens: CountRule


class Targets(_Table):
    """Everything that is held against the figures."""

    stages: Mapping[StageName, StageTarget]
    rules: Rules


def read_targets(text: str) -> Targets:
    """The targets of a file. Raises TargetsError."""
    try:
        targets = Targets.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise TargetsError(f"targets: {error}") from None
    missing = set(STAGES) - targets.stages.keys()
    if missing:
        raise TargetsError(f"targets: no hours for the stages {', '.join(sorted(missing))}")
    return targets
