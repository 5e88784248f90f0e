"""What an auditor is shown of a complaint in one service: what was done with it, and who read it."""

from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from shared import audit
from shared.chains import READS, Chains
from shared.contracts.envelope import Hidden, Person
from shared.contracts.refusals import Absent
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.reads import reason_of
from shared.room import Room

router = APIRouter(prefix="/audit", tags=["audit"])


class Done(BaseModel):
    """A transition of a case."""

    n: int
    at: AwareDatetime
    who: str
    what: str
    cases: str = Field(description="the collection that the case is in")
    version: int
    said: list[str]


class Read(BaseModel):
    """Somebody opened parts of what is sealed, or was kept away."""

    n: int
    at: AwareDatetime
    who: str
    what: str
    route: str
    parts: list[str] = []
    status: int | None = None
    reason: str | None = Field(default=None, description="none where it cannot be opened any more")


class Trail(BaseModel):
    """`faults` says of each chain that was tampered with where it breaks."""

    done: list[Done]
    reads: list[Read]
    faults: list[str]


@router.get("/{complaint_id}")
async def trail(complaint_id: ComplaintId, room: InRoom, person: Acting) -> Trail:
    """The audit of a complaint. It is hidden from whom the complaint is hidden from, and reading reasons is a read."""
    return await trail_seen_by(room, person, complaint_id, reasons=True)


async def trail_seen_by(room: Room, person: Person, complaint: str, *, reasons: bool) -> Trail:
    """The audit of a complaint, with the readers' reasons or without. Raises Absent."""
    found = await _visible_trails(room, person, complaint)
    chain = audit.chain_of_reads(complaint)
    reads = await Chains(room.mongo, READS).entries(chain)
    faults = [
        f"{chain}: {fault}" for chain, (entries, head) in found.items() if (fault := audit.fault(chain, entries, head))
    ]
    if fault := audit.fault(chain, reads, None):
        faults.append(f"{chain}: {fault}")
    done = [Done(cases=chain.partition("/")[0], **entry) for chain, (entries, _) in found.items() for entry in entries]
    return Trail(
        done=sorted(done, key=lambda entry: (entry.at, entry.n)),
        reads=[
            Read(**{**entry, "reason": reason_of(entry, room.vault, complaint) if reasons else None}) for entry in reads
        ],
        faults=faults,
    )


async def _visible_trails(room: Room, person: Person, complaint: str) -> dict[str, Any]:
    """The chains of the complaint's cases here. Raises Absent unless each of them may be known to the person."""
    found, known = {}, False
    for unit in room.units.values():
        document = (await unit.store.load([complaint]))[complaint]
        if document.case is None:
            continue
        case = document.case
        # One that cannot say who may know of it, as what a reporter said after the end, is shown beside one that can.
        if case.polres not in person.units or (isinstance(case, Hidden) and not case.visible_to(person)):
            raise Absent
        known = known or isinstance(case, Hidden)
        found[audit.chain_of_case(unit.store.name, complaint)] = await unit.store.trail(complaint)
    if not known:
        raise Absent
    return found
