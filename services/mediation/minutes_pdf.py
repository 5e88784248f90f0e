"""The minutes (notulen) of a session, or the record of a guidance visit, on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.mediation.papers import SIDES, Head, Signer, facts, line, lines, signatures, typeset
from shared.contracts.mediation import Settling

_TITLES: dict[Settling, str] = {"mediation": "NOTULEN PERTEMUAN MEDIASI", "guidance": "LAPORAN KUNJUNGAN PEMBINAAN"}


@dataclass(frozen=True, repr=False)
class Meeting:
    """A session or visit as it is written down. No repr, since its words are the parties' own matter."""

    kind: Settling
    number: int
    at: datetime
    place: str
    text: str


def minutes_paper(head: Head, meeting: Meeting, parties: Sequence[Signer]) -> bytes:
    """What was said and done, who was there, and places to sign for those who were."""
    rows = [
        ("Pertemuan ke", str(meeting.number)),
        ("Waktu", head.moment(meeting.at)),
        ("Tempat", meeting.place),
        ("Petugas", head.officer),
        *((SIDES[party.side], f"{party.name} ({'hadir' if party.present else 'tidak hadir'})") for party in parties),
    ]
    roles = [(SIDES[party.side], party.name) for party in parties if party.present]
    parts = [*facts(rows), line("Catatan hasil:"), *lines(meeting.text)]
    return typeset(_TITLES[meeting.kind], head, [*parts, *signatures([*roles, ("Petugas", head.officer)])])
