"""Erasing a complaint, holding it, and what is left of one that was erased."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, Field

from services.intake import disposal
from services.intake.case import Complaint
from services.intake.disposal import Order
from services.intake.reports import Strictly
from shared.contracts.complaint import Fact
from shared.contracts.envelope import UUID_PATTERN, Command
from shared.contracts.refusals import Absent
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.operation import Gather
from shared.store import Store
from shared.text import Paragraphs

router = APIRouter(tags=["disposal"])
ErasedId = Annotated[str, Path(pattern=UUID_PATTERN)]


class ErasureBody(Strictly):
    """The register number, so that nothing is erased by a slip: it cannot be undone."""

    register_number: str = Field(max_length=200)


class HoldBody(Strictly):
    """Why the complaint must be kept, such as a court's order. Kept sealed."""

    words: Paragraphs


class HoldRead(Fact):
    """Whether a complaint is under a legal hold, and on whose word."""

    held: bool
    by: str | None
    at: AwareDatetime | None


class Tombstone(Fact):
    """What is left of a complaint that was erased."""

    id: str
    register_number: str
    erased_at: AwareDatetime
    reason: Literal["retention", "request"]
    officer: str | None


def earlier_of(store: Store[Complaint]) -> Gather:
    """The step that finds the complaints that lead linked ones on."""

    async def step(asked: Sequence[tuple[Command[Order], Complaint | None]]) -> Sequence[Complaint | None]:
        ends = [case.end if case else None for _, case in asked]
        wanted = [end.linked_to if end else None for end in ends]
        found = await store.load(dict.fromkeys(filter(None, wanted)))
        return [found[id_].case if id_ else None for id_ in wanted]

    return step


@router.post("/complaints/{complaint_id}/erasure", status_code=202)
async def erase(complaint_id: ComplaintId, body: ErasureBody, ask: Asking, person: Acting) -> Response:
    """Erase a complaint at its reporter's request: whatever is personal in it is destroyed in every service.

    Refused while it is open or under a legal hold. It cannot be undone, and afterwards nobody finds the complaint any
    more, its reporter's tracking code included.
    """
    order = Order("request", body.register_number)
    await ask(complaint_id, order, disposal.erase, actor=person, gather=earlier_of(ask.room.store()))
    return Response(status_code=202)


@router.get("/erasures/{erased_id}")
async def read_tombstone(erased_id: ErasedId, room: InRoom, person: Acting) -> Tombstone:
    """That a complaint was erased, when, and on whose word."""
    erased = (await room.store().load([erased_id]))[erased_id].erased
    if erased is None or erased.polres not in person.units:
        raise Absent
    return Tombstone(
        id=erased_id,
        register_number=erased.register_number,
        erased_at=erased.erased_at,
        reason=erased.reason,
        officer=erased.officer,
    )


@router.post("/complaints/{complaint_id}/legal-hold")
async def hold(complaint_id: ComplaintId, body: HoldBody, ask: Asking, person: Acting) -> HoldRead:
    """Put a complaint under a legal hold: nothing of it is erased until it is lifted. A second time changes nothing."""
    words = ask.room.vault.seal("narrative", complaint_id, {"text": body.words})
    return _held((await ask(complaint_id, words, disposal.hold, actor=person)).case)


@router.delete("/complaints/{complaint_id}/legal-hold")
async def lift(complaint_id: ComplaintId, ask: Asking, person: Acting) -> HoldRead:
    """Lift the legal hold."""
    return _held((await ask(complaint_id, None, disposal.lift, actor=person)).case)


def _held(complaint: Complaint) -> HoldRead:
    last = complaint.holds[-1]
    return HoldRead(held=complaint.held, by=last.lifted_by or last.by, at=last.lifted_at or last.at)
