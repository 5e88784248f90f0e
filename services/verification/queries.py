"""Worklists and look-ups, each for the person who looks."""

from collections.abc import Iterable, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.verification import earlier
from services.verification.case import Verification
from services.verification.checks import CheckName
from services.verification.decisions import Link
from shared.contracts.envelope import Command, Lane, Person
from shared.contracts.refusals import Absent
from shared.operation import Gather
from shared.room import Room
from shared.store import Document, Store

INDEXES = (
    earlier.INDEX,
    IndexModel(
        [
            ("case.polres", ASCENDING),
            ("case.status", ASCENDING),
            ("case.lane", DESCENDING),
            ("case.report.received_at", ASCENDING),
        ],
        name="worklist",
    ),
    IndexModel([("case.suggestion.complaint", ASCENDING)], name="suggestion", sparse=True),
    IndexModel([("case.linked_to", ASCENDING)], name="linked_to", sparse=True),
    # The database uses a partial index only for queries that plainly imply its condition: `$type` is not seen to be.
    IndexModel([("case.due", ASCENDING)], name="due", partialFilterExpression={"case.due": {"$exists": True}}),
)


def waiting_for(person: Person, check: CheckName | None) -> dict[str, Any]:
    """What finds the reports that wait for an officer like this one, if need be only those that one check holds."""
    held = {"case.held_by": check} if check else {}
    return {
        "case.polres": {"$in": sorted(person.units)},
        "case.status": "waiting",
        "case.hidden_from": {"$nin": sorted({person.id, *person.units})},
        # Nobody decides on an appeal against their own rejection.
        "case.appeal.rejected_by": {"$ne": person.id},
        **held,
    }


async def worklist(
    store: Store[Verification], person: Person, check: CheckName | None, limit: int
) -> list[Document[Verification]]:
    """The reports that wait for an officer: the urgent first, then those that have waited longest."""
    order = [("case.lane", DESCENDING), ("case.report.received_at", ASCENDING)]
    return await store.find(waiting_for(person, check), sort=order, limit=limit)


async def one(store: Store[Verification], person: Person, complaint: str) -> tuple[Verification, int]:
    """The case and its version. Raises Absent alike where there is none and where the person may not know of it."""
    document = (await store.load([complaint]))[complaint]
    if document.case is None or not document.case.visible_to(person):
        raise Absent
    return document.case, document.version


async def resting_on(store: Store[Verification], complaints: Iterable[str]) -> dict[str, Lane]:
    """The reports that name one of these as an earlier report of their incident, with their lanes."""
    named = {"$in": sorted(complaints)}
    found = store.collection.find(
        {"$or": [{"case.suggestion.complaint": named}, {"case.linked_to": named}]}, {"case.lane": 1}
    )
    return {row["_id"]: row["case"]["lane"] for row in await found.to_list(None)}


def link_targets(room: Room) -> Gather:
    """The step that looks up the earlier complaints that others are to be linked to."""

    async def look_up(asked: Sequence[tuple[Command[Link], Verification | None]]) -> list[Verification | None]:
        documents = await room.store().load(dict.fromkeys(command.data.to for command, _ in asked))
        return [documents[command.data.to].case for command, _ in asked]

    return look_up
