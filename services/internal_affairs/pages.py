"""What the officers of the sealed desk see and do on pages. For everybody else none of it exists."""

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
    ENTRIES,
    HAPPENINGS,
    OFFICES,
    OUTCOMES,
    PURPOSES,
    REFUSALS,
    STATUSES,
)
from shared import live
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Invalid
from shared.forms import LEFT_OPEN, Nothing
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.pages import Pages, Sent
from shared.panels import FIRST, PanelForm
from shared.room import Room

pages = Pages("internal_affairs", REFUSALS)
router = pages.router()

SHOWN = 100  # complaints on a page; those behind them came later
_DECIDES = "POST /internal_affairs/panels/{complaint_id}/result"  # whoever may use it heads the desk
_WORDS: dict[str, Any] = {
    "entry_words": ENTRIES,
    "happenings": HAPPENINGS,
    "offices": OFFICES,
    "outcomes": OUTCOMES,
    "purposes": PURPOSES,
    "statuses": STATUSES,
}
Overdue = Annotated[bool | None, LEFT_OPEN, Query()]
Purpose = Annotated[str | None, Header(alias="Access-Reason")]
InForce = Annotated[Procedure, Depends(procedure_of)]


def _desk(form: PanelForm, procedure: InForce) -> Desk:
    return Desk(form.ask, procedure, form.person, form.complaint)


AtDesk = Annotated[Desk, Depends(_desk)]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, overdue: Overdue = None) -> Response:
    """The open complaints of the desk; the filter stays in the address."""
    found = await _listed(room, person, is_late=bool(overdue), limit=SHOWN)
    rows = "internal_affairs/rows.html"
    return pages.show(request, "worklist.html", fragment=rows, found=found, is_late=bool(overdue), **_WORDS)


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""
    return live.list_changes(request, lambda: queries.worklist(room, person, None, SHOWN))


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many complaints are open, what is late and what comes first, for the desk."""
    found = await _listed(room, person, is_late=False, limit=200)
    mine = sum(row.examiner == person.id for row in found)
    late = sum(row.overdue for row in found)
    first = sorted(found, key=lambda row: not row.overdue)[:FIRST]
    return pages.show(request, "internal_affairs/summary.html", opened=len(found), mine=mine, late=late, first=first)


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
) -> Response:
    """The sealed words, opened for a purpose, which the case keeps."""
    await queries.visible(ask.room, person, complaint_id)
    if purpose is None or purpose not in PURPOSES:
        raise Invalid("reason_missing", "Say what it is read for.", "Access-Reason")
    opened = await Desk(ask, procedure, person, complaint_id).read(purpose)
    return pages.show(request, "internal_affairs/contents.html", contents=opened, **_WORDS)


@router.post("/panels/{complaint_id}/steps")
async def check(form: PanelForm, at: AtDesk) -> Response:
    """A step of the completeness check."""
    return await form.act(pages, CheckStep, at.check, _panel)


@router.post("/panels/{complaint_id}/examiner")
async def examine(form: PanelForm, at: AtDesk) -> Response:
    """The complaint goes to an examiner."""
    return await form.act(pages, NamedExaminer, at.examine, _panel)


@router.post("/panels/{complaint_id}/findings")
async def find(form: PanelForm, at: AtDesk) -> Response:
    """The examiner puts a finding on file."""
    return await form.act(pages, Found, at.find, _panel)


@router.post("/panels/{complaint_id}/letters")
async def write(form: PanelForm, at: AtDesk) -> Response:
    """A letter goes to the reporter."""
    return await form.act(pages, Words, at.write, _panel)


@router.post("/panels/{complaint_id}/conflicts")
async def name_conflicts(form: PanelForm, at: AtDesk) -> Response:
    """The complaint is about somebody else too, and from now on hidden from them."""
    return await form.act(pages, FoundConflicts, at.name_conflicts, _panel)


@router.post("/panels/{complaint_id}/result")
async def conclude(form: PanelForm, at: AtDesk) -> Response:
    """How it ends; the reporter is told."""
    return await form.act(pages, ConductResult, at.conclude, _panel)


@router.post("/panels/{complaint_id}/forwarding")
async def forward(form: PanelForm, at: AtDesk) -> Response:
    """It goes to the office above."""
    return await form.act(pages, Words, at.forward, _panel)


@router.post("/panels/{complaint_id}/return")
async def give_back(form: PanelForm, at: AtDesk) -> Response:
    """It is not about the police after all."""
    return await form.act(pages, GivenBack, at.give_back, _panel)


@router.post("/panels/{complaint_id}/join")
async def join(form: PanelForm, at: AtDesk) -> Response:
    """It goes on in the earlier complaint."""
    return await form.act(pages, Nothing, lambda _: at.join(), _panel)


async def _listed(room: Room, person: Person, *, is_late: bool, limit: int) -> list[views.CaseRow]:
    now = room.clock()
    found = await queries.worklist(room, person, now if is_late else None, limit)
    return [views.row(document.id, document.version, document.case, now) for document in found if document.case]


async def _panel(request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent()) -> Response:
    try:
        version, case = await queries.visible(room, person, complaint)
    except Absent:
        if not sent.done:
            raise
        # What was done took the complaint away from whoever did it.
        return pages.show(request, "internal_affairs/gone.html")
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
        **_WORDS,
    )
