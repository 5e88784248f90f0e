"""What officers see of investigation: the cases that wait for them, and how many, for their desk."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from services.investigation import board, queries, rosters, views, wordings
from services.investigation.queries import Documents, Wanted
from services.investigation.wordings import REFUSALS
from shared import live
from shared.contracts.complaint import Urgency
from shared.contracts.envelope import Person
from shared.forms import LEFT_OPEN
from shared.gate import Acting
from shared.http import InRoom
from shared.pages import Pages
from shared.panels import FIRST
from shared.room import Room
from shared.rosters import NO
from shared.text import Line

pages = Pages("investigation", REFUSALS)
router = pages.router()

SHOWN = 200  # cases on a page; those behind them are due later
LEADERS = frozenset({"detective", "unit_head", "chief"})
WORDS: dict[str, Any] = {
    "statuses": wordings.STATUSES,
    "positions": wordings.POSITIONS,
    "milestone_words": wordings.MILESTONES,
    "letter_words": wordings.LETTERS,
    "difficulties": wordings.DIFFICULTIES,
    "outcomes": wordings.OUTCOMES,
    "reasons": wordings.REASONS,
    "conditions": wordings.CONDITIONS,
    "handing_over": wordings.HANDING_OVER,
    "evidence_words": wordings.EVIDENCE,
    "custody_words": wordings.CUSTODY,
    "sortie_words": wordings.SORTIES,
    "result_words": wordings.RESULTS,
    "patrol_words": wordings.PATROLS,
    "posts": wordings.POSTS,
    "happenings": wordings.HAPPENINGS,
    "entry_fields": wordings.ENTRY_FIELDS,
}


def _wanted(
    overdue: bool = False,
    unassigned: bool = False,
    unit: Annotated[Line | None, LEFT_OPEN, Query()] = None,
    urgency: Annotated[Urgency | None, LEFT_OPEN, Query()] = None,
) -> Wanted:
    return Wanted(overdue, unassigned, unit, urgency)


Filtered = Annotated[Wanted, Depends(_wanted)]


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting, wanted: Filtered) -> Response:
    """The open cases of whoever asks; the filter stays in the address."""
    now = room.clock()
    found = await queries.worklist(room, person, wanted, now, SHOWN)
    return pages.show(
        request,
        "worklist.html",
        fragment="investigation/rows.html",
        rows=views.rows(found, now),
        rings_here=board.is_on(person),
        ringing_orders=await board.ringing(room, person),
        named=await named(room, _detectives(found)),
        late=await queries.late(room, person, now),
        soon=now + timedelta(days=1),
        wanted=wanted,
        units=await _units(room, person),
        **WORDS,
    )


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed, something on it has become late, or a patrol is not acknowledged."""

    async def look() -> object:
        now = room.clock()
        found = await queries.worklist(room, person, Wanted(), now, SHOWN)
        listed = [(document.id, document.version) for document in found]
        return listed, await queries.late(room, person, now), await board.ringing(room, person)

    return live.changes(request, look)


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many cases wait and which come first, for the desk; who sends or crews patrols sees there what rings."""
    led: dict[str, Any] | None = None
    if not person.roles.isdisjoint(LEADERS):
        now = room.clock()
        documents = await queries.worklist(room, person, Wanted(), now, SHOWN)
        found = [document.case for document in documents if document.case]
        led = {
            "first": views.rows(documents[:FIRST], now),
            "open": len(found),
            "late": await queries.late(room, person, now),
            "urgent": sum(case.urgency == "P1" for case in found),
            "unassigned": sum(case.detective_search is not None for case in found),
        }
    orders = await board.of(room, person) if board.is_on(person) else None
    return pages.show(request, "investigation/summary.html", led=led, orders=orders, **WORDS)


async def named(room: Room, ids: Iterable[str]) -> dict[str, str]:
    """What people call officers and patrols, by their ids."""
    return await rosters.names(room.mongo, room.settings.polres, ids)


async def _units(room: Room, person: Person) -> list[str]:
    """The units whose cases the person may pick out."""
    officers = await rosters.officers(room.mongo).of([room.settings.polres], retired=NO)
    known = {unit for officer in officers for unit in officer.units}
    return sorted(known if "chief" in person.roles else known & person.units)


def _detectives(found: Documents) -> list[str]:
    return [document.case.detective.id for document in found if document.case and document.case.detective]
