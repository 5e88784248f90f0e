"""The roster over HTTP: an administrator says which officer serves which villages, and who stands in for whom."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.mediation import enrolment
from services.mediation.acting import Limit
from services.mediation.enrolment import OfficerCard, OfficerEntry
from shared.gate import Acting
from shared.http import InRoom

router = APIRouter(prefix="/officers", tags=["roster"])

RosterId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


@router.get("")
async def list_officers(room: InRoom, person: Acting, limit: Limit = 50) -> list[OfficerCard]:
    """The village officers of the Polres."""
    return await enrolment.listed(room, person, limit)


@router.put("/{officer_id}")
async def put_officer(room: InRoom, person: Acting, officer_id: RosterId, body: OfficerEntry) -> OfficerCard:
    """Puts an officer on the roster, or changes the entry."""
    return await enrolment.enrol(room, person, officer_id, body)


@router.delete("/{officer_id}", status_code=204)
async def retire_officer(room: InRoom, person: Acting, officer_id: RosterId) -> None:
    """Gives an officer nothing any more, who has nothing left. The name stays, since matters of the past tell it."""
    await enrolment.retire(room, person, officer_id)
