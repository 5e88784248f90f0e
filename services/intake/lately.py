"""What came in lately, for those who take reports down: near a place, on a channel, and the calls of an operator."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.intake.calls import Call
from services.intake.case import Complaint
from shared.contracts.complaint import Channel
from shared.contracts.envelope import Person
from shared.policy import Scope
from shared.room import Room
from shared.store import Document, Store

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
CALLS_HOURS = 1
COUNTED = 500
_RECEIVED = ("case.report.received_at", DESCENDING)
NEAR = IndexModel([("case.report.village", ASCENDING), _RECEIVED], name="near")
FOUND_NEAR = IndexModel([("case.course.village", ASCENDING), _RECEIVED], name="found_near")
ON_CHANNEL = IndexModel([("polres", ASCENDING), ("case.report.channel", ASCENDING), _RECEIVED], name="on_channel")
OF_OPERATOR = IndexModel([("case.operator", ASCENDING), ("case.received_at", DESCENDING)], name="of_operator")


async def near(
    room: Room, person: Person, reach: frozenset[Scope], villages: Sequence[str], within: timedelta, but: str = ""
) -> list[Document[Complaint]]:
    """The open complaints of this time in these villages, the newest first, of those that the person may know: where
    they reach no more than the cases of their units, these."""
    there = {"$in": list(villages)}
    query = {
        "$or": [{"case.report.village": there}, {"case.course.village": there}],
        "case.report.received_at": {"$gte": room.clock() - within},
        "case.report.conflicts": {"$nin": [person.id, *person.units]},
        "polres": {"$in": list(person.units)},
    }
    found = await room.store().find(query, sort=[_RECEIVED], limit=COUNTED)
    return [each for each in found if each.id != but and each.case and _is_near(each.case, person, reach, villages)]


def _is_near(case: Complaint, person: Person, reach: frozenset[Scope], villages: Sequence[str]) -> bool:
    known = case.visible_to(person) and ("polres" in reach or case.handling.is_with(person))
    return known and case.end is None and case.village in villages


async def taken(room: Room, person: Person, channel: Channel, since: datetime) -> list[Document[Complaint]]:
    """What came in on a channel, of what the person may know."""
    query = {
        "polres": {"$in": list(person.units)},
        "case.report.channel": channel,
        "case.report.received_at": {"$gte": since},
    }
    found = await room.store().find(query, sort=[_RECEIVED], limit=COUNTED)
    return [each for each in found if each.case and each.case.visible_to(person)]


async def calls_of(room: Room, operator: Person) -> list[Call]:
    """The calls that an operator has logged within the hour, the newest first."""
    store: Store[Call] = room.store("calls")
    query = {"case.operator": operator.id, "case.received_at": {"$gte": room.clock() - timedelta(hours=CALLS_HOURS)}}
    found = await store.find(query, sort=[("case.received_at", DESCENDING)], limit=COUNTED)
    return [each.case for each in found if each.case]
