"""Dispatches over HTTP: for the crews that are sent and for those who send them."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.investigation import contents, queries, rosters, sending, views
from services.investigation.acting import InProcedure, Limit
from services.investigation.sending import ClearedScene
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.operation import Outcome

router = APIRouter(prefix="/patrols/dispatches", tags=["dispatches"])


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
    return _sent(complaint, await sending.acknowledge(ask, person, procedure, complaint))


@router.post("/{complaint}/arrive")
async def arrive(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """The crew is on the scene."""
    return _sent(complaint, await sending.arrive(ask, person, procedure, complaint))


@router.post("/{complaint}/clear")
async def clear(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: ClearedScene
) -> Sent:
    """The crew has done its part and is free."""
    return _sent(complaint, await sending.clear(ask, person, procedure, complaint, body))


@router.post("/{complaint}/stand-down")
async def stand_down(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """Calls the patrol off, or ends the search for one."""
    return _sent(complaint, await sending.stand_down(ask, person, procedure, complaint))


@router.post("/{complaint}/send")
async def send(ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId) -> Sent:
    """Has a patrol looked for once more after the last has left or was called off."""
    return _sent(complaint, await sending.send(ask, person, procedure, complaint))


def _sent(complaint: str, outcome: Outcome) -> Sent:
    sortie = outcome.case.dispatch.sorties[-1] if outcome.case.dispatch and outcome.case.dispatch.sorties else None
    return Sent(
        complaint=complaint,
        patrol=sortie.patrol if sortie else None,
        state=sortie.state if sortie else None,
        waiting=outcome.case.searching,
    )
