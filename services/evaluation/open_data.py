"""Open data: figures for everybody, from which no single complaint can be told.

Counts under five are withheld. Where that leaves one count of a breakdown open to subtraction from the total, the next
smallest is withheld too. Only months that are over are published, so that nobody can watch a single complaint arrive.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from services.evaluation.course import StageName
from services.evaluation.dimensions import Dimension
from services.evaluation.figures import Month, StageFigures, figures, groups, satisfaction_of
from services.evaluation.targets import Targets
from services.evaluation.views import rounded

LEAST = 5
PUBLIC: tuple[Dimension, ...] = ("category", "village", "channel")
_KEPT_FOR = timedelta(minutes=10)


class OpenRow(BaseModel):
    """One category, village or channel. A figure that is withheld is null."""

    name: str
    received: int | None
    closed: int | None
    median_hours_to_settlement: float | None


class OpenStage(BaseModel):
    """How long a stage took, and may take."""

    stage: StageName
    target_hours: float
    median_hours: float | None


class OpenData(BaseModel):
    """The figures of a month that is over."""

    month: str
    office: str
    suppressed_below: int = Field(default=LEAST, description="smaller counts are withheld (null)")
    received: int | None
    closed: int | None
    median_hours_to_settlement: float | None
    stages: list[OpenStage]
    satisfaction_answers: int | None
    satisfaction_index: float | None
    satisfaction_grade: str | None
    by: Mapping[Dimension, list[OpenRow]]


def open_data(month: Month, targets: Targets, office: str) -> OpenData:
    """What may be published of a month."""
    total, answers = figures(month.total, targets), satisfaction_of(month.total)
    told = answers.answers >= LEAST
    return OpenData(
        month=month.name,
        office=office,
        received=withheld(total.received),
        closed=withheld(total.closed),
        median_hours_to_settlement=_median(total.stage("settlement")),
        stages=[OpenStage(stage=s.stage, target_hours=s.target, median_hours=_median(s)) for s in total.stages],
        satisfaction_answers=withheld(answers.answers),
        satisfaction_index=float(answers.index) if told and answers.index is not None else None,
        satisfaction_grade=answers.grade if told else None,
        by={dimension: _rows(month, targets, dimension) for dimension in PUBLIC},
    )


def withheld(count: int) -> int | None:
    """The count, unless it is small. None at all tells of nobody."""
    return None if 0 < count < LEAST else count


def suppressed(counts: Mapping[str, int]) -> Mapping[str, int | None]:
    """The counts of one breakdown, so that those withheld cannot be told from the total and the others."""
    shown = {name: withheld(count) for name, count in counts.items()}
    hidden = [name for name, count in shown.items() if count is None]
    left = [name for name, count in shown.items() if count]
    # Two small ones that add up to less than five would still tell that each is nearly nobody.
    if hidden and left and (len(hidden) == 1 or sum(counts[name] for name in hidden) < LEAST):
        shown[min(left, key=lambda name: (counts[name], name))] = None
    return shown


def _rows(month: Month, targets: Targets, dimension: Dimension) -> list[OpenRow]:
    found = {name: figures(own, targets) for name, own in groups(month, dimension)}
    received = suppressed({name: of.received for name, of in found.items()})
    closed = suppressed({name: of.closed for name, of in found.items()})
    return [
        OpenRow(
            name=name,
            received=received[name],
            closed=closed[name],
            median_hours_to_settlement=_median(of.stage("settlement")),
        )
        for name, of in found.items()
    ]


def _median(stage: StageFigures) -> float | None:
    return rounded(stage.median) if stage.count >= LEAST else None


class Published:
    """What one process has published lately, since anybody may ask, and as often as they like."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, OpenData]] = {}

    def find(self, month: str, now: datetime) -> OpenData | None:
        at, data = self._kept.get(month, (None, None))
        return data if at and now - at < _KEPT_FOR else None

    def keep(self, data: OpenData, now: datetime) -> None:
        self._kept[data.month] = (now, data)
