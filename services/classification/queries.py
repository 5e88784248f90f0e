"""What officers look up. A complaint that a person may not see is as absent as one that does not exist."""

from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, IndexModel

from services.classification.case import REVIEWED, Matter
from shared.contracts.complaint import Track, Urgency
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; `why` is a caution."""

    urgency: Urgency | None = None
    track: Track | None = None
    why: str | None = None

    def query(self) -> dict[str, Any]:
        asked = {
            "case.proposal.classification.urgency": self.urgency,
            "case.proposal.classification.tracks": self.track,
            "case.proposal.cautions": self.why,
        }
        return {name: value for name, value in asked.items() if value}


async def review_queue(
    store: Store[Matter], person: Person, limit: int, wanted: Wanted = Wanted()
) -> list[Document[Matter]]:
    """What waits for an officer: the most urgent first, then the longest waiting."""
    query: dict[str, Any] = {
        "polres": {"$in": sorted(person.units)},
        "case.status": {"$in": list(REVIEWED)},
        "case.report.conflicts": {"$nin": [person.id, *sorted(person.units)]},
        **wanted.query(),
    }
    sort = [("case.proposal.classification.urgency", ASCENDING), ("case.since", ASCENDING)]
    return await store.find(query, sort=sort, limit=limit)


async def visible(store: Store[Matter], person: Person, complaint: str) -> Document[Matter]:
    """The complaint, if the person may see it. Raises Absent."""
    document = (await store.load([complaint]))[complaint]
    if document.case is None or not document.case.visible_to(person):
        raise Absent
    return document


async def visible_case(store: Store[Matter], person: Person, complaint: str) -> Matter:
    """The complaint's case alone. Raises Absent."""
    return case_of(await visible(store, person, complaint))


def case_of(document: Document[Matter]) -> Matter:
    if document.case is None:
        raise TypeError("a document that was found has a case")
    return document.case
