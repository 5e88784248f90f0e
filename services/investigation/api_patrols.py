"""Dispatches over HTTP: for the crews that are sent and for those who send them."""

from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.investigation import contents, queries, rosters, sorties, views
from services.investigation.acting import InProcedure, Limit, sealed, under
from services.investigation.case import PatrolResult
from services.investigation.consumers import till_sent
from services.investigation.finder import Finder
from shared.contracts.envelope import Lane
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.operation import Outcome
from shared.text import Paragraphs

router = APIRouter(prefix="/patrols/dispatches", tags=["dispatches"])

URGENT: Final[Lane] = "urgent"


class ClearedScene(BaseModel):
    model_config = ConfigDict(extra="forbid")

    result: PatrolResult
    note: Paragraphs | None = None


class Sent(BaseModel):
    """How it stands with the patrol of a complaint."""

    complaint: str
    patrol: str | None
    state: str | None
    waiting: bool


@router.get("")
async def list_dispatches(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """The complaints that the acting crew is sent to."""
    return views.rows(await queries.dispatches(room, person, limit), room.clock())


@router.get("/board")
async def list_all_dispatches(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """Every complaint that a patrol is sent to or that waits for one."""
    return views.rows(await queries.waiting_for_patrol(room, person, limit), room.clock())


@router.get("/{complaint}/orders")
async def read_orders(room: InRoom, person: Acting, complaint: ComplaintId) -> contents.Orders:
    """What happens and where, for the crew that is sent. That it was read is kept."""
    case = await queries.crewed(room, person, complaint)
    await rosters.record_reading(room.mongo, complaint, person.id, "orders", room.clock())
    return contents.open_orders(room.vault, complaint, case)


@router.post("/{complaint}/acknowledge")
async def acknowledge(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """The crew has read its orders and is on its way."""
    return _sent(
        complaint, await ask(complaint, None, under(procedure, sorties.acknowledge), actor=person, lane=URGENT)
    )


@router.post("/{complaint}/arrive")
async def arrive(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """The crew is on the scene."""
    return _sent(complaint, await ask(complaint, None, under(procedure, sorties.arrive), actor=person, lane=URGENT))


@router.post("/{complaint}/clear")
async def clear(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: ClearedScene
) -> Sent:
    """The crew has done its part and is free."""
    report = sorties.Report(body.result, sealed(ask.room, "narrative", complaint, body.note))
    return _sent(complaint, await ask(complaint, report, under(procedure, sorties.clear), actor=person, lane=URGENT))


@router.post("/{complaint}/stand-down")
async def stand_down(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """Calls the patrol off, or ends the search for one."""
    return _sent(complaint, await ask(complaint, None, under(procedure, sorties.stand_down), actor=person, lane=URGENT))


@router.post("/{complaint}/send")
async def send(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """Has a patrol looked for once more after the last has left or was called off."""
    gather = Finder(ask.room, procedure).whom(sorties.wanted_again)
    decide = under(procedure, sorties.send)
    outcome = await till_sent(lambda: ask(complaint, None, decide, actor=person, gather=gather, lane=URGENT))
    return _sent(complaint, outcome)


def _sent(complaint: str, outcome: Outcome) -> Sent:
    sortie = outcome.case.dispatch.sorties[-1] if outcome.case.dispatch and outcome.case.dispatch.sorties else None
    return Sent(
        complaint=complaint,
        patrol=sortie.patrol if sortie else None,
        state=sortie.state if sortie else None,
        waiting=outcome.case.searching,
    )
