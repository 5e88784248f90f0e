"""Look-ups: the records of a month, whose code it is, and the findings; each for the person who looks, if one does."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.evaluation.dimensions import UNKNOWN, Dimension
from services.evaluation.domain import Record
from services.evaluation.feedback import End, Feedback, forget
from services.evaluation.figures import Month
from services.evaluation.finding import READERS, Finding, Status
from services.evaluation.settings import settings_of
from shared import erasure
from shared.contracts.envelope import Command, Person
from shared.contracts.refusals import Absent
from shared.room import Room
from shared.store import Document

RECORDS, FEEDBACK, FINDINGS = "records", "feedback", "findings"
MOST = 100_000  # complaints of one month, far above what an office sees

RECORD_INDEXES = (
    IndexModel([("case.polres", ASCENDING), ("case.months", ASCENDING)], name="months"),
    IndexModel([("case.lookup", ASCENDING)], name="lookup"),
    IndexModel(
        [(f"case.{name}", ASCENDING) for name in ("polres", "closed", "withdrawn", "linked_to", "call")], name="open"
    ),
)
FEEDBACK_INDEXES = (
    IndexModel([("case.polres", ASCENDING), ("case.surveys.month", ASCENDING)], name="surveys"),
    IndexModel([("case.polres", ASCENDING), ("case.requests.month", ASCENDING)], name="requests"),
)
FINDING_INDEXES = (
    IndexModel(
        [("case.polres", ASCENDING), ("case.status", ASCENDING), ("case.raised_at", DESCENDING)], name="findings"
    ),
    IndexModel([("case.polres", ASCENDING), ("case.raised_at", DESCENDING)], name="raised"),
    IndexModel([("case.polres", ASCENDING), ("case.month", ASCENDING)], name="month"),
    IndexModel([("case.plan.owner", ASCENDING), ("case.raised_at", DESCENDING)], name="owner"),
    IndexModel([("case.due", ASCENDING)], name="due"),
)


async def month(room: Room, name: str, person: Person | None = None) -> Month:
    """What is known of a month; for a person, without the complaints that the person may not know of.

    For everybody (no person), without those that somebody may not know of: whoever may not could tell them from the
    difference between what all are shown and what they are shown themselves.
    """
    offices = {"case.polres": {"$in": _offices(room, person)}}
    found = await room.store(RECORDS).find({**_known_to(room, person), "case.months": name}, limit=MOST)
    records: dict[str, Record] = {document.id: document.case for document in found if document.case}
    answered = await room.store(FEEDBACK).find({**offices, "case.surveys.month": name}, limit=MOST)
    asked = await room.store(FEEDBACK).find({**offices, "case.requests.month": name}, limit=MOST)
    # What was said in the month may be about a complaint in which nothing else happened in it.
    others = {document.id for document in (*answered, *asked)} - records.keys()
    for document in (await room.store(RECORDS).load(others)).values():
        if document.case and (document.case.visible_to(person) if person else not document.case.conflicts):
            records[document.id] = document.case
    return Month(
        name=name,
        zone=settings_of(room).zone,
        records=records,
        requests=Counter(d.id for d in asked if d.case and d.id in records for r in d.case.requests if r.month == name),
        surveys=[(d.id, s) for d in answered if d.case and d.id in records for s in d.case.surveys if s.month == name],
    )


async def complaints(
    room: Room, person: Person, name: str, only: dict[Dimension, str | None], limit: int
) -> list[Document[Record]]:
    """The complaints behind a month's figures, the newest first."""
    query = {**_known_to(room, person), "case.months": name, "case.call": None, "case.erased": {"$ne": True}}
    for dimension, value in only.items():
        if value is not None:
            nothing: Any = [] if dimension == "unit" else None
            query["case.units" if dimension == "unit" else f"case.{dimension}"] = nothing if value == UNKNOWN else value
    # Ids are made of the time.
    return await room.store(RECORDS).find(query, sort=[("_id", DESCENDING)], limit=limit)


async def open_now(room: Room, person: Person) -> dict[str, Record]:
    """The complaints that are not at their end. One that was linked goes on as a part of the earlier one."""
    query = {**_known_to(room, person), "case.closed": False, "case.withdrawn": False, "case.linked_to": None}
    found = await room.store(RECORDS).find({**query, "case.call": None, "case.erased": {"$ne": True}}, limit=MOST)
    return {document.id: document.case for document in found if document.case and document.case.received_at}


async def said_of(room: Room, complaint: str) -> Feedback | None:
    """What the reporter of a complaint said after its ends."""
    found: Feedback | None = (await room.store(FEEDBACK).load([complaint]))[complaint].case
    return found


async def complaint(room: Room, person: Person, id_: str) -> Record:
    """One record. Raises Absent alike where there is none and where the person may not know of it."""
    record: Record | None = (await room.store(RECORDS).load([id_]))[id_].case
    if record is None or record.erased or not record.visible_to(person):
        raise Absent
    return record


async def erase(room: Room, complaint: str) -> None:
    """Destroys what the reporter wrote with the survey; its scores go on counting."""
    await erasure.submit(room, complaint, "normal", complaint, forget, FEEDBACK)


async def by_lookup(room: Room, lookup: str) -> str | None:
    """The complaint that a tracking code leads to."""
    document = await room.store(RECORDS).find_one({"case.lookup": lookup})
    return document.id if document else None


async def ends(room: Room, asked: Sequence[tuple[Command[Any], Feedback | None]]) -> list[End]:
    """Gather step: the closing that stands for each complaint."""
    return await standing(room, [command.subject for command, _ in asked])


async def standing(room: Room, complaints: Sequence[str]) -> list[End]:
    """The closing that stands for each complaint; that of the earlier one where it was linked."""
    store = room.store(RECORDS)
    own = await store.load(dict.fromkeys(complaints))
    earlier = await store.load({d.case.linked_to for d in own.values() if d.case and d.case.linked_to})
    found = []
    for complaint in complaints:
        record = own[complaint].case
        if record and record.linked_to:
            target = earlier[record.linked_to].case
            found.append(End(target.closing if target else None, joined=True))
        else:
            found.append(End(record.closing if record else None))
    return found


async def findings(
    room: Room, person: Person | None, *, status: Status | None = None, month: str | None = None, limit: int = 200
) -> list[Document[Finding]]:
    """Findings, the newest first."""
    query: dict[str, Any] = {"case.polres": {"$in": _offices(room, person)}}
    if person and READERS.isdisjoint(person.roles):
        query["case.plan.owner"] = person.id
    if status:
        query["case.status"] = status
    if month:
        query["case.month"] = month
    return await room.store(FINDINGS).find(query, sort=[("case.raised_at", DESCENDING)], limit=limit)


async def finding(room: Room, person: Person, id_: str) -> Document[Finding]:
    document: Document[Finding] = (await room.store(FINDINGS).load([id_]))[id_]
    if document.case is None or not document.case.visible_to(person):
        raise Absent("not_found", "There is no such finding.")
    return document


def _offices(room: Room, person: Person | None) -> list[str]:
    return sorted(person.units) if person else [room.settings.polres]


def _known_to(room: Room, person: Person | None) -> dict[str, Any]:
    """What finds the complaints that somebody may know of. A conflict outranks every role and unit."""
    query: dict[str, Any] = {"case.polres": {"$in": _offices(room, person)}}
    query["case.conflicts"] = {"$nin": sorted({person.id, *person.units})} if person else []
    return query
