"""What the officers of the sealed desk see and do on pages. For everybody else none of it exists."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response

from services.internal_affairs import examiners, queries, views
from services.internal_affairs.case import MOVES, OPEN
from services.internal_affairs.deciding import (
    CheckStep,
    ConductResult,
    Desk,
    Found,
    FoundConflicts,
    GivenBack,
    NamedExaminer,
    Words,
    procedure_of,
)
from services.internal_affairs.procedure import Procedure
from services.internal_affairs.wordings import (
    CHANNELS,
    ENTRIES,
    HAPPENINGS,
    IDENTITIES,
    OFFICES,
    OUTCOMES,
    PURPOSES,
    REFUSALS,
    STATUSES,
)
from shared import live
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Invalid
from shared.forms import LEFT_OPEN, FormAsking
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.pages import Pages, Sent
from shared.room import Room

pages = Pages("internal_affairs", REFUSALS)
router = pages.router()

SHOWN = 100  # complaints on a page; those behind them came later
_DECIDES = "POST /internal_affairs/panels/{complaint_id}/result"  # whoever may use it heads the desk
_WORDS: dict[str, Any] = {
    "channels": CHANNELS,
    "entry_words": ENTRIES,
    "happenings": HAPPENINGS,
    "identities": IDENTITIES,
    "offices": OFFICES,
    "outcomes": OUTCOMES,
    "purposes": PURPOSES,
    "statuses": STATUSES,
}
Overdue = Annotated[bool | None, LEFT_OPEN, Query()]
Purpose = Annotated[str | None, Header(alias="Access-Reason")]
Shown = Annotated[int | None, LEFT_OPEN, Query()]
InForce = Annotated[Procedure, Depends(procedure_of)]


def _desk(ask: FormAsking, person: Acting, complaint_id: ComplaintId, procedure: InForce) -> Desk:
    return Desk(ask, procedure, person, complaint_id)


AtDesk = Annotated[Desk, Depends(_desk)]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, overdue: Overdue = None) -> Response:
    """The open complaints of the desk; the filter stays in the address."""
    return await _worklist(request, room, person, bool(overdue), "worklist.html")


@router.get("/worklist/rows")
async def rows(request: Request, room: InRoom, person: Acting, overdue: Overdue = None) -> Response:
    """The list alone, for a page that brings itself up to date."""
    return await _worklist(request, room, person, bool(overdue), "internal_affairs/rows.html")


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""

    async def look() -> object:
        found = await queries.worklist(room, person, None, SHOWN)
        return [(document.id, document.version) for document in found]

    return live.changes(request, look)


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many complaints are open and what is late, for the desk."""
    found = await _listed(room, person, is_late=False, limit=200)
    mine = sum(row.examiner == person.id for row in found)
    late = sum(row.overdue for row in found)
    return pages.show(request, "internal_affairs/summary.html", opened=len(found), mine=mine, late=late)


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """A complaint with its course, and what can be done with it."""
    return await _panel(request, room, person, complaint_id)


@router.get("/panels/{complaint_id}/contents")
async def contents(
    request: Request,
    complaint_id: ComplaintId,
    ask: Asking,
    person: Acting,
    procedure: InForce,
    purpose: Purpose = None,
    version: Shown = None,
) -> Response:
    """The sealed words, opened for a purpose, which the case keeps. That makes a new version of the case: the panel's
    forms go on with it, unless something else has changed since the panel was shown."""
    at = Desk(ask, procedure, person, complaint_id)
    await queries.visible(ask.room, person, complaint_id)
    if purpose is None or purpose not in PURPOSES:
        raise Invalid("reason_missing", "Say what it is read for.", "Access-Reason")
    now, opened = await at.read(purpose)
    goes_on = now if version is not None and now == version + 1 else None
    return pages.show(request, "internal_affairs/contents.html", contents=opened, goes_on=goes_on, **_WORDS)


@router.post("/panels/{complaint_id}/steps")
async def check(request: Request, at: AtDesk) -> Response:
    """A step of the completeness check."""
    return await pages.act(request, CheckStep, at.check, _again(request, at, "steps"))


@router.post("/panels/{complaint_id}/examiner")
async def examine(request: Request, at: AtDesk) -> Response:
    """The complaint goes to an examiner."""
    return await pages.act(request, NamedExaminer, at.examine, _again(request, at, "examiner"))


@router.post("/panels/{complaint_id}/findings")
async def find(request: Request, at: AtDesk) -> Response:
    """The examiner puts a finding on file."""
    return await pages.act(request, Found, at.find, _again(request, at, "findings"))


@router.post("/panels/{complaint_id}/letters")
async def write(request: Request, at: AtDesk) -> Response:
    """A letter goes to the reporter."""
    return await pages.act(request, Words, at.write, _again(request, at, "letters"))


@router.post("/panels/{complaint_id}/conflicts")
async def name_conflicts(request: Request, at: AtDesk) -> Response:
    """The complaint is about somebody else too, and from now on hidden from them."""
    return await pages.act(request, FoundConflicts, at.name_conflicts, _again(request, at, "conflicts"))


@router.post("/panels/{complaint_id}/result")
async def conclude(request: Request, at: AtDesk) -> Response:
    """How it ends; the reporter is told."""
    return await pages.act(request, ConductResult, at.conclude, _again(request, at, "result"))


@router.post("/panels/{complaint_id}/forwarding")
async def forward(request: Request, at: AtDesk) -> Response:
    """It goes to the office above."""
    return await pages.act(request, Words, at.forward, _again(request, at, "forwarding"))


@router.post("/panels/{complaint_id}/return")
async def give_back(request: Request, at: AtDesk) -> Response:
    """It is not about the police after all."""
    return await pages.act(request, GivenBack, at.give_back, _again(request, at, "return"))


@router.post("/panels/{complaint_id}/join")
async def join(request: Request, at: AtDesk) -> Response:
    """It goes on in the earlier complaint."""
    return await pages.act(request, None, lambda _: at.join(), _again(request, at, "join"))


async def _listed(room: Room, person: Person, *, is_late: bool, limit: int) -> list[views.CaseRow]:
    now = room.clock()
    found = await queries.worklist(room, person, now if is_late else None, limit)
    return [views.row(document.id, document.version, document.case, now) for document in found if document.case]


async def _worklist(request: Request, room: Room, person: Person, is_late: bool, template: str) -> Response:
    found = await _listed(room, person, is_late=is_late, limit=SHOWN)
    return pages.show(request, template, found=found, is_late=is_late, asked=request.url.query, **_WORDS)


async def _panel(
    request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent(), form: str = ""
) -> Response:
    version, case = await queries.visible(room, person, complaint)
    heads = not person.roles.isdisjoint(request.app.state.rules[_DECIDES].may)
    return pages.show(
        request,
        "internal_affairs/panel.html",
        sent.status,
        case=views.view(complaint, version, case, room.clock()),
        own_desk=room.settings.polres,
        heads=heads,
        roster=[(one.id, one.id) for one in await examiners.of(room.mongo, person)] if heads else [],
        is_open=case.status in OPEN,
        can=lambda move: case.status in OPEN and (case.position, move) in MOVES,
        sent=sent,
        of=lambda name: sent if name == form else Sent(),
        **_WORDS,
    )


def _again(request: Request, at: Desk, form: str) -> Callable[[Sent], Awaitable[Response]]:
    """Shows the panel after one of its forms was sent; what was done may have taken the complaint away from whoever
    did it."""

    async def show(sent: Sent) -> Response:
        try:
            return await _panel(request, at.room, at.person, at.complaint, sent, form)
        except Absent:
            if not sent.done:
                raise
            return pages.show(request, "internal_affairs/gone.html", HTTPStatus.OK)

    return show
