"""What officers see and do on pages: the reports that wait, and the panel of one report."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse

from services.verification import judging, queries, reading, views
from services.verification.checks import CheckName
from services.verification.gathering import look_again
from services.verification.judging import Clarification, Linking, Rejection
from services.verification.settings import settings_of
from services.verification.wordings import CHECKS, HAPPENINGS, MISSING, REASONS, REFUSALS, REJECTIONS, STATUSES
from shared import live
from shared.contracts.envelope import Person
from shared.forms import LEFT_OPEN, Nothing
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.pages import Pages, Sent
from shared.panels import FIRST, PanelForm
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
Held = Annotated[CheckName | None, LEFT_OPEN, Query()]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, check: Held = None) -> Response:
    """The reports that wait for an officer; the filter stays in the address."""
    found = await queries.worklist(room.store(), person, check, SHOWN)
    waiting = [views.waiting(document.id, document.case, document.version) for document in found if document.case]
    rows = "verification/rows.html"
    return pages.show(request, "worklist.html", fragment=rows, waiting=waiting, check=check, **_WORDS)


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""
    return live.list_changes(request, lambda: queries.worklist(room.store(), person, None, SHOWN))


@router.get("/areas")
async def areas(room: InRoom) -> Response:
    """The villages' outlines, for every map."""
    return FileResponse(settings_of(room).jurisdiction_file, media_type="application/geo+json")


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many reports wait and which come first, for the desk."""
    found = await queries.worklist(room.store(), person, None, 200)
    urgent = sum(document.case.lane == "urgent" for document in found if document.case)
    first = [views.waiting(document.id, document.case, document.version) for document in found[:FIRST] if document.case]
    return pages.show(request, "verification/summary.html", waiting=len(found), urgent=urgent, first=first)


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
async def verify(form: PanelForm) -> Response:
    """The report is fit to be acted on."""
    return await form.act(pages, Nothing, lambda _: judging.verify(*form.whose), _panel)


@router.post("/panels/{complaint_id}/reject")
async def reject(form: PanelForm) -> Response:
    """The report ends here."""
    return await form.act(pages, Rejection, lambda body: judging.reject(*form.whose, body), _panel)


@router.post("/panels/{complaint_id}/clarify")
async def clarify(form: PanelForm) -> Response:
    """The reporter is asked for what is missing."""
    return await form.act(pages, Clarification, lambda body: judging.clarify(*form.whose, body), _panel)


@router.post("/panels/{complaint_id}/link")
async def link(form: PanelForm) -> Response:
    """An earlier complaint tells of the same incident."""
    return await form.act(pages, Linking, lambda body: judging.link(*form.whose, body), _panel)


async def _panel(request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent()) -> Response:
    case, version = await queries.one(room.store(), person, complaint)
    view = views.whole(complaint, await look_again(room, person, case), version)
    return pages.show(request, "verification/panel.html", sent.status, case=view, sent=sent, **_WORDS)
