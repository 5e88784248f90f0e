"""What referral's officers see and do on pages: the referrals that run, and the panel of one. The chief reads."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.referral import directing, queries, views
from services.referral.agencies import Agency
from services.referral.agency_api import AtDesk, desk_of
from services.referral.case import OPEN
from services.referral.directing import NamedAgency
from services.referral.queries import Listed
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
)
from shared import live
from shared.contracts.envelope import Person
from shared.contracts.refusals import Conflict
from shared.forms import LEFT_OPEN, Nothing
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.pages import Pages, Sent
from shared.panels import FIRST, PanelForm
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
    "outcomes": OUTCOMES,
    "reasons": REASONS,
    "statuses": STATUSES,
    "steps": STEPS,
}
What = Annotated[Listed | None, LEFT_OPEN, Query()]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, desk: AtDesk, what: What = None) -> Response:
    """The referrals of a kind; the filter stays in the address."""
    what = what or "open"
    return pages.show(
        request,
        "worklist.html",
        fragment="referral/rows.html",
        found=views.rows(await queries.worklist(room, person, what, SHOWN)),
        what=what,
        agency=_called(await desk.knowledge.registry.all()),
        now=room.clock(),
        **_WORDS,
    )


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting, what: What = None) -> Response:
    """Tells when the list has changed."""
    return live.list_changes(request, lambda: queries.worklist(room, person, what or "open", SHOWN))


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many agencies have not answered, what is late and what comes first, for the desk."""
    found = views.rows(await queries.worklist(room, person, "open", 200))
    return pages.show(
        request,
        "referral/summary.html",
        offered=sum(row.status == "offered" for row in found),
        accepted=sum(row.status == "accepted" for row in found),
        overdue=sum(row.overdue for row in found),
        first=found[:FIRST],
        now=room.clock(),
    )


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """Who has it, who was asked, and what they said."""
    return await _panel(request, room, person, complaint_id)


@router.get("/panels/{complaint_id}/contents")
async def contents(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, desk: AtDesk) -> Response:
    """What the reporter and the agencies wrote, opened for a reason."""
    opened = await directing.read(room, person, complaint_id)
    agency = _called(await desk.knowledge.registry.all())
    return pages.show(request, "referral/contents.html", contents=opened, agency=agency, **_WORDS)


@router.post("/panels/{complaint_id}/offers")
async def offer_to(form: PanelForm, desk: AtDesk) -> Response:
    """Another agency is asked."""
    return await form.act(pages, NamedAgency, lambda body: directing.offer_to(*form.whose, desk, body.agency), _panel)


@router.post("/panels/{complaint_id}/collaborators")
async def add_collaborator(form: PanelForm, desk: AtDesk) -> Response:
    """An agency helps whoever has it."""
    return await form.act(
        pages, NamedAgency, lambda body: directing.add_collaborator(*form.whose, desk, body.agency), _panel
    )


@router.post("/panels/{complaint_id}/collaborators/removal")
async def remove_collaborator(form: PanelForm, desk: AtDesk) -> Response:
    """An agency's part in it ends."""

    async def do(body: NamedAgency) -> None:
        _, case = await queries.visible(form.ask.room, form.person, form.complaint)
        if all(helper.agency != body.agency for helper in case.collaborators):
            raise Conflict("not_helping", "That agency does not help with this complaint.")
        await directing.remove_collaborator(*form.whose, desk, body.agency)

    return await form.act(pages, NamedAgency, do, _panel)


@router.post("/panels/{complaint_id}/resend")
async def send_again(form: PanelForm) -> Response:
    """The agency that has it is told once more."""
    return await form.act(pages, Nothing, lambda _: directing.send_again(*form.whose), _panel)


@router.post("/panels/{complaint_id}/return")
async def give_back(form: PanelForm, desk: AtDesk) -> Response:
    """Classification decides where it goes on."""
    return await form.act(pages, Nothing, lambda _: directing.give_back(*form.whose, desk), _panel)


async def _panel(request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent()) -> Response:
    version, case = await queries.visible(room, person, complaint)
    agencies = await desk_of(request).knowledge.registry.all()
    may = request.app.state.rules[_DIRECTS].may
    return pages.show(
        request,
        "referral/panel.html",
        sent.status,
        case=views.view(complaint, version, case),
        agencies=[(agency.slug, agency.name) for agency in agencies],
        agency=_called(agencies),
        may_direct=case.status in OPEN and not person.roles.isdisjoint(may),
        now=room.clock(),
        sent=sent,
        **_WORDS,
    )


def _called(agencies: Iterable[Agency]) -> Callable[[str], str]:
    """What people call an agency; its slug where it stands in the registry no more."""
    names = {agency.slug: agency.name for agency in agencies}
    return lambda slug: names.get(slug, slug)
