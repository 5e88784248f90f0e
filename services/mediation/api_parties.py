"""Parties and their agreement over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.mediation import leading, views
from services.mediation.acting import Handle
from services.mediation.leading import ConsentAnswer, DraftedAgreement, InvitedParty, JudgedPoint, Signed
from shared.contracts.envelope import UUID_PATTERN

router = APIRouter()

PartyId = Annotated[str, Path(pattern=UUID_PATTERN)]
PointNumber = Annotated[int, Path(ge=1, le=100)]


@router.post("/cases/{complaint}/parties", tags=["parties"], status_code=201)
async def invite_party(handle: Handle, body: InvitedParty) -> views.CaseView:
    """Invites a party."""
    return await leading.invite(handle, body)


@router.put("/cases/{complaint}/parties/{party}/consent", tags=["parties"])
async def answer_invitation(handle: Handle, party: PartyId, body: ConsentAnswer) -> views.CaseView:
    """Records that a party agrees to take part, or refuses."""
    return await leading.answer(handle, party, body)


@router.put("/cases/{complaint}/agreement", tags=["agreement"])
async def draft_agreement(handle: Handle, body: DraftedAgreement) -> views.CaseView:
    """Writes down what the parties agree on; signatures under an earlier draft are void."""
    return await leading.draft(handle, body)


@router.post("/cases/{complaint}/agreement/signatures", tags=["agreement"], status_code=201)
async def sign_agreement(handle: Handle, body: Signed) -> views.CaseView:
    """Records that a party has signed. When all who take part have, the matter is settled."""
    return await leading.sign(handle, body)


@router.put("/cases/{complaint}/agreement/points/{number}/compliance", tags=["agreement"])
async def judge_point(handle: Handle, number: PointNumber, body: JudgedPoint) -> views.CaseView:
    """Records whether a point was kept. One that was broken gives the matter back to classification."""
    return await leading.judge(handle, number, body)
