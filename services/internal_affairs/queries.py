"""Worklists and look-ups, each for the person who looks."""

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from services.internal_affairs.case import OPEN, Case
from shared import erasure
from shared.contracts.envelope import Command, Person
from shared.contracts.refusals import Absent
from shared.operation import Gather
from shared.room import Room
from shared.store import Document

UNSEEN_AT_ONCE = 200

INDEXES = (
    # Plain, although most cases have no timer: the database does not use a partial index for a comparison.
    IndexModel([("case.due", ASCENDING)], name="due"),
    IndexModel([("case.desk", ASCENDING), ("case.status", ASCENDING), ("case.registered_at", ASCENDING)], name="desk"),
    IndexModel([("case.unseen", ASCENDING)], name="unseen", partialFilterExpression={"case.unseen": True}),
    IndexModel([("case.forget_at", ASCENDING)], name="forget", expireAfterSeconds=0),
    erasure.LINKED,
)


async def worklist(room: Room, person: Person, late_at: datetime | None, limit: int) -> list[Document[Case]]:
    """The open cases of the person's desk, the oldest first; with `late_at` only those that are late then."""
    late = [{"case.result_by": {"$lt": late_at}}, {"case.result_by": None, "case.letter_by": {"$lt": late_at}}]
    query = {
        "case.desk": {"$in": sorted(person.units)},
        "case.status": {"$in": list(OPEN)},
        "case.conflicts": {"$nin": sorted({person.id, *person.units})},
        **({"$or": late} if late_at else {}),
    }
    return await room.store().find(query, sort=[("case.registered_at", ASCENDING)], limit=limit)


async def visible(room: Room, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, if the person may know of it. Raises Absent."""
    document: Document[Case] = (await room.store().load([complaint]))[complaint]
    if document.case is None or not document.case.visible_to(person):
        raise Absent
    return document.version, document.case


async def unseen(room: Room) -> list[Document[Case]]:
    """Open cases that nobody may see, whatever their office."""
    return await room.store().find({"case.unseen": True}, limit=UNSEEN_AT_ONCE)


def earlier(room: Room) -> Gather:
    """The step that finds the open complaint that a case was joined with, for the person who asks."""

    async def step(asked: Sequence[tuple[Command[None], Case | None]]) -> Sequence[str | None]:
        return [await _earlier(room, command.actor, case) for command, case in asked]

    return step


async def _earlier(room: Room, person: Person | None, case: Case | None) -> str | None:
    if person is None or case is None or case.joined is None:
        return None
    complaint = case.joined.complaint
    found: Case | None = (await room.store().load([complaint]))[complaint].case
    return complaint if found and found.status in OPEN and found.visible_to(person) else None
