"""What officers look up. A complaint that a person may not see is as absent as one that does not exist."""

from typing import Any

from pymongo import ASCENDING, IndexModel

from services.classification.domain import REVIEWED, Matter
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.store import Document, Store

INDEXES = (
    IndexModel(
        [("polres", ASCENDING), ("case.proposal.classification.urgency", ASCENDING), ("case.since", ASCENDING)],
        name="review",
        partialFilterExpression={"case.status": {"$in": list(REVIEWED)}},
    ),
)


async def review_queue(store: Store[Matter], person: Person, limit: int) -> list[Document[Matter]]:
    """What waits for an officer: the most urgent first, then the longest waiting."""
    query: dict[str, Any] = {
        "polres": {"$in": sorted(person.units)},
        "case.status": {"$in": list(REVIEWED)},
        "case.report.conflicts": {"$nin": [person.id, *sorted(person.units)]},
    }
    sort = [("case.proposal.classification.urgency", ASCENDING), ("case.since", ASCENDING)]
    return await store.find(query, sort=sort, limit=limit)


async def visible(store: Store[Matter], person: Person, complaint: str) -> Document[Matter]:
    """The complaint, if the person may see it. Raises Absent."""
    document = (await store.load([complaint]))[complaint]
    if document.case is None or not document.case.visible_to(person):
        raise Absent
    return document
