"""Worklists and look-ups. Each is given the acting person, and what is hidden from them is not there."""

from datetime import datetime
from typing import Any, Literal

from services.investigation import access
from services.investigation.case import Case
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.room import Room
from shared.store import Document

BY_URGENCY = [("case.classification.urgency", 1), ("case.due", 1), ("_id", 1)]

Documents = list[Document[Case]]


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
    late = [
        {"case.plan.due": {"$lte": now}},
        {"case.prosecutor_notice_due": {"$lte": now}},
        {"case.searching": True},
        {"case.detective_search": {"$ne": None}},
    ]
    return await _worklist(room, person, {**scope, "$or": late}, limit)


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


async def led(room: Room, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, for somebody who may lead it. Raises Absent."""
    document = await _load(room, complaint)
    case, _ = access.of_leader(document.case, person)
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
    query = {**_not_hidden_from(person), "case.status": "open", **query}
    return await room.store().find(query, sort=BY_URGENCY, limit=limit)


def _answered_for(person: Person) -> dict[str, Any]:
    return {} if "chief" in person.roles else {"case.units": {"$in": sorted(person.units)}}


def _not_hidden_from(person: Person) -> dict[str, Any]:
    return {
        "polres": {"$in": sorted(person.units)},
        "case.conflicts": {"$nin": [person.id, *sorted(person.units)]},
        "case.status": {"$ne": "unclassified"},
    }
