"""What officers see and do on pages: the reports that wait, and the panel of one report."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse

from services.verification import judging, queries, reading, views
from services.verification.checks import CheckName
from services.verification.judging import Clarification, Linking, Rejection
from services.verification.settings import settings_of
from services.verification.wordings import CHECKS, HAPPENINGS, MISSING, REASONS, REFUSALS, REJECTIONS, STATUSES
from shared import forms, live
from shared.contracts.envelope import Person
from shared.forms import FormAsking
from shared.gate import Acting
from shared.http import Ask, ComplaintId, InRoom
from shared.pages import Pages, Sent
from shared.room import Room

pages = Pages("verification", REFUSALS)
router = pages.router()

SHOWN = 100  # reports on a page; those behind them wait less long
_WORDS: dict[str, Any] = {
    "checks": CHECKS,
    "happenings": HAPPENINGS,
    "missing_words": MISSING,
    "reasons": REASONS,
    "rejections": REJECTIONS,
    "statuses": STATUSES,
}
Held = Annotated[CheckName | None, Query(alias="check"), forms.LEFT_OPEN]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, check: Held = None) -> Response:
    """The reports that wait for an officer; the filter stays in the address."""
    return await _worklist(request, room, person, check, "worklist.html")


@router.get("/worklist/rows")
async def rows(request: Request, room: InRoom, person: Acting, check: Held = None) -> Response:
    """The list alone, for a page that brings itself up to date."""
    return await _worklist(request, room, person, check, "verification/rows.html")


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""

    async def look() -> object:
        found = await queries.worklist(room.store(), person, None, 100)
        return [(document.id, document.version) for document in found]

    return live.changes(request, look)


@router.get("/areas")
async def areas(room: InRoom) -> Response:
    """The villages' outlines, for every map."""
    return FileResponse(settings_of(room).jurisdiction_file, media_type="application/geo+json")


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many reports wait, for the desk."""
    found = await queries.worklist(room.store(), person, None, 200)
    urgent = sum(document.case.lane == "urgent" for document in found if document.case)
    return pages.show(request, "verification/summary.html", waiting=len(found), urgent=urgent)


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """A report with its checks and their reasons, and what can be decided."""
    return await _panel(request, room, person, complaint_id)


@router.get("/panels/{complaint_id}/narrative")
async def narrative(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """What the reporter told, opened for a reason."""
    case, _ = await queries.one(room.store(), person, complaint_id)
    told = reading.opened(room.vault, complaint_id, case)
    return pages.show(request, "verification/narrative.html", narrative=told)


@router.post("/panels/{complaint_id}/verify")
async def verify(request: Request, complaint_id: ComplaintId, person: Acting, ask: FormAsking) -> Response:
    """The report is fit to be acted on."""
    return await pages.act(
        request, None, lambda _: judging.verify(ask, person, complaint_id), _again(request, person, ask, complaint_id)
    )


@router.post("/panels/{complaint_id}/reject")
async def reject(request: Request, complaint_id: ComplaintId, person: Acting, ask: FormAsking) -> Response:
    """The report ends here."""

    async def do(body: Rejection) -> None:
        await judging.reject(ask, person, complaint_id, body)

    return await pages.act(request, Rejection, do, _again(request, person, ask, complaint_id))


@router.post("/panels/{complaint_id}/clarify")
async def clarify(request: Request, complaint_id: ComplaintId, person: Acting, ask: FormAsking) -> Response:
    """The reporter is asked for what is missing."""

    async def do(body: Clarification) -> None:
        await judging.clarify(ask, person, complaint_id, body)

    return await pages.act(request, Clarification, do, _again(request, person, ask, complaint_id))


@router.post("/panels/{complaint_id}/link")
async def link(request: Request, complaint_id: ComplaintId, person: Acting, ask: FormAsking) -> Response:
    """An earlier complaint tells of the same incident."""

    async def do(body: Linking) -> None:
        await judging.link(ask, person, complaint_id, body)

    return await pages.act(request, Linking, do, _again(request, person, ask, complaint_id))


async def _worklist(request: Request, room: Room, person: Person, check: CheckName | None, template: str) -> Response:
    found = await queries.worklist(room.store(), person, check, SHOWN)
    waiting = [views.waiting(document.id, document.case, document.version) for document in found if document.case]
    return pages.show(request, template, waiting=waiting, check=check, **_WORDS)


async def _panel(request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent()) -> Response:
    case, version = await queries.one(room.store(), person, complaint)
    view = views.whole(complaint, case, version)
    return pages.show(request, "verification/panel.html", sent.status, case=view, sent=sent, **_WORDS)


def _again(request: Request, person: Person, ask: Ask, complaint: str) -> Callable[[Sent], Awaitable[Response]]:
    """Shows the panel after something was tried there."""
    return lambda sent: _panel(request, ask.room, person, complaint, sent)
