"""The agreement and the minutes as papers to save and print, opened for a reason."""

import asyncio
import re

from fastapi import Response

from services.mediation import agreement_pdf, minutes_pdf, reading
from services.mediation.acting import Finding
from services.mediation.agreement_pdf import AgreedTerm
from services.mediation.api_sessions import Number
from services.mediation.case import Case, Round
from services.mediation.contents import Contents, Opened, OpenedRound
from services.mediation.minutes_pdf import Meeting
from services.mediation.pages_panel import pages
from services.mediation.papers import NOT_GIVEN, Head, Signer
from services.mediation.rosters import roster
from shared.contracts.refusals import Conflict, Unavailable
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.room import Room

router = pages.router()


@router.get("/panels/{complaint_id}/agreement.pdf")
async def print_agreement(complaint_id: ComplaintId, room: InRoom, person: Acting, finder: Finding) -> Response:
    """The agreement to print and sign."""
    case, contents = await reading.opened(room, finder, person, complaint_id)
    round_, words = next(reversed(_rounds(case, contents)), (None, None))
    if round_ is None or words is None or round_.agreement is None:
        raise Conflict("no_agreement", "There is no agreement yet.")
    agreement, head = round_.agreement, await _head(room, case)
    opened = zip(agreement.points, words.points, strict=True)
    terms = [AgreedTerm(_text(point.text), agreed.due) for agreed, point in opened]
    paper = await asyncio.to_thread(
        agreement_pdf.agreement_paper,
        head,
        _parties(round_, words),
        terms,
        agreement.drafted_at,
        agreement.signed_at,
    )
    return _pdf(paper, "kesepakatan", head)


@router.get("/panels/{complaint_id}/sessions/{number}/minutes.pdf")
@router.get("/panels/{complaint_id}/visits/{number}/record.pdf")
async def print_minutes(
    complaint_id: ComplaintId, number: Number, room: InRoom, person: Acting, finder: Finding
) -> Response:
    """The minutes of a session, or the record of a visit, to print and sign."""
    case, contents = await reading.opened(room, finder, person, complaint_id)
    written = [
        (round_, words, session, opened)
        for round_, words in _rounds(case, contents)
        for session, opened in zip(round_.sessions, words.sessions, strict=True)
        if session.number == number and session.minutes is not None
    ]
    if not written:
        raise Conflict("no_minutes", "There are no minutes of that number.")
    (round_, words, session, opened) = written[0]
    meeting = Meeting(round_.kind, number, session.at, _text(opened.place), _text(opened.minutes))
    parties = _parties(round_, words, frozenset(session.absent))
    head = await _head(room, case)
    paper = await asyncio.to_thread(minutes_pdf.minutes_paper, head, meeting, parties)
    return _pdf(paper, f"notulen-{number}", head)


def _rounds(case: Case, contents: Contents) -> list[tuple[Round, OpenedRound]]:
    """Every try to settle the matter with its words, the newest last."""
    rounds = (*case.past_rounds, *((case.round,) if case.round else ()))
    return list(zip(rounds, contents.rounds, strict=True))


def _parties(round_: Round, words: OpenedRound, absent: frozenset[str] = frozenset()) -> list[Signer]:
    """Those who take part, by name. `absent`: who did not come."""
    named = zip(round_.parties, words.parties, strict=True)
    return [
        Signer(party.side, str((opened.words or {}).get("name", NOT_GIVEN)), party.id not in absent)
        for party, opened in named
        if party.consent == "agreed"
    ]


async def _head(room: Room, case: Case) -> Head:
    mediator = case.mediator.id if case.mediator else case.assignments[-1].mediator if case.assignments else ""
    officer = (await roster(room.mongo).get(case.polres, [mediator])).get(mediator)
    number = case.report.register_number if case.report else NOT_GIVEN
    return Head(room.settings.office, room.settings.zone, number, officer.name if officer else mediator)


def _text(words: Opened | None) -> str:
    """Raises Unavailable where it cannot be opened: a paper with a gap would be signed as if it were whole."""
    if words is None:
        raise Unavailable("unsealable", "What was written cannot be opened with the keys that are here.")
    return str(words["text"])


def _pdf(content: bytes, name: str, head: Head) -> Response:
    """A paper to save. Its name says whose it is: an officer has the papers of many matters in one folder."""
    number = re.sub(r"[^A-Za-z0-9]+", "-", head.register_number)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{number}.pdf"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="application/pdf", headers=headers)
