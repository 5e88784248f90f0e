"""The papers of the counter: the written report (Laporan Polisi, model A or B) and its receipt (STTLP), as PDF.

Every text of a reporter is escaped, since the typesetter reads markup.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from shared.contracts.complaint import RegisterModel

# The fonts that every reader has know too few letters for people's names.
pdfmetrics.registerFont(TTFont("Vera", Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
_TEXT = ParagraphStyle("text", fontName="Vera", fontSize=9.5, leading=14)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontSize=13, leading=18, alignment=1)
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_MODELS: dict[RegisterModel, str] = {"A": "Temuan anggota", "B": "Laporan masyarakat"}
_NOT_GIVEN = "tidak disebutkan"


@dataclass(frozen=True, repr=False)
class Written:
    """A report as it is written down. No repr, since much of it is personal."""

    office: str
    utc_offset: int
    model: RegisterModel
    register_number: str
    received_at: datetime
    occurred_at: datetime | None
    officer: str | None
    place: str | None
    village: str | None
    narrative: str | None
    name: str | None
    nik: str | None
    address: str | None


def report_form(written: Written) -> bytes:
    """The written report, to be signed by the officer and, in model B, by the reporter."""
    rows = [("Jenis", f"Model {written.model}: {_MODELS[written.model]}"), *_matter(written)]
    if written.model == "B":
        rows += [
            ("Nama pelapor", written.name or "anonim"),
            ("NIK", written.nik or _NOT_GIVEN),
            ("Alamat", written.address or _NOT_GIVEN),
        ]
    parts = [*_rows(rows), Spacer(0, 4 * mm), Paragraph("Uraian kejadian:", _TEXT)]
    parts += [Paragraph(escape(line) or "&nbsp;", _TEXT) for line in (written.narrative or _NOT_GIVEN).splitlines()]
    signers = ("Petugas", "Pelapor") if written.model == "B" else ("Petugas yang menemukan", "Mengetahui")
    return _typeset("LAPORAN POLISI", written, [*parts, *_signatures(*signers)])


def receipt(written: Written) -> bytes:
    """The receipt that the reporter takes away. It does not tell the story, since others may see it."""
    told = Paragraph(
        "Surat ini menerangkan bahwa laporan di bawah ini telah diterima. Perkembangannya dapat dilacak dengan kode "
        "yang diberikan kepada pelapor secara terpisah.",
        _TEXT,
    )
    rows = [("Nama pelapor", written.name or "anonim"), ("Alamat", written.address or _NOT_GIVEN), *_matter(written)]
    return _typeset(
        "SURAT TANDA TERIMA LAPORAN POLISI (STTLP)", written, [told, *_rows(rows), *_signatures("Petugas", "Pelapor")]
    )


def _matter(written: Written) -> list[tuple[str, str]]:
    place = ", ".join(part for part in (written.place, written.village) if part)
    return [
        ("Diterima", _moment(written.received_at, written)),
        ("Waktu kejadian", _moment(written.occurred_at, written) if written.occurred_at else _NOT_GIVEN),
        ("Tempat kejadian", place or _NOT_GIVEN),
        ("Petugas penerima", written.officer or _NOT_GIVEN),
    ]


def _moment(moment: datetime, written: Written) -> str:
    local = moment.astimezone(timezone(timedelta(hours=written.utc_offset)))
    return f"{local:%d-%m-%Y %H:%M} {_ZONES[written.utc_offset]}"


def _rows(rows: list[tuple[str, str]]) -> list[Table]:
    cells = [[Paragraph(label, _TEXT), Paragraph(escape(value), _TEXT)] for label, value in rows]
    return [Table(cells, colWidths=[40 * mm, 120 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])]


def _signatures(left: str, right: str) -> list[Table | Spacer]:
    line = "." * 36
    return [
        Spacer(0, 10 * mm),
        Table(
            [[left, right], ["", ""], [line, line]],
            rowHeights=[6 * mm, 18 * mm, 6 * mm],
            style=[("FONTNAME", (0, 0), (-1, -1), "Vera")],
        ),
    ]


def _typeset(title: str, written: Written, parts: list[object]) -> bytes:
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author=written.office, leftMargin=22 * mm, rightMargin=22 * mm, invariant=1
    )
    head = [
        Paragraph(escape(f"KEPOLISIAN NEGARA REPUBLIK INDONESIA\n{written.office}").replace("\n", "<br/>"), _TEXT),
        Spacer(0, 8 * mm),
        Paragraph(title, _TITLE),
        Paragraph(escape(f"Nomor: {written.register_number}"), _TITLE),
        Spacer(0, 6 * mm),
    ]
    document.build([*head, *parts])
    return out.getvalue()
