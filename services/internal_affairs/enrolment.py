"""Who is on the roster of examiners, as the heads of internal affairs keep it by program or page."""

from pydantic import Field

from services.internal_affairs import examiners
from services.internal_affairs.deciding import Body, Names
from services.internal_affairs.examiners import Examiner
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Conflict, Invalid
from shared.room import Room


class RosterEntry(Body):
    units: Names = Field(description="the office and every unit that the examiner belongs to")


async def found(room: Room, person: Person, examiner: str) -> Examiner:
    """An examiner of the acting head's units. Raises Absent."""
    units = await examiners.units_of(room.mongo, examiner)
    if units is None or person.units.isdisjoint(units):
        raise Absent("no_such_examiner", "There is no such examiner on your roster.")
    return Examiner(id=examiner, units=units)


async def enrol(room: Room, person: Person, examiner: str, entry: RosterEntry) -> Examiner:
    """Puts an examiner on the roster with all their units, which decide whom they may not examine."""
    if person.units.isdisjoint(entry.units):
        raise Invalid("other_office", "One of the units must be yours.", "units")
    before = await examiners.units_of(room.mongo, examiner)
    if before is not None and person.units.isdisjoint(before):
        raise Conflict("of_other_office", "The examiner is on the roster of another office.", "id")
    enrolled = Examiner(id=examiner, units=entry.units)
    await examiners.put(room.mongo, enrolled)
    return enrolled


async def enrol_new(room: Room, person: Person, examiner: str, entry: RosterEntry) -> Examiner:
    """Puts an examiner on the roster who was not there; one that came to be there by the same form is no other."""
    before = await examiners.units_of(room.mongo, examiner)
    if before is not None and not person.units.isdisjoint(before) and before != entry.units:
        raise Conflict("enrolled_already", "There is an examiner of that id.", "id")
    return await enrol(room, person, examiner, entry)


async def retire(room: Room, person: Person, examiner: str) -> None:
    """Takes an examiner from the roster, so that they are given nothing any more. What they have stays with them till a
    head names another. Raises Absent."""
    await found(room, person, examiner)
    await examiners.remove(room.mongo, examiner)
