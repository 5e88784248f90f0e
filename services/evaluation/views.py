"""What the API and the reports show of a month. Shares and rates are between 0 and 1, durations in hours."""

from collections.abc import Mapping, Sequence

from pydantic import AwareDatetime, BaseModel

from services.evaluation import figures, survey
from services.evaluation.course import StageName
from services.evaluation.dimensions import DIMENSIONS, Dimension
from services.evaluation.domain import Record
from services.evaluation.figures import Figures, Month
from services.evaluation.targets import Targets
from shared.contracts.complaint import Channel, Track, Urgency


class StageView(BaseModel):
    """A stage where it ended in the month."""

    stage: StageName
    count: int
    target_hours: float
    median_hours: float | None
    p90_hours: float | None
    in_time: float | None


class FiguresView(BaseModel):
    """Counts, rates and stages."""

    received: int
    closed: int
    rejected: int
    withdrawn: int
    duplicates: int
    duplicate_rate: float | None
    classified: int
    changed: int
    changes: int
    change_rate: float | None
    reopenings: int
    reopen_rate: float | None
    alarms: int
    stages: list[StageView]

    @property
    def settlement_hours(self) -> float | None:
        """The median from the receipt to the end."""
        return next(stage.median_hours for stage in self.stages if stage.stage == "settlement")


class GroupView(BaseModel):
    name: str
    figures: FiguresView


class Indicators(BaseModel):
    """A month's indicators, whole and broken down. `calls`: those to 110 that were no report."""

    month: str
    total: FiguresView
    calls: Mapping[str, int]
    by: Mapping[Dimension, list[GroupView]]


class MonthView(BaseModel):
    """A month as a whole."""

    month: str
    total: FiguresView
    satisfaction_answers: int
    satisfaction_index: float | None


class ElementView(BaseModel):
    """An element of the survey: the mean of its scores, and that on the scale of the index."""

    element: str
    sum: int
    mean: float
    index: float
    grade: survey.Grade


class SatisfactionView(BaseModel):
    """The satisfaction index (IKM) of so many answers; none without answers."""

    answers: int
    index: float | None
    grade: survey.Grade | None
    elements: list[ElementView]


class SatisfactionGroup(BaseModel):
    name: str
    satisfaction: SatisfactionView


class Surveys(BaseModel):
    """What the reporters answered in a month."""

    month: str
    total: SatisfactionView
    by: Mapping[Dimension, list[SatisfactionGroup]]


class StageOver(BaseModel):
    """A stage of one complaint."""

    stage: StageName
    ended_at: AwareDatetime
    hours: float
    target_hours: float
    in_time: bool


class RecordRow(BaseModel):
    """A complaint behind the figures."""

    complaint: str
    register_number: str | None
    received_at: AwareDatetime | None
    channel: Channel | None
    village: str | None
    category: str | None
    urgency: Urgency | None
    tracks: tuple[Track, ...]
    units: tuple[str, ...]
    linked_to: str | None
    withdrawn: bool
    closed: bool
    closings: list[AwareDatetime]
    stages: list[StageOver]


def indicators(month: Month, targets: Targets) -> Indicators:
    return Indicators(
        month=month.name,
        total=figures_view(figures.figures(month.total, targets)),
        calls=month.calls,
        by={
            dimension: [
                GroupView(name=name, figures=figures_view(figures.figures(own, targets)))
                for name, own in figures.groups(month, dimension)
            ]
            for dimension in DIMENSIONS
        },
    )


def month(found: Month, targets: Targets) -> MonthView:
    answers = satisfaction(figures.satisfaction_of(found.total))
    total = figures_view(figures.figures(found.total, targets))
    return MonthView(
        month=found.name, total=total, satisfaction_answers=answers.answers, satisfaction_index=answers.index
    )


def surveys(month: Month) -> Surveys:
    return Surveys(
        month=month.name,
        total=satisfaction(figures.satisfaction_of(month.total)),
        by={dimension: list(_satisfactions(month, dimension)) for dimension in DIMENSIONS},
    )


def _satisfactions(month: Month, dimension: Dimension) -> Sequence[SatisfactionGroup]:
    found = ((name, figures.satisfaction_of(own)) for name, own in figures.groups(month, dimension))
    return [SatisfactionGroup(name=name, satisfaction=satisfaction(of)) for name, of in found if of.answers]


def satisfaction(found: survey.Satisfaction) -> SatisfactionView:
    return SatisfactionView(
        answers=found.answers,
        index=None if found.index is None else float(found.index),
        grade=found.grade,
        elements=[
            ElementView(element=e.name, sum=e.sum, mean=float(e.mean), index=float(e.index), grade=e.grade)
            for e in found.elements
        ],
    )


def figures_view(found: Figures) -> FiguresView:
    counts = ("received", "closed", "rejected", "withdrawn", "duplicates", "classified", "changed", "changes")
    return FiguresView(
        **{name: getattr(found, name) for name in (*counts, "reopenings", "alarms")},
        duplicate_rate=rounded(found.duplicate_rate),
        change_rate=rounded(found.change_rate),
        reopen_rate=rounded(found.reopen_rate),
        stages=[
            StageView(
                stage=stage.stage,
                count=stage.count,
                target_hours=stage.target,
                median_hours=rounded(stage.median),
                p90_hours=rounded(stage.p90),
                in_time=rounded(stage.in_time),
            )
            for stage in found.stages
        ],
    )


def record(id_: str, found: Record, targets: Targets) -> RecordRow:
    held = {stage.name: targets.stages[stage.name].of(found) for stage in found.stages}
    names = set(RecordRow.model_fields) - {"complaint", "closings", "stages"}
    return RecordRow(
        complaint=id_,
        **{name: getattr(found, name) for name in names},
        closings=[closing.at for closing in found.closings],
        stages=[
            StageOver(
                stage=stage.name,
                ended_at=stage.ended,
                hours=round(stage.hours, 4),
                target_hours=held[stage.name],
                in_time=stage.hours <= held[stage.name],
            )
            for stage in found.stages
        ],
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
