"""Worklists and look-ups. Each is given the acting person, and what is hidden from them is not there."""

from typing import Any, Literal

from pymongo import IndexModel

from services.mediation import access
from services.mediation.access import LEAD, MEDIATOR
from services.mediation.assignment import HELD
from services.mediation.case import Case
from services.mediation.choice import Officer
from services.mediation.finder import Finder
from services.mediation.known import Known
from services.mediation.rosters import LARGEST, Roster
from shared import erasure
from shared.contracts.envelope import Person
from shared.room import Room
from shared.store import Document

INDEXES = (
    # Plain, although most cases have no timer: the database does not use a partial index for a comparison.
    IndexModel([("case.due", 1)], name="due"),
    IndexModel([("polres", 1), ("case.status", 1), ("case.mediator.id", 1)], name="mediator"),
    IndexModel([("polres", 1), ("case.status", 1), ("case.reminders.since", 1)], name="reminders"),
    IndexModel([("polres", 1), ("case.status", 1), ("case.classification.mediation", 1)], name="rule"),
    IndexModel([("case.forget_at", 1)], name="forget", expireAfterSeconds=0),
    erasure.LINKED,
)
BY_URGENCY = [("case.classification.urgency", 1), ("case.taken_at", 1), ("_id", 1)]

Documents = list[Document[Case]]
Which = Literal["all", "unassigned"]


async def mine(room: Room, person: Person, limit: int) -> Documents:
    """The matters of an officer, and of those whom the officer stands in for."""
    return await _worklist(room, person, {"case.mediator.id": {"$in": await _acting_for(room, person)}}, limit)


async def of_polres(room: Room, person: Person, which: Which, limit: int) -> Documents:
    """The matters of the whole Polres, or only those that nobody has."""
    return await _worklist(room, person, {"case.mediator": None} if which == "unassigned" else {}, limit)


async def late(room: Room, person: Person, limit: int) -> Documents:
    """Matters in which something that was due has not happened."""
    scope = {} if LEAD in person.roles else {"case.mediator.id": {"$in": await _acting_for(room, person)}}
    return await _worklist(room, person, {**scope, "case.reminders.since": {"$lte": room.clock()}}, limit)


async def to_approve(room: Room, person: Person, limit: int) -> Documents:
    """Matters that wait for the word of the PPA unit."""
    waiting = {"case.classification.mediation": "ppa_approval", "case.round.approval": None, "case.status": "open"}
    return await _worklist(room, person, waiting, limit)


async def of_villages(room: Room, person: Person, limit: int) -> Documents:
    """The matters of the villages that the person serves, whoever has them."""
    villages = sorted({village for entry in await _entries(room, person) for village in entry.villages})
    there = {"$in": villages}
    # What the reporter added counts only where the report names no village, which the case itself knows best.
    named = [{"case.report.village": there}, {"case.supplements.village": there}]
    found = await _worklist(room, person, {"$or": named}, limit)
    return [document for document in found if document.case and document.case.village in villages]


async def known(room: Room, finder: Finder, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, for somebody who may read its words or serves its village. Raises Absent."""
    document = (await room.store().load([complaint]))[complaint]
    case = document.case
    if case and MEDIATOR in person.roles and case.visible_to(person):
        entries = await _entries(room, person)
        if any(case.polres == entry.polres and case.village in entry.villages for entry in entries):
            return document.version, case
    return await readable(room, finder, person, complaint)


async def readable(room: Room, finder: Finder, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, for somebody who may lead it or is asked to approve it. Raises Absent."""
    document = (await room.store().load([complaint]))[complaint]
    if document.case and access.may_approve(document.case, person):
        return document.version, document.case
    case, _ = access.of_leader(document.case, person, Known(await finder.stand_in(document.case)))
    return document.version, case


async def _acting_for(room: Room, person: Person) -> list[str]:
    """The person, and the absent officers whom they stand in for."""
    absent = await Roster(room.mongo).of(sorted(person.units), LARGEST, absent=True, stand_in=person.id)
    return [person.id, *(officer.id for officer in absent)]


async def _entries(room: Room, person: Person) -> list[Officer]:
    """What the rosters of the person's offices say of them."""
    found = [await Roster(room.mongo).get(polres, [person.id]) for polres in sorted(person.units)]
    return [entry for entries in found for entry in entries.values()]


async def _worklist(room: Room, person: Person, query: dict[str, Any], limit: int) -> Documents:
    scope = {
        "polres": {"$in": sorted(person.units)},
        "case.status": {"$in": sorted(HELD)},
        "case.conflicts": {"$nin": [person.id, *sorted(person.units)]},
    }
    return await room.store().find({**scope, **query}, sort=BY_URGENCY, limit=limit)
