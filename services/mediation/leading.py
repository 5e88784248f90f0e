"""What an officer does with a matter, as programs and pages say it, submitted to the case."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime, Field

from services.mediation import agreement, guidance, meetings, parties
from services.mediation.acting import Body, Handling
from services.mediation.assignment import Naming
from services.mediation.case import Cancellation, Condition, Side
from services.mediation.failing import Failing, fail
from services.mediation.opening import Word, approve, confirm
from services.mediation.reassignment import reassign
from services.mediation.sessions import Appointment, Cancelled, Held, Minutes, Moved
from services.mediation.views import CaseView
from shared.contracts.complaint import Track
from shared.contracts.envelope import UUID_PATTERN, instant
from shared.contracts.mediation import FailureReason, Settling
from shared.text import Line, Paragraphs, Slug

MOST_POINTS = 20  # of an agreement


class ApprovalWord(Body):
    approved: bool
    note: Paragraphs | None = None


class ConfirmedCondition(Body):
    condition: Condition


class NamedMediator(Body):
    mediator: Slug


class FailedCase(Body):
    reason: FailureReason
    recommended: Track = Field(description="where the complaint should go on; classification decides")
    note: Paragraphs | None = Field(default=None, description="for the file alone")


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
    points: Annotated[list[AgreedPoint], Field(min_length=1, max_length=MOST_POINTS)]


class Signed(Body):
    party: Annotated[str, Field(pattern=UUID_PATTERN)]


class JudgedPoint(Body):
    kept: bool
    note: Paragraphs | None = None


class AppointedSession(Body):
    at: AwareDatetime
    place: Line = Field(description="as the reporter is told it")


class CancelledSession(Body):
    reason: Cancellation


class HeldSession(Body):
    absent: Annotated[tuple[Annotated[str, Field(pattern=UUID_PATTERN)], ...], Field(max_length=50)] = ()


class WrittenDown(Body):
    text: Paragraphs


class CompletedGuidance(Body):
    words: Paragraphs = Field(description="for the reporter: what was agreed or advised")


async def give_word(handle: Handling, body: ApprovalWord) -> CaseView:
    """The word of the PPA unit. Without approval the matter goes back to classification."""
    return await handle.decide(Word(body.approved, handle.sealed_if(body.note)), approve, None)


async def confirm_condition(handle: Handling, body: ConfirmedCondition) -> CaseView:
    """The officer vouches for a condition of restorative justice."""
    return await handle(body.condition, confirm)


async def name_mediator(handle: Handling, body: NamedMediator) -> CaseView:
    """Gives the case to an officer, for the first time or from another."""
    return await handle.decide(Naming(body.mediator), reassign, handle.finder.successors)


async def give_back(handle: Handling, body: FailedCase) -> CaseView:
    """Gives the case back to classification, with the track that the officer recommends."""
    return await handle(Failing(body.reason, body.recommended, handle.sealed_if(body.note)), fail)


async def invite(handle: Handling, body: InvitedParty) -> CaseView:
    """Invites a party."""
    who = body.model_dump(exclude={"side"}, exclude_none=True)
    identity = handle.room.vault.seal("settlement", handle.complaint, who)
    # Made from the request's own id: repeated with its key, it names the same party.
    id_ = str(uuid5(NAMESPACE_URL, f"{handle.ask.message_id(handle.person)}|party"))
    return await handle(parties.Invitation(id_, body.side, identity), parties.invite)


async def answer(handle: Handling, party: str, body: ConsentAnswer) -> CaseView:
    """Records that a party agrees to take part, or refuses."""
    return await handle(parties.Answered(party, body.consent), parties.answer)


async def draft(handle: Handling, body: DraftedAgreement) -> CaseView:
    """Writes down what the parties agree on; signatures under an earlier draft are void."""
    terms = tuple(agreement.Term(handle.sealed(point.text), instant(point.due)) for point in body.points)
    words = {f"point_{number}": point.text for number, point in enumerate(body.points, start=1)}
    notice = handle.room.vault.seal("notice", handle.complaint, words)
    return await handle(agreement.Draft(terms, notice), agreement.draft)


async def sign(handle: Handling, body: Signed) -> CaseView:
    """Records that a party has signed. When all who take part have, the matter is settled."""
    return await handle(body.party, agreement.sign)


async def judge(handle: Handling, number: int, body: JudgedPoint) -> CaseView:
    """Records whether a point was kept. One that was broken gives the matter back to classification."""
    return await handle(agreement.Judgement(number, body.kept, handle.sealed_if(body.note)), agreement.judge)


async def schedule(handle: Handling, kind: Settling, body: AppointedSession) -> CaseView:
    """Sets a session or a visit, and tells the reporter when and where."""
    return await handle(_appointment(handle, body), meetings.schedule, kind)


async def move(handle: Handling, kind: Settling, number: int, body: AppointedSession) -> CaseView:
    """Gives a session or a visit another time or place."""
    return await handle(Moved(number, _appointment(handle, body)), meetings.move, kind)


async def cancel(handle: Handling, kind: Settling, number: int, body: CancelledSession) -> CaseView:
    """Calls a session or a visit off."""
    return await handle(Cancelled(number, body.reason), meetings.cancel, kind)


async def hold(handle: Handling, kind: Settling, number: int, body: HeldSession) -> CaseView:
    """Records that a session or a visit took place, and which parties did not come."""
    return await handle(Held(number, body.absent), meetings.hold, kind)


async def write_down(handle: Handling, kind: Settling, number: int, body: WrittenDown) -> CaseView:
    """Writes the minutes of a session, or the record of a visit."""
    return await handle(Minutes(number, handle.sealed(body.text)), meetings.write_down, kind)


async def plan(handle: Handling, body: WrittenDown) -> CaseView:
    """Writes down what the guidance is to bring about."""
    return await handle(handle.sealed(body.text), guidance.plan)


async def complete(handle: Handling, body: CompletedGuidance) -> CaseView:
    """Ends the guidance, and tells the reporter what was agreed or advised."""
    notice = handle.room.vault.seal("notice", handle.complaint, {"text": body.words})
    return await handle(guidance.Advice(notice), guidance.complete)


def _appointment(handle: Handling, body: AppointedSession) -> Appointment:
    return Appointment(instant(body.at), body.place, handle.sealed(body.place))
