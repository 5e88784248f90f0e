"""What else is open around a case, for the officers who have it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.intake import lately
from services.intake.case import Complaint
from services.intake.desk import Desk
from services.intake.neighbours import outlines
from shared.contracts.envelope import Person
from shared.policy import Scope
from shared.store import Document

Found = Sequence[Document[Complaint]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Other open complaints of this village and those nearby, the newest first: of the last day, and of the six days
    before. `amounts` counts both by village. `of_units`: only what a unit of the reader's works on is among them."""

    village: str
    day: Found
    before: Found
    amounts: Mapping[str, int]
    of_units: bool


async def around(
    desk: Desk, person: Person, reach: frozenset[Scope], complaint_id: str, case: Complaint
) -> Surroundings | None:
    """What lies around a complaint; None where its village is not known yet, or lies elsewhere."""
    village = case.village
    villages = outlines(desk.settings.jurisdiction_file).near(village) if village else ()
    if village is None or not villages:
        return None
    found = await lately.near(desk.room, person, reach, villages, lately.WEEK, complaint_id)
    since = desk.room.clock() - lately.DAY
    counted = Counter(each.case.village for each in found if each.case)
    return Surroundings(
        village,
        [each for each in found if each.case and each.case.report.received_at >= since],
        [each for each in found if each.case and each.case.report.received_at < since],
        {code: counted[code] for code in villages},
        "polres" not in reach,
    )
