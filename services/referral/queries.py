"""Worklists and look-ups. Each is given the acting person, and what is hidden from them is not there."""

from datetime import datetime
from typing import Any, Literal

from pymongo import IndexModel

from services.referral.case import OPEN, Case
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.room import Room
from shared.store import Document

INDEXES = (
    # Plain, although most cases have no timer: the database does not use a partial index for a comparison.
    IndexModel([("case.due", 1)], name="due"),
    IndexModel([("case.numbers", 1)], name="numbers", sparse=True),
    IndexModel([("case.deliveries.agency", 1), ("case.deliveries.due", 1)], name="deliveries", sparse=True),
    IndexModel([("case.agencies", 1), ("_id", 1)], name="agencies", sparse=True),
    IndexModel([("polres", 1), ("case.status", 1), ("case.classification.urgency", 1), ("case.due", 1)], name="list"),
    IndexModel([("case.forget_at", 1)], name="forget", expireAfterSeconds=0),
)
PAGE = 100

Documents = list[Document[Case]]
Listed = Literal["open", "offered", "accepted", "overdue", "undelivered", "declined"]


async def worklist(room: Room, person: Person, what: Listed, limit: int) -> Documents:
    """The referrals that a person may see, the most urgent first: open ones, or those that nobody took."""
    query: dict[str, Any] = {**_not_hidden_from(person), "case.status": {"$in": list(OPEN)}}
    if what in (*OPEN, "declined"):
        query["case.status"] = what
    if what == "overdue":
        query["case.offers"] = {"$elemMatch": {"state": {"$in": ["open", "accepted"]}, "alarms": {"$gt": 0}}}
    if what == "undelivered":
        query["case.deliveries.failure"] = {"$gt": ""}
    sort = [("case.classification.urgency", 1), ("case.due", 1), ("_id", 1)]
    return await room.store().find(query, sort=sort, limit=limit)


async def visible(room: Room, person: Person, complaint: str) -> tuple[int, Case]:
    """The version and the case, if the person may see it. Raises Absent."""
    document: Document[Case] = (await room.store().load([complaint]))[complaint]
    if document.case is None or not document.case.visible_to(person):
        raise Absent
    return document.version, document.case


async def numbered(room: Room, number: str) -> Document[Case] | None:
    """The case that an agency knows by this number."""
    return await room.store().find_one({"case.numbers": number})


async def undelivered(room: Room, agency: str) -> Documents:
    """Cases with a notice for the agency whose time has come, the longest waiting first."""
    query = {"case.deliveries": {"$elemMatch": {"agency": agency, "due": {"$lte": room.clock()}}}}
    return await room.store().find(query, sort=[("case.deliveries.due", 1)], limit=PAGE)


async def of_agency(room: Room, agency: str, after: str) -> Documents:
    """A page of the cases that an agency has to do with now, by id."""
    query = {"case.agencies": agency, "_id": {"$gt": after}}
    return await room.store().find(query, sort=[("_id", 1)], limit=PAGE)


async def record_reading(room: Room, complaint: str, person: str, at: datetime) -> None:
    """Keeps who read the sealed words of a complaint, before they are shown."""
    await room.mongo["readings"].insert_one({"complaint": complaint, "person": person, "what": "contents", "at": at})


def _not_hidden_from(person: Person) -> dict[str, Any]:
    return {
        "polres": {"$in": sorted(person.units)},
        "case.conflicts": {"$nin": [person.id, *sorted(person.units)]},
        "case.taken_at": {"$ne": None},
    }
