"""Parties and their agreement over HTTP."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from services.mediation import agreement, parties, views
from services.mediation.acting import Body, Handle
from services.mediation.case import Side
from shared.contracts.envelope import UUID_PATTERN, instant
from shared.text import Line, Paragraphs

router = APIRouter()

PartyId = Annotated[str, Path(pattern=UUID_PATTERN)]
PointNumber = Annotated[int, Path(ge=1, le=100)]


class InvitedParty(Body):
    side: Side
    name: Line
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{4,28}$")] | None = None
    address: Line | None = None


class ConsentAnswer(Body):
    consent: parties.Answer


class AgreedPoint(Body):
    text: Paragraphs
    due: AwareDatetime = Field(description="by when it is to be kept")


class DraftedAgreement(Body):
    points: Annotated[list[AgreedPoint], Field(min_length=1, max_length=20)]


class Signed(Body):
    party: Annotated[str, Field(pattern=UUID_PATTERN)]


class JudgedPoint(Body):
    kept: bool
    note: Paragraphs | None = None


@router.post("/cases/{complaint}/parties", tags=["parties"], status_code=201)
async def invite_party(handle: Handle, body: InvitedParty) -> views.CaseView:
    """Invites a party."""
    who = body.model_dump(exclude={"side"}, exclude_none=True)
    identity = handle.ask.room.vault.seal("settlement", handle.complaint, who)
    # Made from the request's own id: repeated with its key, it names the same party.
    id_ = str(uuid5(NAMESPACE_URL, f"{handle.ask.message_id(handle.person)}|party"))
    return await handle(parties.Invitation(id_, body.side, identity), parties.invite)


@router.put("/cases/{complaint}/parties/{party}/consent", tags=["parties"])
async def answer_invitation(handle: Handle, party: PartyId, body: ConsentAnswer) -> views.CaseView:
    """Records that a party agrees to take part, or refuses."""
    return await handle(parties.Answered(party, body.consent), parties.answer)


@router.put("/cases/{complaint}/agreement", tags=["agreement"])
async def draft_agreement(handle: Handle, body: DraftedAgreement) -> views.CaseView:
    """Writes down what the parties agree on; signatures under an earlier draft are void."""
    terms = tuple(agreement.Term(handle.sealed(point.text), instant(point.due)) for point in body.points)
    words = {f"point_{number}": point.text for number, point in enumerate(body.points, start=1)}
    notice = handle.ask.room.vault.seal("notice", handle.complaint, words)
    return await handle(agreement.Draft(terms, notice), agreement.draft)


@router.post("/cases/{complaint}/agreement/signatures", tags=["agreement"], status_code=201)
async def sign_agreement(handle: Handle, body: Signed) -> views.CaseView:
    """Records that a party has signed. When all who take part have, the matter is settled."""
    return await handle(body.party, agreement.sign)


@router.put("/cases/{complaint}/agreement/points/{number}/compliance", tags=["agreement"])
async def judge_point(handle: Handle, number: PointNumber, body: JudgedPoint) -> views.CaseView:
    """Records whether a point was kept. One that was broken gives the matter back to classification."""
    return await handle(agreement.Judgement(number, body.kept, handle.sealed_if(body.note)), agreement.judge)
