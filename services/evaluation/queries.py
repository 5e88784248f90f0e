"""Look-ups: complaints behind the figures, whose code it is, and the findings; each for the person who looks."""

from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.evaluation.dimensions import UNKNOWN, Dimension
from services.evaluation.domain import Record
from services.evaluation.feedback import End, Feedback, Survey, forget
from services.evaluation.finding import READERS, Finding, Status
from shared import erasure
from shared.contracts.envelope import Command, Person
from shared.contracts.refusals import Absent
from shared.room import Room
from shared.store import Document

RECORDS, FEEDBACK, FINDINGS = "records", "feedback", "findings"
MOST = 100_000  # complaints of one month, far above what an office sees


def _versions(name: str, *fields: str) -> IndexModel:
    """From such an index alone it is answered whether anything was written, and which are the newest."""
    return IndexModel([(field, ASCENDING) for field in ("case.polres", *fields, "_id", "version")], name=name)


RECORD_INDEXES = (
    _versions("month_versions", "case.months"),
    _versions("open_versions", "case.open", "case.received_at"),
    IndexModel([("case.lookup", ASCENDING)], name="lookup"),
)
FEEDBACK_INDEXES = (
    _versions("survey_versions", "case.surveys.month"),
    _versions("request_versions", "case.requests.month"),
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


async def commented(room: Room, person: Person, name: str) -> list[tuple[str, Survey]]:
    """The answers of a month in which something was written, of complaints that the person may know of."""
    said_here = {"$elemMatch": {"month": name, "comment": {"$ne": None}}}
    found = await room.store(FEEDBACK).find(
        {"case.polres": {"$in": sorted(person.units)}, "case.surveys.month": name, "case.surveys": said_here},
        limit=MOST,
    )
    records = await room.store(RECORDS).load(document.id for document in found)
    known = {id_ for id_, document in records.items() if document.case and document.case.visible_to(person)}
    return [
        (document.id, survey)
        for document in found
        if document.case and document.id in known
        for survey in document.case.surveys
        if survey.month == name and survey.comment
    ]


async def complaints(
    room: Room, person: Person, name: str, only: dict[Dimension, str | None], limit: int
) -> list[Document[Record]]:
    """The complaints behind a month's figures, the newest first."""
    query = {**_known_to(person), "case.months": name, "case.call": None, "case.erased": {"$ne": True}}
    for dimension, value in only.items():
        if value is not None:
            nothing: Any = [] if dimension == "unit" else None
            query["case.units" if dimension == "unit" else f"case.{dimension}"] = nothing if value == UNKNOWN else value
    # Ids are made of the time.
    return await room.store(RECORDS).find(query, sort=[("_id", DESCENDING)], limit=limit)


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
    room: Room, person: Person, *, statuses: Sequence[Status] = (), month: str | None = None, limit: int = 200
) -> list[Document[Finding]]:
    """Findings, the newest first; without `statuses`, those in every status."""
    query: dict[str, Any] = {"case.polres": {"$in": sorted(person.units)}}
    if READERS.isdisjoint(person.roles):
        query["case.plan.owner"] = person.id
    if statuses:
        query["case.status"] = {"$in": list(statuses)}
    if month:
        query["case.month"] = month
    return await room.store(FINDINGS).find(query, sort=[("case.raised_at", DESCENDING)], limit=limit)


async def finding(room: Room, person: Person, id_: str) -> tuple[Finding, int]:
    """One finding and its version. Raises Absent alike where there is none and where the person may not know of it."""
    document: Document[Finding] = (await room.store(FINDINGS).load([id_]))[id_]
    if document.case is None or not document.case.visible_to(person):
        raise Absent("not_found", "There is no such finding.")
    return document.case, document.version


def _known_to(person: Person) -> dict[str, Any]:
    """What finds the complaints that somebody may know of. A conflict outranks every role and unit."""
    conflicts = {"$nin": sorted({person.id, *person.units})}
    return {"case.polres": {"$in": sorted(person.units)}, "case.conflicts": conflicts}
