"""The complaints that patrols are sent to or that wait for one, as dispatchers and crews see them."""

from dataclasses import dataclass
from datetime import datetime

from services.investigation import access, queries
from services.investigation.case import Case, Dispatch, Sortie
from shared.contracts.complaint import Urgency
from shared.contracts.envelope import Person
from shared.room import Room

DISPATCHING = frozenset({*access.DISPATCHERS, "unit_head"})
SHOWN = 200
_CREW = "patrol"


@dataclass(frozen=True, slots=True)
class Order:
    """One complaint with its patrol. `ring` names the alarm that sounds until somebody has seen it: of a P1, and for a
    crew of every order of its own. `own`: it is the acting crew's."""

    complaint: str
    version: int
    register_number: str | None
    category: str | None
    village: str | None
    urgency: Urgency
    wanted_at: datetime
    sortie: Sortie | None
    attempts: int
    own: bool
    ring: str | None


def is_on(person: Person) -> bool:
    """Whether the person sends patrols or is one."""
    return not person.roles.isdisjoint({*DISPATCHING, _CREW})


async def of(room: Room, person: Person) -> list[Order]:
    """All that the person sends patrols to or is sent to, the most urgent first."""
    found = {}
    if not person.roles.isdisjoint(DISPATCHING):
        found = {document.id: document for document in await queries.waiting_for_patrol(room, person, SHOWN)}
    if _CREW in person.roles:
        found |= {document.id: document for document in await queries.dispatches(room, person, SHOWN)}
    orders = [
        _order(document.id, document.version, document.case, document.case.dispatch, person)
        for document in found.values()
        if document.case and document.case.dispatch
    ]
    return sorted(orders, key=lambda order: (order.urgency, order.ring is None, order.wanted_at))


async def ringing(room: Room, person: Person) -> list[Order]:
    """What nobody has acknowledged, for whoever must see it wherever they are."""
    return [order for order in await of(room, person) if order.ring] if is_on(person) else []


def order(complaint: str, version: int, case: Case, person: Person) -> Order | None:
    """The patrol's part of one case; None where no patrol is under way or looked for."""
    dispatch = case.dispatch
    if dispatch is None or not (dispatch.active or dispatch.search):
        return None
    return _order(complaint, version, case, dispatch, person)


def _order(complaint: str, version: int, case: Case, dispatch: Dispatch, person: Person) -> Order:
    sortie = dispatch.active
    own = sortie is not None and access.speaks_for(person, sortie.patrol)
    return Order(
        complaint=complaint,
        version=version,
        register_number=case.report.register_number if case.report else None,
        category=case.classification.category if case.classification else None,
        village=case.report.village if case.report else None,
        urgency=case.urgency,
        wanted_at=dispatch.wanted_at,
        sortie=sortie,
        attempts=dispatch.attempts,
        own=own,
        ring=_ring(complaint, dispatch) if own or case.urgency == "P1" else None,
    )


def _ring(complaint: str, dispatch: Dispatch) -> str | None:
    """What nobody has acknowledged rings, anew for each patrol and each alarm."""
    if dispatch.active and dispatch.active.state == "sent":
        return f"{complaint}-{dispatch.active.attempt}"
    return f"{complaint}-none-{dispatch.search.level}" if dispatch.search else None
