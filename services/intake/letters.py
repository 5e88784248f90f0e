"""The papers of the counter: the written report (Laporan Polisi, model A or B) and its receipt (STTLP), as PDF.

Every text of a reporter is escaped, since the typesetter reads markup.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
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
_CODE = ParagraphStyle("code", parent=_TEXT, fontSize=18, leading=26)
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


@dataclass(frozen=True, repr=False)
class Tracking:
    """What the reporter takes away from the page: the number, the code, and where it is typed. No repr for its code."""

    office: str
    utc_offset: int
    register_number: str
    received_at: datetime
    code: str
    address: str


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
    return _typeset("LAPORAN POLISI", written.office, written.register_number, [*parts, *_signatures(*signers)])


def receipt(written: Written) -> bytes:
    """The receipt that the reporter takes away. It does not tell the story, since others may see it."""
    told = Paragraph(
        "Surat ini menerangkan bahwa laporan di bawah ini telah diterima. Perkembangannya dapat dilacak dengan kode "
        "yang diberikan kepada pelapor secara terpisah.",
        _TEXT,
    )
    rows = [("Nama pelapor", written.name or "anonim"), ("Alamat", written.address or _NOT_GIVEN), *_matter(written)]
    parts = [told, *_rows(rows), *_signatures("Petugas", "Pelapor")]
    return _typeset("SURAT TANDA TERIMA LAPORAN POLISI (STTLP)", written.office, written.register_number, parts)


def tracking_receipt(written: Tracking) -> bytes:
    """The receipt of a report from the page. The square leads to where the code is typed and does not hold it: an
    address is kept on every machine on its way, and a square of the bare code is looked for in a search engine."""
    told = "Laporan Anda telah diterima. Simpan kode ini; siapa pun yang memegangnya dapat membaca perkembangannya."
    parts = [
        Paragraph(told, _TEXT),
        Spacer(0, 4 * mm),
        *_rows([("Diterima", _moment(written.received_at, written.utc_offset)), ("Lacak di", written.address)]),
        Spacer(0, 4 * mm),
        Paragraph("Kode lacak", _TEXT),
        Paragraph(escape(written.code), _CODE),
        Spacer(0, 6 * mm),
        _square(written.address),
        Paragraph("Pindai untuk membuka halaman lacak, lalu ketik kode di atas.", _TEXT),
        Spacer(0, 6 * mm),
        Paragraph("Dalam bahaya, telepon 110 (polisi), 112 (darurat), 113 (pemadam) atau 119 (ambulans).", _TEXT),
    ]
    return _typeset("TANDA TERIMA LAPORAN", written.office, written.register_number, parts)


def _square(text: str) -> Drawing:
    side = 40 * mm
    drawing = Drawing(side, side)
    drawing.add(QrCodeWidget(text, barWidth=side, barHeight=side, barLevel="M"))
    return drawing


def _matter(written: Written) -> list[tuple[str, str]]:
    place = ", ".join(part for part in (written.place, written.village) if part)
    return [
        ("Diterima", _moment(written.received_at, written.utc_offset)),
        ("Waktu kejadian", _moment(written.occurred_at, written.utc_offset) if written.occurred_at else _NOT_GIVEN),
        ("Tempat kejadian", place or _NOT_GIVEN),
        ("Petugas penerima", written.officer or _NOT_GIVEN),
    ]


def _moment(moment: datetime, utc_offset: int) -> str:
    local = moment.astimezone(timezone(timedelta(hours=utc_offset)))
    return f"{local:%d-%m-%Y %H:%M} {_ZONES[utc_offset]}"


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


def _typeset(title: str, office: str, number: str, parts: list[object]) -> bytes:
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author=office, leftMargin=22 * mm, rightMargin=22 * mm, invariant=1
    )
    head = [
        Paragraph(escape(f"KEPOLISIAN NEGARA REPUBLIK INDONESIA\n{office}").replace("\n", "<br/>"), _TEXT),
        Spacer(0, 8 * mm),
        Paragraph(title, _TITLE),
        Paragraph(escape(f"Nomor: {number}"), _TITLE),
        Spacer(0, 6 * mm),
    ]
    document.build([*head, *parts])
    return out.getvalue()
