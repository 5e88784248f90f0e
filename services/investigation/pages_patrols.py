"""The dispatch board, and what a crew does with its orders: acknowledge, arrive, clear."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from fastapi import Request, Response

from services.investigation import board, contents, queries, rosters, sending
from services.investigation.acting import InProcedure
from services.investigation.choice import Patrol
from services.investigation.pages import WORDS, named, pages
from services.investigation.sending import ClearedScene
from shared import live
from shared.contracts.envelope import Person
from shared.forms import FormAsking, Nothing
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.pages import Sent
from shared.room import Room
from shared.rosters import NO

router = pages.router()


@dataclass(frozen=True, slots=True)
class Standing:
    """A patrol and what it is doing, as far as the person may know."""

    call_sign: str
    unit: str
    status: Literal["free", "dispatched", "on_scene", "off_duty"]


@router.get("/patrols")
async def patrols(request: Request, room: InRoom, person: Acting) -> Response:
    """The board for whoever sends patrols; a crew's own orders."""
    orders = await board.of(room, person)
    return pages.show(
        request,
        "patrols.html",
        fragment="investigation/orders.html",
        orders=orders,
        named=await named(room, [order.sortie.patrol for order in orders if order.sortie]),
        standing=await _standing(room, person),
        own=await _own(room, person),
        **WORDS,
    )


@router.get("/patrols/live")
async def patrols_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when an order has changed, or a patrol."""

    async def look() -> object:
        return await board.of(room, person), await _standing(room, person), await _own(room, person)

    return live.changes(request, look)


@router.get("/patrols/{complaint_id}/orders")
async def read_orders(request: Request, room: InRoom, person: Acting, complaint_id: ComplaintId) -> Response:
    """What happens and where, opened by the crew that is sent, for a reason."""
    case = await queries.crewed(room, person, complaint_id)
    await rosters.record_reading(room.mongo, complaint_id, person.id, "orders", room.clock())
    opened = contents.open_orders(room.vault, complaint_id, case)
    return pages.show(request, "investigation/opened_orders.html", orders=opened, supplements=case.supplements)


@router.post("/patrols/{complaint_id}/acknowledge")
async def acknowledge(
    request: Request, person: Acting, ask: FormAsking, procedure: InProcedure, complaint_id: ComplaintId
) -> Response:
    """The crew has read its orders and is on its way."""

    async def do(_: object) -> None:
        await sending.acknowledge(ask, person, procedure, complaint_id)

    return await pages.act(request, Nothing, do, _again(request, ask.room, person, complaint_id))


@router.post("/patrols/{complaint_id}/arrive")
async def arrive(
    request: Request, person: Acting, ask: FormAsking, procedure: InProcedure, complaint_id: ComplaintId
) -> Response:
    """The crew is on the scene."""

    async def do(_: object) -> None:
        await sending.arrive(ask, person, procedure, complaint_id)

    return await pages.act(request, Nothing, do, _again(request, ask.room, person, complaint_id))


@router.post("/patrols/{complaint_id}/clear")
async def clear(
    request: Request, person: Acting, ask: FormAsking, procedure: InProcedure, complaint_id: ComplaintId
) -> Response:
    """The crew has done its part and is free."""

    async def do(body: ClearedScene) -> None:
        await sending.clear(ask, person, procedure, complaint_id, body)

    return await pages.act(request, ClearedScene, do, _again(request, ask.room, person, complaint_id))


def _again(request: Request, room: Room, person: Person, complaint: str) -> Callable[[Sent], Awaitable[Response]]:
    """The order as it stands after a move of its crew; in its place, that it is over."""

    async def shown(sent: Sent) -> Response:
        version, case = await queries.seen(room, person, complaint)
        order = board.order(complaint, version, case, person)
        return pages.show(
            request,
            "investigation/order.html",
            sent.status,
            order=order if order and order.own else None,
            sent=sent,
            complaint=complaint,
            **WORDS,
        )

    return shown


async def _own(room: Room, person: Person) -> list[Patrol]:
    """The patrols that the person speaks for, to say whether they are on duty."""
    if "patrol" not in person.roles or room.settings.polres not in person.units:
        return []
    signed_on = await rosters.patrols(room.mongo).get(room.settings.polres, [person.id, *sorted(person.units)])
    return [patrol for patrol in signed_on.values() if not patrol.retired]


async def _standing(room: Room, person: Person) -> list[Standing]:
    """All patrols of the Polres, for whoever sends them."""
    if person.roles.isdisjoint(board.DISPATCHING) or room.settings.polres not in person.units:
        return []
    known = await rosters.patrols(room.mongo).of([room.settings.polres], retired=NO)
    states = await queries.patrol_states(room, person, [patrol.id for patrol in known])
    return [Standing(patrol.call_sign, patrol.unit, states.get(patrol.id, patrol.status)) for patrol in known]
