"""Look-ups: what is due, whose code it is, whose message it is, and what staff may see."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel

from services.notification.domain import Correspondence
from services.notification.message import Message
from services.notification.preferences import Preferences
from shared.contracts.envelope import Command, Lane, Person
from shared.contracts.notification import Medium
from shared.contracts.refusals import Absent
from shared.policy import Scope
from shared.room import Room
from shared.store import Document

DUE_AT_ONCE = 100

INDEXES = (
    IndexModel([("case.lane", ASCENDING), ("case.due", ASCENDING)], name="due"),
    IndexModel([("case.lookup", ASCENDING)], name="lookup"),
    IndexModel([("case.linked_to", ASCENDING)], name="linked_to"),
    IndexModel([("case.messages.id", ASCENDING)], name="messages"),
    IndexModel([("polres", ASCENDING), ("case.unreached_since", ASCENDING)], name="unreached"),
)


async def due(room: Room, lane: Lane, medium: Medium, now: datetime) -> list[Document[Correspondence]]:
    """The cases of a lane that have a message to look after, those that wait longest first. In few of them, what is due
    goes by another medium."""
    query = {"case.lane": lane, "case.due": {"$lte": now}, "case.messages.medium": medium}
    return await room.store().find(query, sort=[("case.due", ASCENDING)], limit=DUE_AT_ONCE)


async def by_lookup(room: Room, lookup: str) -> Document[Correspondence] | None:
    """The case that a tracking code leads to."""
    return await room.store().find_one({"case.lookup": lookup})


async def wishes(
    room: Room, asked: Sequence[tuple[Command[Any], Correspondence | None]]
) -> list[dict[str, Preferences]]:
    """Gather step: for each case, how those want to be told whose messages wait in it, by their complaints."""
    waiting = [{m.recipient for m in case.messages if m.due} if case else set() for _, case in asked]
    documents = await room.store().load(set().union(*waiting))
    return [{c: case.wishes for c in complaints if (case := documents[c].case)} for complaints in waiting]


async def case_of_message(room: Room, message_id: str) -> str:
    """The complaint that a message was sent for. Raises Absent."""
    document = await room.store().find_one({"case.messages.id": message_id})
    if document is None:
        raise Absent("unknown_message", "There is no such message.")
    return document.id


async def seen_by(room: Room, complaint: str, person: Person, reach: frozenset[Scope]) -> Correspondence:
    """What is kept of a complaint, for staff who may know of it. Raises Absent."""
    case: Correspondence | None = (await room.store().load([complaint]))[complaint].case
    if case is None or not case.visible_to(person):
        raise Absent
    if "polres" not in reach and person.units.isdisjoint(case.units):
        raise Absent
    return case


async def messages_of(room: Room, case: Correspondence, person: Person, limit: int) -> list[Message]:
    """What was sent for a complaint, the newest first, without what went to reporters of complaints that the person may
    not know of."""
    known = await _known_to(room, person, case.messages)
    return [message for message in reversed(case.messages) if message.recipient in known][:limit]


async def unreached(room: Room, person: Person, limit: int) -> list[tuple[str, Message]]:
    """The last words that did not reach a reporter, each with the complaint that it was said in; the oldest first."""
    query = {
        "polres": {"$in": sorted(person.units)},
        "case.conflicts": {"$nin": [person.id, *sorted(person.units)]},
        "case.unreached_since": {"$ne": None},
    }
    found = await room.store().find(query, sort=[("case.unreached_since", ASCENDING)], limit=limit)
    failed = [(document.id, message) for document in found if document.case for message in document.case.unreached]
    known = await _known_to(room, person, (message for _, message in failed))
    return [(complaint, message) for complaint, message in failed if message.recipient in known]


async def unreached_of(room: Room, case: Correspondence, person: Person) -> list[Message]:
    """The same of one complaint."""
    known = await _known_to(room, person, case.unreached)
    return [message for message in case.unreached if message.recipient in known]


async def _known_to(room: Room, person: Person, messages: Iterable[Message]) -> set[str]:
    """The complaints whose reporters the messages are for, of those that the person may know of."""
    documents = await room.store().load({message.recipient for message in messages})
    return {id_ for id_, document in documents.items() if document.case and document.case.visible_to(person)}
