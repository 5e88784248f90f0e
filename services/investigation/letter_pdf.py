"""A progress letter (SP2HP) as its reader gets it on paper. What was typed is escaped, since the typesetter reads
markup."""

from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

# The fonts that every reader has know too few letters for people's names.
pdfmetrics.registerFont(TTFont("Vera", Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
_TEXT = ParagraphStyle("text", fontName="Vera", fontSize=9.5, leading=14, spaceAfter=2 * mm)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontSize=12, leading=17, alignment=1)
_CLOSING = "Demikian disampaikan. Pertanyaan tentang perkara ini dapat diajukan kepada penyidik yang tersebut di bawah."


@dataclass(frozen=True, repr=False)
class Draft:
    """A letter before it goes out. No repr, since its words are for the reporter alone."""

    office: str
    register_number: str
    received: str
    written: str
    kind: str  # which of the letters, in words
    words: str
    investigator: str
    phone: str


def typeset(draft: Draft) -> bytes:
    """The letter as a PDF, marked as a draft: it counts once its detective sends it."""
    out = BytesIO()
    title = "SURAT PEMBERITAHUAN PERKEMBANGAN HASIL PENYIDIKAN (SP2HP)"
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author=draft.office, lang="id-ID", leftMargin=22 * mm, rightMargin=22 * mm
    )
    document.build(_story(draft, title))
    return out.getvalue()


def _story(draft: Draft, title: str) -> list[Flowable]:
    facts = [("Laporan", draft.register_number), ("Diterima", draft.received), ("Perihal", draft.kind)]
    rows = [[Paragraph(label, _TEXT), Paragraph(escape(value), _TEXT)] for label, value in facts]
    signed = [
        [Paragraph("Penyidik", _TEXT)],
        [""],
        [Paragraph(escape(draft.investigator), _TEXT)],
        [Paragraph(escape(f"Telepon {draft.phone}"), _TEXT)],
    ]
    return [
        Paragraph(f"KEPOLISIAN NEGARA REPUBLIK INDONESIA<br/>{escape(draft.office)}", _TEXT),
        Spacer(0, 6 * mm),
        Paragraph(title, _TITLE),
        Paragraph("KONSEP, belum dikirim", _TITLE),
        Spacer(0, 4 * mm),
        Table(rows, colWidths=[32 * mm, 130 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")], hAlign="LEFT"),
        Spacer(0, 4 * mm),
        Paragraph("Kepada Yth. pelapor,", _TEXT),
        *(Paragraph(escape(line) or "&nbsp;", _TEXT) for line in draft.words.splitlines()),
        Paragraph(_CLOSING, _TEXT),
        Spacer(0, 8 * mm),
        Paragraph(escape(draft.written), _TEXT),
        Table(signed, colWidths=[80 * mm], rowHeights=[None, 16 * mm, None, None], hAlign="LEFT"),
    ]
