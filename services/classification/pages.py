"""What classifiers see and do on pages: the reports that wait, and the panel of one report."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from services.classification import deciding, grounds, queries
from services.classification.deciding import Change, Confirm
from services.classification.judgement import Judgement
from services.classification.queries import Wanted
from services.classification.rules import REVIEW_BELOW
from services.classification.wordings import (
    CAUTIONS,
    DAMPINGS,
    DECISIONS,
    MEDIATION,
    REFUSALS,
    SIGNALS,
    STATUSES,
    TRACKS,
    URGENCIES,
)
from shared import live
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Person
from shared.forms import LEFT_OPEN, FormAsking
from shared.gate import Acting
from shared.http import Ask, ComplaintId, InRoom
from shared.languages import language_of
from shared.names import categories
from shared.pages import Pages, Sent
from shared.room import Room

pages = Pages("classification", REFUSALS)
router = pages.router()

SHOWN = 100  # reports on a page; those behind them are less urgent
_WORDS: dict[str, Any] = {
    "cautions": CAUTIONS,
    "dampings": DAMPINGS,
    "decisions": DECISIONS,
    "mediation": MEDIATION,
    "signals": SIGNALS,
    "statuses": STATUSES,
    "tracks": TRACKS,
    "urgencies": URGENCIES,
    "unsure_below": REVIEW_BELOW,
}
Why = Literal[
    "terrorism",
    "guard_rail",
    "urgent_though_past",
    "unrecognised",
    "low_confidence",
    "text_cut",
    "reopened",
    "mediation_failed",
    "referral_declined",
    "not_misconduct",
]


def wanted(
    urgency: Annotated[Urgency | None, LEFT_OPEN, Query()] = None,
    track: Annotated[Track | None, LEFT_OPEN, Query()] = None,
    why: Annotated[Why | None, LEFT_OPEN, Query()] = None,
) -> Wanted:
    """What the list is narrowed to."""
    return Wanted(urgency, track, why)


Category = Annotated[str, Query(max_length=64)]
Filtered = Annotated[Wanted, Depends(wanted)]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, filtered: Filtered) -> Response:
    """The reports that wait for a classifier; the filter stays in the address."""
    return await _worklist(request, room, person, filtered, "worklist.html")


@router.get("/worklist/rows")
async def rows(request: Request, room: InRoom, person: Acting, filtered: Filtered) -> Response:
    """The list alone, for a page that brings itself up to date."""
    return await _worklist(request, room, person, filtered, "classification/rows.html")


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""

    async def look() -> object:
        found = await queries.review_queue(room.store(), person, SHOWN)
        return [(document.id, document.version) for document in found]

    return live.changes(request, look)


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many reports wait, for the desk."""
    found = [queries.case_of(one) for one in await queries.review_queue(room.store(), person, 200)]
    urgent = sum(case.lane == "urgent" for case in found)
    since = min((case.since for case in found), default=None)
    return pages.show(request, "classification/summary.html", waiting=len(found), urgent=urgent, since=since)


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """What is proposed or in force, and what can be decided."""
    return await _panel(request, room, person, complaint_id)


@router.get("/panels/{complaint_id}/grounds")
async def grounds_of(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """The report with the words that led to its classification, opened for a reason."""
    case = await queries.visible_case(room.store(), person, complaint_id)
    opened = grounds.opened(room.vault, _judgement(request), complaint_id, case)
    return pages.show(request, "classification/grounds.html", opened=opened, **_WORDS)


@router.get("/panels/{complaint_id}/choice")
async def choice(
    request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, category: Category = ""
) -> Response:
    """Urgency and tracks as the taxonomy has them for another category."""
    case = await queries.visible_case(room.store(), person, complaint_id)
    chosen = _judgement(request).choice(category, None, None, in_progress=case.report.in_progress)
    return pages.show(request, "classification/choice.html", chosen=chosen, sent=Sent(), **_WORDS)


@router.post("/panels/{complaint_id}/confirm")
async def confirm(request: Request, complaint_id: ComplaintId, person: Acting, ask: FormAsking) -> Response:
    """What is proposed is right."""

    async def do(body: Confirm) -> None:
        await deciding.confirm(ask, person, complaint_id, body)

    return await pages.act(request, Confirm, do, _again(request, person, ask, complaint_id, "confirm"))


@router.post("/panels/{complaint_id}/change")
async def change(request: Request, complaint_id: ComplaintId, person: Acting, ask: FormAsking) -> Response:
    """Otherwise than proposed."""

    async def do(body: Change) -> None:
        await deciding.change(ask, _judgement(request), person, complaint_id, body)

    return await pages.act(request, Change, do, _again(request, person, ask, complaint_id, "change"))


def _judgement(request: Request) -> Judgement:
    judgement: Judgement = request.app.state.judgement
    return judgement


async def _worklist(request: Request, room: Room, person: Person, filtered: Wanted, template: str) -> Response:
    found = await queries.review_queue(room.store(), person, SHOWN, filtered)
    waiting = [(document.id, queries.case_of(document)) for document in found]
    asked = request.url.query
    return pages.show(request, template, waiting=waiting, wanted=filtered, asked=asked, **_WORDS)


async def _panel(
    request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent(), form: str = ""
) -> Response:
    document = await queries.visible(room.store(), person, complaint)
    case = queries.case_of(document)
    is_decided = case.in_force is not None and case.status in ("classified", "ended")
    return pages.show(
        request,
        "classification/panel.html",
        sent.status,
        complaint=complaint,
        version=document.version,
        case=case,
        chosen=case.in_force if is_decided else case.proposal.classification,
        is_decided=is_decided,
        categories=categories(room.settings, language_of(request)),
        sent=sent,
        of=lambda name: sent if name == form else Sent(),
        **_WORDS,
    )


def _again(
    request: Request, person: Person, ask: Ask, complaint: str, form: str
) -> Callable[[Sent], Awaitable[Response]]:
    """Shows the panel after one of its forms was sent."""
    return lambda sent: _panel(request, ask.room, person, complaint, sent, form)
