"""Worklists and look-ups. Each is given the acting person, and what is hidden from them is not there."""

from collections.abc import Sequence
from typing import Any, Literal

from pymongo import IndexModel

from services.mediation import access
from services.mediation.access import GUIDE, LEAD, MEDIATOR
from services.mediation.assignment import HELD
from services.mediation.case import Case
from services.mediation.choice import Officer
from services.mediation.finder import Finder
from services.mediation.known import Known
from services.mediation.rosters import roster
from services.mediation.suitability import PPA_APPROVER
from shared import erasure
from shared.contracts.envelope import Person
from shared.contracts.mediation import Settling
from shared.room import Room
from shared.rosters import LARGEST
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
BY_LATENESS = [("case.reminders.since", 1), ("_id", 1)]
# What nobody has comes first: nothing will ever be due there.
BY_DUE = [("case.due", 1), ("case.taken_at", 1), ("_id", 1)]
_TO_APPROVE = {"case.classification.mediation": "ppa_approval", "case.round.approval": None, "case.status": "open"}

Documents = list[Document[Case]]
Which = Literal["all", "unassigned"]
# What a worklist on a page shows: all of the Polres, what nobody has, one's own, those of one's villages, and what
# waits for the word of the PPA unit.
Listed = Literal["all", "unassigned", "mine", "villages", "approvals"]


async def mine(room: Room, person: Person, limit: int) -> Documents:
    """The matters of an officer, and of those whom the officer stands in for."""
    return await _worklist(room, person, {"case.mediator.id": {"$in": await _acting_for(room, person)}}, limit)


async def of_polres(room: Room, person: Person, which: Which, limit: int) -> Documents:
    """The matters of the whole Polres, or only those that nobody has."""
    return await _worklist(room, person, {"case.mediator": None} if which == "unassigned" else {}, limit)


def lists_of(person: Person) -> tuple[Listed, ...]:
    """The worklists that a person may look at, the one that matters most first."""
    open_to: dict[str, tuple[Listed, ...]] = {
        LEAD: ("all", "unassigned"),
        MEDIATOR: ("mine", "villages"),
        GUIDE: ("mine",),
        PPA_APPROVER: ("approvals",),
    }
    return tuple(dict.fromkeys(name for role, names in open_to.items() if role in person.roles for name in names))


async def listed(
    room: Room, person: Person, which: Listed, kind: Settling | None, late_only: bool, limit: int
) -> Documents:
    """The matters of a worklist: first what is late, longest first, and then by what is due next."""
    query: dict[str, Any] = {"case.round.kind": kind} if kind else {}
    if which == "unassigned":
        query["case.mediator"] = None
    elif which == "mine":
        query["case.mediator.id"] = {"$in": await _acting_for(room, person)}
    elif which == "approvals":
        query |= _TO_APPROVE
    elif which == "villages":
        query |= _there(villages := await _villages(room, person))
    passed = {"case.reminders.since": {"$lte": room.clock()}}
    found = await _worklist(room, person, {**query, **passed}, limit, BY_LATENESS)
    if not late_only and len(found) < limit:
        rest = {**query, "$nor": [passed]}
        found += await _worklist(room, person, rest, limit - len(found), BY_DUE)
    return _of(found, villages) if which == "villages" else found


async def late(room: Room, person: Person, limit: int) -> Documents:
    """Matters in which something that was due has not happened."""
    scope = {} if LEAD in person.roles else {"case.mediator.id": {"$in": await _acting_for(room, person)}}
    return await _worklist(room, person, {**scope, "case.reminders.since": {"$lte": room.clock()}}, limit)


async def to_approve(room: Room, person: Person, limit: int) -> Documents:
    """Matters that wait for the word of the PPA unit."""
    return await _worklist(room, person, _TO_APPROVE, limit)


async def of_villages(room: Room, person: Person, limit: int) -> Documents:
    """The matters of the villages that the person serves, whoever has them."""
    villages = await _villages(room, person)
    return _of(await _worklist(room, person, _there(villages), limit), villages)


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


async def has_matters(room: Room, officer: Officer) -> bool:
    """Whether an officer has a matter, also one that nobody who asks may know of."""
    query = {"polres": officer.polres, "case.status": {"$in": sorted(HELD)}, "case.mediator.id": officer.id}
    return bool(await room.store().find(query, limit=1))


async def _acting_for(room: Room, person: Person) -> list[str]:
    """The person, and the absent officers whom they stand in for."""
    absent = await roster(room.mongo).of(sorted(person.units), LARGEST, absent=True, stand_in=person.id)
    return [person.id, *(officer.id for officer in absent)]


async def _entries(room: Room, person: Person) -> list[Officer]:
    """What the rosters of the person's offices say of them."""
    found = [await roster(room.mongo).get(polres, [person.id]) for polres in sorted(person.units)]
    return [entry for entries in found for entry in entries.values()]


async def _villages(room: Room, person: Person) -> list[str]:
    """The villages that the person serves."""
    return sorted({village for entry in await _entries(room, person) for village in entry.villages})


def _there(villages: list[str]) -> dict[str, Any]:
    # What the reporter added counts only where the report names no village, which the case itself knows best.
    there = {"$in": villages}
    return {"$or": [{"case.report.village": there}, {"case.supplements.village": there}]}


def _of(found: Documents, villages: list[str]) -> Documents:
    return [document for document in found if document.case and document.case.village in villages]


async def _worklist(
    room: Room, person: Person, query: dict[str, Any], limit: int, sort: Sequence[tuple[str, int]] = BY_URGENCY
) -> Documents:
    scope = {
        "polres": {"$in": sorted(person.units)},
        "case.status": {"$in": sorted(HELD)},
        "case.conflicts": {"$nin": [person.id, *sorted(person.units)]},
    }
    return await room.store().find({**scope, **query}, sort=sort, limit=limit)
