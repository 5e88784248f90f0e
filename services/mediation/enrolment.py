"""Who is on the roster of the villages' officers, as an administrator keeps it by program or page."""

from typing import Annotated

from pydantic import Field

from services.mediation import queries
from services.mediation.acting import Body
from services.mediation.choice import Officer
from services.mediation.rosters import roster
from shared.audit import Entry
from shared.contracts.envelope import Person
from shared.contracts.refusals import Conflict, Forbidden, Invalid
from shared.room import Room
from shared.rosters import LARGEST, Decide, added, key_of, put, rewritten, taken_off, there
from shared.text import Line, Slug

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
    retired: bool = Field(default=False, description="given nothing any more; put again, the officer is back")


async def listed(room: Room, person: Person, limit: int = LARGEST) -> list[OfficerCard]:
    """The village officers of the Polres, by id."""
    return [_card(officer) for officer in await roster(room.mongo).of([_polres(room, person)], limit)]


async def found(room: Room, person: Person, officer_id: str) -> OfficerCard:
    """One of them. Raises Absent."""
    return _card(await _found(room, person, officer_id))


async def enrol(room: Room, person: Person, officer_id: str, entry: OfficerEntry) -> OfficerCard:
    """Puts an officer on the roster, or changes the entry, whatever it was."""
    new = _officer(room, person, officer_id, entry)
    return await _changed(room, person, officer_id, lambda before: put(before, new))


async def enrol_new(room: Room, person: Person, officer_id: str, entry: OfficerEntry) -> None:
    """Puts an officer on the roster who is not on it. Raises Conflict."""
    new = _officer(room, person, officer_id, entry)
    await _changed(room, person, officer_id, lambda before: added(before, new))


async def change(room: Room, person: Person, officer_id: str, entry: OfficerEntry, seen: int) -> None:
    """Changes the entry that somebody saw; whoever had retired is back. Raises Stale where it is another one by now."""
    new = _officer(room, person, officer_id, entry)
    await _changed(room, person, officer_id, lambda before: rewritten(before, new, _card, seen))


async def retire(room: Room, person: Person, officer_id: str) -> None:
    """Gives an officer nothing any more. The name stays, since matters of the past tell it. Raises Absent, and Conflict
    while the officer has matters, in which nobody would act, or would go on to act for somebody else."""
    officer = await _found(room, person, officer_id)
    if await roster(room.mongo).of([officer.polres], 1, stand_in=officer.id):
        raise Conflict("stands_in", "The officer stands in for somebody; name another one there first.")
    if await queries.has_matters(room, officer):
        raise Conflict("has_matters", "The officer has matters; the lead gives them to others first.")
    await _changed(room, person, officer_id, lambda before: taken_off(before, absent=True, villages=(), stand_in=None))


async def history(room: Room, person: Person, officer_id: str) -> list[Entry]:
    """Who did what to an entry, the latest first."""
    return await roster(room.mongo).history(key_of(_polres(room, person), officer_id))


async def _found(room: Room, person: Person, officer_id: str) -> Officer:
    return there(await roster(room.mongo).at(key_of(_polres(room, person), officer_id)))


async def _changed(room: Room, person: Person, officer_id: str, decide: Decide[Officer]) -> OfficerCard:
    key = key_of(_polres(room, person), officer_id)
    return _card(await roster(room.mongo).change(key, person, room.clock(), decide))


def _officer(room: Room, person: Person, officer_id: str, entry: OfficerEntry) -> Officer:
    if entry.stand_in == officer_id:
        raise Invalid("stands_in_for_self", "Nobody stands in for themselves.", "stand_in")
    return Officer(id=officer_id, polres=_polres(room, person), **entry.model_dump())


def _card(officer: Officer) -> OfficerCard:
    return OfficerCard.model_validate(officer, from_attributes=True)


def _polres(room: Room, person: Person) -> str:
    if room.settings.polres not in person.units:
        raise Forbidden("other_polres", "You do not belong to this Polres.")
    return room.settings.polres
