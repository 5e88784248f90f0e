"""What the parties agreed on, on paper, for them to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from services.mediation.papers import SIDES, Head, Signer, facts, line, lines, signatures, typeset


@dataclass(frozen=True, repr=False)
class AgreedTerm:
    """A point as it is written down. No repr, since it is the parties' own matter."""

    text: str
    due: datetime


def agreement_paper(
    head: Head, parties: Sequence[Signer], terms: Sequence[AgreedTerm], drafted_at: datetime, signed_at: datetime | None
) -> bytes:
    """The agreement (surat kesepakatan bersama)."""
    rows = [
        ("Ditulis", head.moment(drafted_at)),
        ("Ditandatangani", head.moment(signed_at) if signed_at else "belum oleh semua pihak"),
        ("Petugas mediasi", head.officer),
        *((SIDES[party.side], party.name) for party in parties),
    ]
    opening = line("Para pihak di atas, dengan didampingi petugas, tanpa paksaan bersepakat sebagai berikut:")
    roles = [(SIDES[party.side], party.name) for party in parties]
    parts = [*facts(rows), opening, Spacer(0, 3 * mm), _terms(head, terms)]
    return typeset("SURAT KESEPAKATAN BERSAMA", head, [*parts, *signatures([*roles, ("Petugas", head.officer)])])


def _terms(head: Head, terms: Sequence[AgreedTerm]) -> Flowable:
    cells: list[list[object]] = [[line("No."), line("Isi kesepakatan"), line("Dipenuhi paling lambat")]]
    cells += [[line(str(number)), lines(term.text), line(head.day(term.due))] for number, term in enumerate(terms, 1)]
    # A point may be longer than a page.
    return Table(
        cells,
        colWidths=[12 * mm, 108 * mm, 44 * mm],
        repeatRows=1,
        splitInRow=1,
        style=[("GRID", (0, 0), (-1, -1), 0.4, "#888888"), ("VALIGN", (0, 0), (-1, -1), "TOP")],
    )
