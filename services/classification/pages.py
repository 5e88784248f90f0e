"""What classifiers see and do on pages: the reports that wait, and the panel of one report."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import Field

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
)
from shared import live
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Person
from shared.forms import LEFT_OPEN
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.languages import language_of
from shared.names import categories
from shared.pages import Pages, Sent
from shared.panels import FIRST, PanelForm
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


def _wanted(
    urgency: Annotated[Urgency | None, LEFT_OPEN, Query()] = None,
    track: Annotated[Track | None, LEFT_OPEN, Query()] = None,
    why: Annotated[Why | None, LEFT_OPEN, Query()] = None,
) -> Wanted:
    """What the list is narrowed to."""
    return Wanted(urgency, track, why)


class Chosen(Change):
    """What the form says. A program may leave tracks to the category; a form without a tick says that none is right."""

    tracks: tuple[Track, ...] = Field(min_length=1, max_length=6)


Category = Annotated[str, Query(max_length=64)]
Filtered = Annotated[Wanted, Depends(_wanted)]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, wanted: Filtered) -> Response:
    """The reports that wait for a classifier; the filter stays in the address."""
    found = await queries.review_queue(room.store(), person, SHOWN, wanted)
    waiting = [(document.id, queries.case_of(document)) for document in found]
    rows = "classification/rows.html"
    return pages.show(request, "worklist.html", fragment=rows, waiting=waiting, wanted=wanted, **_WORDS)


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""
    return live.list_changes(request, lambda: queries.review_queue(room.store(), person, SHOWN))


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many reports wait and which come first, for the desk."""
    documents = await queries.review_queue(room.store(), person, 200)
    found = [queries.case_of(document) for document in documents]
    first = [
        {"complaint": document.id, "register_number": case.report.register_number, "case": case}
        for document, case in zip(documents[:FIRST], found, strict=False)
    ]
    urgent = sum(case.lane == "urgent" for case in found)
    since = min((case.since for case in found), default=None)
    return pages.show(
        request, "classification/summary.html", waiting=len(found), urgent=urgent, since=since, first=first
    )


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
    own = _judgement(request).choice(category, None, None, in_progress=case.report.in_progress)
    typed = {"urgency": own.urgency, "tracks": own.tracks}
    return pages.show(request, "classification/choice.html", typed=typed, errors={}, rule=own.mediation, **_WORDS)


@router.post("/panels/{complaint_id}/confirm")
async def confirm(form: PanelForm) -> Response:
    """What is proposed is right."""
    return await form.act(pages, Confirm, lambda body: deciding.confirm(*form.whose, body), _panel)


@router.post("/panels/{complaint_id}/change")
async def change(request: Request, form: PanelForm) -> Response:
    """Otherwise than proposed."""
    judgement = _judgement(request)
    return await form.act(pages, Chosen, lambda body: deciding.change(*form.whose, judgement, body), _panel)


def _judgement(request: Request) -> Judgement:
    judgement: Judgement = request.app.state.judgement
    return judgement


async def _panel(request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent()) -> Response:
    document = await queries.visible(room.store(), person, complaint)
    case = queries.case_of(document)
    is_decided = case.in_force is not None and case.status in ("classified", "ended")
    chosen = (case.in_force if is_decided else None) or case.proposal.classification
    taxonomy, typed = _judgement(request).taxonomy, sent.typed.get("category")
    return pages.show(
        request,
        "classification/panel.html",
        sent.status,
        complaint=complaint,
        version=document.version,
        case=case,
        chosen=chosen,
        rule=taxonomy[typed].mediation if typed and typed in taxonomy else chosen.mediation,
        is_decided=is_decided,
        categories=categories(room.settings, language_of(request)),
        sent=sent,
        **_WORDS,
    )
