"""The monthly report on paper, in Indonesian."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from services.evaluation.board_wordings import STATUSES
from services.evaluation.dimensions import Dimension
from services.evaluation.findings_view import FindingRow
from services.evaluation.report import Report
from services.evaluation.shown import Shown
from services.evaluation.views import FiguresView, GroupView, StageView
from services.evaluation.words import number, percent, word

_STYLES = getSampleStyleSheet()
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
_COUNTS = ("received", "closed", "rejected", "withdrawn", "duplicates", "changes", "reopenings", "alarms")


def to_pdf(report: Report, shown: Shown) -> bytes:
    """The report as a PDF; `shown` writes in Indonesian."""
    file = BytesIO()
    title = f"Laporan Evaluasi Pelayanan Pengaduan, {shown.month(report.month)}"
    document = SimpleDocTemplate(
        file, pagesize=A4, title=title, author=report.office, lang="id-ID", topMargin=2 * cm, bottomMargin=2 * cm
    )
    document.build(_story(report, title, shown), onFirstPage=_numbered, onLaterPages=_numbered)
    return file.getvalue()


def _story(report: Report, title: str, shown: Shown) -> list[Flowable]:
    figures = report.indicators
    story: list[Flowable] = [
        Paragraph(escape(report.office), _STYLES["Title"]),
        Paragraph(title, _STYLES["Heading1"]),
        Paragraph(f"Dibuat {report.made_at:%d-%m-%Y %H:%M}", _STYLES["Normal"]),
        *_section("Ringkasan", ("Uraian", "Jumlah"), _summary(figures.total, figures.calls)),
        *_section(
            "Waktu setiap tahap (jam)",
            ("Tahap", "Jumlah", "Median", "Persentil 90", "Target", "Tepat waktu"),
            [_stage(stage) for stage in figures.total.stages],
        ),
        *_survey(report),
    ]
    for dimension, groups in figures.by.items():
        heading = ("Nama", "Diterima", "Selesai", "Median selesai (jam)", "Dibuka kembali", "Klasifikasi diubah")
        story += _section(f"Menurut {word(dimension)}", heading, [_group(dimension, group, shown) for group in groups])
    columns = ("Indikator", "Lingkup", "Nilai", "Target", "Status", "Penanggung jawab", "Tenggat")
    return story + _section("Temuan", columns, [_finding(finding, shown) for finding in report.findings])


def _summary(total: FiguresView, calls: Any) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [(word(name), number(getattr(total, name))) for name in _COUNTS]
    rows.append(("Tingkat dibuka kembali", percent(total.reopen_rate)))
    rows.append(("Tingkat laporan ganda", percent(total.duplicate_rate)))
    rows.append(("Tingkat perubahan klasifikasi", percent(total.change_rate)))
    return rows + [(f"Panggilan 110 bukan laporan: {word(kind)}", number(count)) for kind, count in calls.items()]


def _survey(report: Report) -> list[Flowable]:
    total = report.surveys.total
    rows = [(word(e.element), number(e.mean), number(e.index), e.grade) for e in total.elements]
    headline = f"IKM {number(total.index)}, mutu {total.grade or '–'}, dari {number(total.answers)} jawaban"
    found = _section("Survei Kepuasan Masyarakat (SKM)", ("Unsur", "NRR", "Nilai", "Mutu"), rows)
    return [*found[:2], Paragraph(headline, _STYLES["Normal"]), *found[2:]]


def _stage(stage: StageView) -> Sequence[str]:
    hours = (number(stage.median_hours), number(stage.p90_hours), number(stage.target_hours))
    return word(stage.stage), number(stage.count), *hours, percent(stage.in_time)


def _group(dimension: Dimension, group: GroupView, shown: Shown) -> Sequence[str]:
    figures = group.figures
    counts = (number(figures.received), number(figures.closed), number(figures.settlement_hours))
    return shown.named(dimension, group.name), *counts, percent(figures.reopen_rate), number(figures.changed)


def _finding(finding: FindingRow, shown: Shown) -> Sequence[str]:
    values = [shown.value(finding.indicator, value) for value in (finding.value, finding.target)]
    day = f"{finding.by:%d-%m-%Y}" if finding.by else "–"
    return (
        shown.indicator(finding.indicator),
        shown.scope(finding.scope),
        *values,
        STATUSES[finding.status],
        finding.owner or "–",
        day,
    )


def _section(title: str, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Flowable]:
    start: list[Flowable] = [Spacer(1, 0.4 * cm), Paragraph(escape(title), _STYLES["Heading2"])]
    if not rows:
        return [*start, Paragraph("Tidak ada.", _STYLES["Normal"])]
    # As paragraphs, long names are wrapped; escaped, since names may come from a file that somebody edited.
    cells = [[Paragraph(escape(text), _STYLES["BodyText"]) for text in row] for row in (heading, *rows)]
    table = Table(cells, repeatRows=1)
    table.setStyle(_GRID)
    return [*start, table]


def _numbered(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(A4[0] - 2 * cm, 1 * cm, f"Halaman {document.page}")
