"""Who is on the roster of examiners, as the heads of internal affairs keep it by program or page."""

from pydantic import Field

from services.internal_affairs.deciding import Body, Names
from services.internal_affairs.examiners import Examiner, roster
from shared.audit import Entry
from shared.contracts.envelope import Person
from shared.contracts.refusals import Conflict, Invalid
from shared.room import Room
from shared.rosters import Decide, added, put, rewritten, taken_off, there


class RosterEntry(Body):
    units: Names = Field(description="the office and every unit that the examiner belongs to")


class ExaminerCard(RosterEntry):
    id: str
    retired: bool = Field(default=False, description="given nothing any more; put again, the examiner is back")


async def listed(room: Room, person: Person) -> list[ExaminerCard]:
    """The examiners of the person's units, by id."""
    found = await roster(room.mongo).find({"units": {"$in": sorted(person.units)}})
    return [_card(one) for one in found]


async def found(room: Room, person: Person, examiner: str) -> ExaminerCard:
    """An examiner of the acting head's units. Raises Absent."""
    return _card(_own(person, await roster(room.mongo).at(examiner)))


async def enrol(room: Room, person: Person, examiner: str, entry: RosterEntry) -> ExaminerCard:
    """Puts an examiner on the roster with all their units, which decide whom they may not examine."""
    new = _examiner(person, examiner, entry)
    return await _changed(room, person, examiner, lambda before: put(_of_desk(person, before), new))


async def enrol_new(room: Room, person: Person, examiner: str, entry: RosterEntry) -> None:
    """Puts an examiner on the roster who is not on it. Raises Conflict."""
    new = _examiner(person, examiner, entry)
    await _changed(room, person, examiner, lambda before: added(_of_desk(person, before), new))


async def change(room: Room, person: Person, examiner: str, entry: RosterEntry, seen: int) -> None:
    """Changes the entry that somebody saw; whoever had retired is back. Raises Stale where it is another one by now."""
    new = _examiner(person, examiner, entry)
    await _changed(room, person, examiner, lambda before: rewritten(_own(person, before), new, _card, seen))


async def retire(room: Room, person: Person, examiner: str) -> None:
    """Gives an examiner nothing any more. What they have stays with them till a head names another. Raises Absent."""
    await _changed(room, person, examiner, lambda before: taken_off(_own(person, before)))


async def history(room: Room, examiner: str) -> list[Entry]:
    """Who did what to an entry, the latest first."""
    return await roster(room.mongo).history(examiner)


async def _changed(room: Room, person: Person, examiner: str, decide: Decide[Examiner]) -> ExaminerCard:
    return _card(await roster(room.mongo).change(examiner, person, room.clock(), decide))


def _own(person: Person, before: Examiner | None) -> Examiner:
    """The entry, to a head of its desk. Raises Absent."""
    return there(None if before is None or person.units.isdisjoint(before.units) else before)


def _of_desk(person: Person, before: Examiner | None) -> Examiner | None:
    """The entry, unless it is another desk's. Raises Conflict."""
    if before is not None and person.units.isdisjoint(before.units):
        raise Conflict("of_other_office", "The examiner is on the roster of another office.", "id")
    return before


def _examiner(person: Person, examiner: str, entry: RosterEntry) -> Examiner:
    if person.units.isdisjoint(entry.units):
        raise Invalid("other_office", "One of the units must be yours.", "units")
    return Examiner(id=examiner, units=entry.units)


def _card(examiner: Examiner) -> ExaminerCard:
    return ExaminerCard.model_validate(examiner, from_attributes=True)
