"""What referral's officers see and do on pages: the referrals that run, and the panel of one. The chief reads."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.referral import directing, queries, views
from services.referral.agencies import Agency
from services.referral.agency_api import AtDesk
from services.referral.case import OPEN
from services.referral.directing import NamedAgency
from services.referral.queries import Listed
from services.referral.replies import Desk
from services.referral.wordings import (
    ABOUT,
    LISTS,
    NOTICES,
    OFFERS,
    OUTCOMES,
    REASONS,
    REFUSALS,
    STATUSES,
    STEPS,
    URGENCIES,
)
from shared import live
from shared.contracts.envelope import Person
from shared.contracts.refusals import Conflict
from shared.forms import LEFT_OPEN, FormAsking
from shared.gate import Acting
from shared.http import Ask, ComplaintId, InRoom
from shared.pages import Pages, Sent
from shared.room import Room

pages = Pages("referral", REFUSALS)
router = pages.router()

SHOWN = 100  # referrals on a page; those behind them are less urgent
_DIRECTS = "POST /referral/panels/{complaint_id}/offers"  # whoever may use it may direct
_WORDS: dict[str, Any] = {
    "about": ABOUT,
    "lists": LISTS,
    "notices": NOTICES,
    "offer_states": OFFERS,
    "open_statuses": OPEN,
    "outcomes": OUTCOMES,
    "reasons": REASONS,
    "statuses": STATUSES,
    "steps": STEPS,
    "urgencies": URGENCIES,
}
What = Annotated[Listed | None, LEFT_OPEN, Query()]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, desk: AtDesk, what: What = None) -> Response:
    """The referrals of a kind; the filter stays in the address."""
    return await _worklist(request, room, person, desk, what or "open", "worklist.html")


@router.get("/worklist/rows")
async def rows(request: Request, room: InRoom, person: Acting, desk: AtDesk, what: What = None) -> Response:
    """The list alone, for a page that brings itself up to date."""
    return await _worklist(request, room, person, desk, what or "open", "referral/rows.html")


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting, what: What = None) -> Response:
    """Tells when the list has changed."""

    async def look() -> object:
        found = await queries.worklist(room, person, what or "open", SHOWN)
        return [(document.id, document.version) for document in found]

    return live.changes(request, look)


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many agencies have not answered, and what is late, for the desk."""
    found = views.rows(await queries.worklist(room, person, "open", 200))
    return pages.show(
        request,
        "referral/summary.html",
        offered=sum(row.status == "offered" for row in found),
        accepted=sum(row.status == "accepted" for row in found),
        overdue=sum(row.overdue for row in found),
    )


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, desk: AtDesk) -> Response:
    """Who has it, who was asked, and what they said."""
    return await _panel(request, room, person, desk, complaint_id)


@router.get("/panels/{complaint_id}/contents")
async def contents(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, desk: AtDesk) -> Response:
    """What the reporter and the agencies wrote, opened for a reason."""
    opened = await directing.read(room, person, complaint_id)
    names = _names(await _agencies(desk))
    return pages.show(request, "referral/contents.html", contents=opened, agency=_called(names), **_WORDS)


@router.post("/panels/{complaint_id}/offers")
async def offer_to(
    request: Request, complaint_id: ComplaintId, person: Acting, desk: AtDesk, ask: FormAsking
) -> Response:
    """Another agency is asked."""

    async def do(body: NamedAgency) -> None:
        await directing.offer_to(ask, desk, person, complaint_id, body.agency)

    return await pages.act(request, NamedAgency, do, _again(request, person, desk, ask, complaint_id, "offers"))


@router.post("/panels/{complaint_id}/collaborators")
async def add_collaborator(
    request: Request, complaint_id: ComplaintId, person: Acting, desk: AtDesk, ask: FormAsking
) -> Response:
    """An agency helps whoever has it."""

    async def do(body: NamedAgency) -> None:
        await directing.add_collaborator(ask, desk, person, complaint_id, body.agency)

    return await pages.act(request, NamedAgency, do, _again(request, person, desk, ask, complaint_id, "collaborators"))


@router.post("/panels/{complaint_id}/collaborators/removal")
async def remove_collaborator(
    request: Request, complaint_id: ComplaintId, person: Acting, desk: AtDesk, ask: FormAsking
) -> Response:
    """An agency's part in it ends."""

    async def do(body: NamedAgency) -> None:
        _, case = await queries.visible(ask.room, person, complaint_id)
        if all(helper.agency != body.agency for helper in case.collaborators):
            raise Conflict("not_helping", "That agency does not help with this complaint.")
        await directing.remove_collaborator(ask, desk, person, complaint_id, body.agency)

    return await pages.act(request, NamedAgency, do, _again(request, person, desk, ask, complaint_id, "removal"))


@router.post("/panels/{complaint_id}/resend")
async def send_again(
    request: Request, complaint_id: ComplaintId, person: Acting, desk: AtDesk, ask: FormAsking
) -> Response:
    """The agency that has it is told once more."""
    shown = _again(request, person, desk, ask, complaint_id, "resend")
    return await pages.act(request, None, lambda _: directing.send_again(ask, person, complaint_id), shown)


@router.post("/panels/{complaint_id}/return")
async def give_back(
    request: Request, complaint_id: ComplaintId, person: Acting, desk: AtDesk, ask: FormAsking
) -> Response:
    """Classification decides where it goes on."""
    shown = _again(request, person, desk, ask, complaint_id, "return")
    return await pages.act(request, None, lambda _: directing.give_back(ask, desk, person, complaint_id), shown)


async def _worklist(request: Request, room: Room, person: Person, desk: Desk, what: Listed, template: str) -> Response:
    found = views.rows(await queries.worklist(room, person, what, SHOWN))
    agency = _called(_names(await _agencies(desk)))
    return pages.show(
        request, template, found=found, what=what, agency=agency, asked=request.url.query, now=room.clock(), **_WORDS
    )


async def _panel(
    request: Request, room: Room, person: Person, desk: Desk, complaint: str, sent: Sent = Sent(), form: str = ""
) -> Response:
    version, case = await queries.visible(room, person, complaint)
    agencies = await _agencies(desk)
    may = request.app.state.rules[_DIRECTS].may
    return pages.show(
        request,
        "referral/panel.html",
        sent.status,
        case=views.view(complaint, version, case),
        agencies=[(agency.slug, agency.name) for agency in agencies],
        agency=_called(_names(agencies)),
        may_direct=case.status in OPEN and not person.roles.isdisjoint(may),
        now=room.clock(),
        sent=sent,
        of=lambda name: sent if name == form else Sent(),
        **_WORDS,
    )


def _again(
    request: Request, person: Person, desk: Desk, ask: Ask, complaint: str, form: str
) -> Callable[[Sent], Awaitable[Response]]:
    """Shows the panel after one of its forms was sent."""
    return lambda sent: _panel(request, ask.room, person, desk, complaint, sent, form)


async def _agencies(desk: Desk) -> tuple[Agency, ...]:
    return await desk.knowledge.registry.all()


def _names(agencies: tuple[Agency, ...]) -> Mapping[str, str]:
    return {agency.slug: agency.name for agency in agencies}


def _called(names: Mapping[str, str]) -> Callable[[str], str]:
    """What people call an agency; its slug where it stands in the registry no more."""
    return lambda slug: names.get(slug, slug)
