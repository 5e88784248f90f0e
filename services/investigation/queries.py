"""Worklists and look-ups. Each is given the acting person, and what is hidden from them is not there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.investigation import access
from services.investigation.case import Case
from services.investigation.choice import Officer
from shared.contracts.complaint import Urgency
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.room import Room
from shared.store import Document

BY_URGENCY = [("case.classification.urgency", 1), ("case.due", 1), ("_id", 1)]

# Within an urgency what is due first; a case that owes nobody a letter is a patrol's alone, and stands before.
BY_DUE_LETTER = [("case.classification.urgency", 1), ("case.plan.due", 1), ("_id", 1)]

Documents = list[Document[Case]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the cases somebody wants to see."""

    overdue: bool = False
    unassigned: bool = False
    unit: str | None = None
    urgency: Urgency | None = None


async def worklist(room: Room, person: Person, wanted: Wanted, now: datetime, limit: int) -> Documents:
    """The open cases that the person leads or answers for, the most pressing first."""
    conditions: list[dict[str, Any]] = [_theirs(person)]
    if wanted.overdue:
        conditions.append({"$or": _late(now)})
    if wanted.unassigned:
        conditions.append({"case.detective": None})
    if wanted.unit:
        conditions.append({"case.units": wanted.unit})
    if wanted.urgency:
        conditions.append({"case.classification.urgency": wanted.urgency})
    query = {**_open_to(person), "$and": conditions}
    return await room.store().find(query, sort=BY_DUE_LETTER, limit=limit)


async def late(room: Room, person: Person, now: datetime) -> int:
    """In how many of these cases something due has not happened, or nobody was found."""
    query = {**_open_to(person), "$and": [_theirs(person), {"$or": _late(now)}]}
    counted: int = await room.store().collection.count_documents(query)
    return counted


async def mine(room: Room, person: Person, limit: int) -> Documents:
    """The open cases of a detective."""
    return await _worklist(room, person, {"case.detective.id": person.id}, limit)


async def of_unit(room: Room, person: Person, unassigned: bool, limit: int) -> Documents:
    """The open cases that the person answers for, or only those that nobody has yet."""
    query = _answered_for(person)
    return await _worklist(room, person, {**query, **({"case.detective": None} if unassigned else {})}, limit)


async def overdue(room: Room, person: Person, now: datetime, limit: int) -> Documents:
    """Open cases in which something that was due has not happened, or for which nobody was found."""
    scope = _answered_for(person) if person.roles & {"chief", "unit_head"} else {"case.detective.id": person.id}
    return await _worklist(room, person, {**scope, "$or": _late(now)}, limit)


async def dispatches(room: Room, person: Person, limit: int) -> Documents:
    """The complaints that the person's patrol is sent to."""
    query = {**_not_hidden_from(person), "case.active_patrol": {"$in": [person.id, *person.units]}}
    return await room.store().find(query, sort=BY_URGENCY, limit=limit)


async def waiting_for_patrol(room: Room, person: Person, limit: int) -> Documents:
    """The complaints that no patrol is free for, and those with a patrol under way; a head's own alone."""
    active = [{"case.searching": True}, {"case.active_patrol": {"$gt": ""}}]
    scope = _answered_for(person) if person.roles.isdisjoint(access.DISPATCHERS) else {}
    return await room.store().find({**_not_hidden_from(person), **scope, "$or": active}, sort=BY_URGENCY, limit=limit)


async def patrol_states(room: Room, person: Person, patrols: list[str]) -> dict[str, Literal["dispatched", "on_scene"]]:
    """What those of the patrols are doing that a case names which the person may know of: a patrol that is busy without
    a case would tell of one that is hidden."""
    query = {**_not_hidden_from(person), "case.active_patrol": {"$in": patrols}}
    documents: Documents = await room.store().find(query, limit=max(1, len(patrols)))
    dispatches = [document.case.dispatch for document in documents if document.case and document.case.dispatch]
    active = [dispatch.active for dispatch in dispatches if dispatch.active]
    return {sortie.patrol: "on_scene" if sortie.state == "on_scene" else "dispatched" for sortie in active}


async def loads(
    room: Room, polres: Sequence[str], officers: Sequence[Officer], person: Person | None = None
) -> Counter[str]:
    """How many open cases each of these officers has; for a person, of those that are not hidden from them."""
    if not officers:
        return Counter()
    detectives = {"$in": [officer.id for officer in officers]}
    open_ = _open_to(person) if person else {"case.status": "open"}
    query = {**open_, "polres": {"$in": list(polres)}, "case.detective.id": detectives}
    counted = {"$group": {"_id": "$case.detective.id", "open": {"$sum": 1}}}
    rows = await room.mongo.aggregate(room.store().name, [{"$match": query}, counted])
    return Counter({row["_id"]: row["open"] for row in rows})


async def led(room: Room, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, for somebody who may lead it. Raises Absent."""
    document = await _load(room, complaint)
    case, _ = access.of_leader(document.case, person)
    return document.version, case


async def seen(room: Room, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, for somebody who leads it, sends patrols to it or was sent to it. Raises Absent."""
    document = await _load(room, complaint)
    case = document.case
    if case is None or not (access.may_lead(case, person) or access.may_dispatch(case, person)):
        case, _ = access.of_crew(case, person)
    return document.version, case


async def crewed(room: Room, person: Person, complaint: str) -> Case:
    """The case, for the crew that is sent to it now. Raises Absent."""
    document = await _load(room, complaint)
    case, _ = access.of_crew(document.case, person)
    if case.active_patrol is None or not access.speaks_for(person, case.active_patrol):
        raise Absent
    return case


async def _load(room: Room, complaint: str) -> Document[Case]:
    return (await room.store().load([complaint]))[complaint]


async def _worklist(room: Room, person: Person, query: dict[str, Any], limit: int) -> Documents:
    return await room.store().find({**_open_to(person), **query}, sort=BY_URGENCY, limit=limit)


def _answered_for(person: Person) -> dict[str, Any]:
    return {} if "chief" in person.roles else {"case.units": {"$in": sorted(person.units)}}


def _theirs(person: Person) -> dict[str, Any]:
    """What the person leads or answers for, by each role of theirs."""
    if "chief" in person.roles:
        return {}
    own = [{"case.detective.id": person.id}] if "detective" in person.roles else []
    return {"$or": [*own, *([_answered_for(person)] if "unit_head" in person.roles else [])]}


def _late(now: datetime) -> list[dict[str, Any]]:
    return [
        {"case.plan.due": {"$lte": now}},
        {"case.prosecutor_notice_due": {"$lte": now}},
        {"case.searching": True},
        {"case.detective_search": {"$ne": None}},
    ]


def _open_to(person: Person) -> dict[str, Any]:
    return {**_not_hidden_from(person), "case.status": "open"}


def _not_hidden_from(person: Person) -> dict[str, Any]:
    return {
        "polres": {"$in": sorted(person.units)},
        "case.conflicts": {"$nin": [person.id, *sorted(person.units)]},
        "case.status": {"$ne": "unclassified"},
    }
