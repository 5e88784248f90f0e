"""The monthly report, and the same as rows of a table."""

from collections.abc import Iterator, Sequence

from pydantic import AwareDatetime, BaseModel

from services.evaluation.findings_view import FindingRow
from services.evaluation.open_data import OpenData
from services.evaluation.views import FiguresView, Indicators, Surveys

Row = tuple[str, str, str, str, str | int | float | None]
COLUMNS = ("month", "dimension", "name", "figure", "value")


class Report(BaseModel):
    """What a month was like, and what is done about it."""

    office: str
    month: str
    made_at: AwareDatetime
    indicators: Indicators
    surveys: Surveys
    findings: list[FindingRow]


def rows(report: Report) -> Iterator[Row]:
    """The report's figures, one a row."""
    month = report.month
    for figure, value in _figures(report.indicators.total):
        yield month, "office", report.office, figure, value
    for kind, count in report.indicators.calls.items():
        yield month, "call", kind, "calls", count
    for dimension, groups in report.indicators.by.items():
        for group in groups:
            for figure, value in _figures(group.figures):
                yield month, dimension, group.name, figure, value
    total = report.surveys.total
    yield month, "office", report.office, "satisfaction_answers", total.answers
    yield month, "office", report.office, "satisfaction_index", total.index
    yield month, "office", report.office, "satisfaction_grade", total.grade
    for element in total.elements:
        yield month, "element", element.element, "index", element.index
    for finding in report.findings:
        yield month, "finding", finding.scope, f"{finding.indicator} ({finding.rule}, {finding.status})", finding.value


def open_rows(data: OpenData) -> Iterator[Row]:
    """The open data's figures, one a row."""
    for name, value in data.model_dump(exclude={"month", "office", "stages", "by"}).items():
        yield data.month, "office", data.office, name, value
    for stage in data.stages:
        yield data.month, "office", data.office, f"{stage.stage}_target_hours", stage.target_hours
        yield data.month, "office", data.office, f"{stage.stage}_median_hours", stage.median_hours
    for dimension, found in data.by.items():
        for row in found:
            for name, value in row.model_dump(exclude={"name"}).items():
                yield data.month, dimension, row.name, name, value


def _figures(found: FiguresView) -> Sequence[tuple[str, int | float | None]]:
    counts = [(name, value) for name, value in found.model_dump(exclude={"stages"}).items()]
    stages = [
        (f"{stage.stage}_{name}", value)
        for stage in found.stages
        for name, value in stage.model_dump(exclude={"stage"}).items()
    ]
    return [*counts, *stages]
