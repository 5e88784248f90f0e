"""The papers of a mediation or guidance, as PDF.

Every text that somebody typed is escaped: the typesetter reads markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import reportlab
from babel.dates import format_date, format_datetime
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

# The fonts that every reader has know too few letters for people's names.
pdfmetrics.registerFont(TTFont("Vera", Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
TEXT = ParagraphStyle("text", fontName="Vera", fontSize=9.5, leading=14)
_TITLE = ParagraphStyle("title", parent=TEXT, fontSize=13, leading=18, alignment=1)
_NUMBER = ParagraphStyle("number", parent=TEXT, alignment=1)
NOT_GIVEN = "tidak disebutkan"
SIDES = {"complainant": "Pihak pelapor", "respondent": "Pihak terlapor"}


@dataclass(frozen=True, repr=False)
class Signer:
    """A party as a paper names it. No repr, since it is a person's name."""

    side: str
    name: str
    present: bool = True


@dataclass(frozen=True)
class Head:
    """What stands on every paper."""

    office: str
    zone: ZoneInfo
    register_number: str
    officer: str

    def moment(self, moment: datetime) -> str:
        here = moment.astimezone(self.zone)
        return f"{format_datetime(here, 'd MMMM y HH.mm', locale='id')} ({here.tzname()})"

    def day(self, moment: datetime) -> str:
        return format_date(moment.astimezone(self.zone).date(), "d MMMM y", locale="id")


def line(text: str) -> Paragraph:
    return Paragraph(escape(text), TEXT)


def lines(text: str) -> list[Flowable]:
    """A text of several lines."""
    return [Paragraph(escape(each) or "&nbsp;", TEXT) for each in text.splitlines()]


def facts(rows: Sequence[tuple[str, str]]) -> list[Flowable]:
    cells = [[line(label), line(value)] for label, value in rows]
    return [
        Table(cells, colWidths=[40 * mm, 120 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")]),
        Spacer(0, 4 * mm),
    ]


def signatures(signers: Sequence[tuple[str, str]]) -> list[Flowable]:
    """A place to sign for each: what they sign as, and their name; two beside each other."""
    cells = [[line(role), Spacer(0, 16 * mm), line(name)] for role, name in signers]
    rows = [cells[start : start + 2] for start in range(0, len(cells), 2)]
    table = Table(
        [[*row, *([""] * (2 - len(row)))] for row in rows],
        colWidths=[82 * mm, 82 * mm],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOTTOMPADDING", (0, 0), (-1, -1), 6 * mm)],
    )
    return [Spacer(0, 8 * mm), KeepTogether([table])]


def typeset(title: str, head: Head, parts: Sequence[Flowable]) -> bytes:
    """The paper as a PDF."""
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=head.office,
        lang="id-ID",
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        invariant=1,
    )
    top = [
        line("KEPOLISIAN NEGARA REPUBLIK INDONESIA"),
        line(head.office),
        Spacer(0, 8 * mm),
        Paragraph(title, _TITLE),
        Paragraph(escape(f"Nomor laporan: {head.register_number}"), _NUMBER),
        Spacer(0, 6 * mm),
    ]
    document.build([*top, *parts])
    return out.getvalue()
