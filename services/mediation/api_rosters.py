"""The roster over HTTP: an administrator says which officer serves which villages, and who stands in for whom."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from services.mediation.acting import Body, Limit
from services.mediation.choice import Officer
from services.mediation.rosters import Roster
from shared.contracts.envelope import Person
from shared.contracts.refusals import Forbidden, Invalid
from shared.gate import Acting
from shared.http import InRoom
from shared.room import Room
from shared.text import Line, Slug

router = APIRouter(prefix="/officers", tags=["roster"])

RosterId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Village = Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$", description="PP.KK.CC.VVVV")]


class OfficerEntry(Body):
    name: Line = Field(description="as reporters are told it")
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{4,28}$")] = Field(description="of the office")
    villages: Annotated[tuple[Village, ...], Field(max_length=50)] = ()
    units: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    absent: bool = False
    stand_in: Slug | None = Field(default=None, description="the officer who acts while this one is absent")


class OfficerCard(OfficerEntry):
    id: str


@router.get("")
async def list_officers(room: InRoom, person: Acting, limit: Limit = 50) -> list[OfficerCard]:
    """The village officers of the Polres."""
    officers = await Roster(room.mongo).of([_polres(room, person)], limit)
    return [OfficerCard.model_validate(officer, from_attributes=True) for officer in officers]


@router.put("/{officer_id}")
async def put_officer(room: InRoom, person: Acting, officer_id: RosterId, body: OfficerEntry) -> OfficerCard:
    """Puts an officer on the roster, or changes the entry."""
    if body.stand_in == officer_id:
        raise Invalid("stands_in_for_self", "Nobody stands in for themselves.", "stand_in")
    officer = Officer(id=officer_id, polres=_polres(room, person), **body.model_dump())
    await Roster(room.mongo).put(officer)
    return OfficerCard(id=officer_id, **body.model_dump())


def _polres(room: Room, person: Person) -> str:
    if room.settings.polres not in person.units:
        raise Forbidden("other_polres", "You do not belong to this Polres.")
    return room.settings.polres
