"""Invented complaints and their events, as notification hears them."""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notification.domain import Correspondence, Recipient, hear
from services.notification.message import Policy
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed, Track, Urgency
from shared.contracts.envelope import Envelope, Event, Lane
from shared.contracts.evaluation import ComplaintReopenRequested, FeedbackReceived, SurveyScores
from shared.contracts.intake import ComplaintAppealed, ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import (
    ConductCaseConcluded,
    ConductCaseRegistered,
    ConductCaseReturned,
    ConductLetterSent,
)
from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationConcluded,
    InvestigationProgressed,
    PatrolArrived,
    PatrolDispatched,
)
from shared.contracts.mediation import (
    GuidanceCompleted,
    MediationAssigned,
    MediationCancelled,
    MediationFailed,
    MediationScheduled,
    MediationSettled,
    Settling,
)
from shared.contracts.referral import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralDeclined,
    ReferralOffered,
    ReferralUpdated,
)
from shared.contracts.verification import (
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintRejected,
    ComplaintVerified,
)

OWN = "019ab000-0000-7000-8000-000000000001"
EARLIER = "019ab000-0000-7000-8000-000000000002"
REGISTER = "LP/B/002811/XI/2026/SPKT/POLRES SUKAMAJU"
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12.00 WIB
NIGHT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # 23.00 WIB
MORNING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)  # 07.00 WIB

POLICY = Policy(
    zone=ZoneInfo("Asia/Jakarta"),
    quiet_from=time(21),
    quiet_until=time(7),
    waits=(timedelta(seconds=10), timedelta(seconds=60)),
    lease=timedelta(seconds=60),
)
ME = Recipient(OWN, REGISTER, "id", "sms")
FOLLOWER = Recipient(EARLIER, "LP/B/002999/XI/2026/SPKT/POLRES SUKAMAJU", "en", "email")


def report(register_number: str = REGISTER, **fields: Any) -> Report:
    return Report.model_validate(
        {
            "register_number": register_number,
            "channel": "web",
            "identity_level": "claimed",
            "received_at": NOON,
            **fields,
        }
    )


def classification(urgency: Urgency = "P3", *tracks: Track) -> Classification:
    return Classification(
        category="theft",
        urgency=urgency,
        tracks=tracks or ("investigation",),
        mediation="never",
        units=("Pidum",),
        confidence=0.9,
    )


def submitted(**fields: Any) -> ComplaintSubmitted:
    return ComplaintSubmitted(report=report(**fields))


def verified(provisional: bool = False) -> ComplaintVerified:
    return ComplaintVerified(report=report(), provisional=provisional)


def classified(urgency: Urgency = "P3", *tracks: Track) -> ComplaintClassified:
    return ComplaintClassified(report=report(), classification=classification(urgency, *tracks))


def reclassified(urgency: Urgency = "P3", *tracks: Track, reason: str = "officer_decision") -> ComplaintReclassified:
    return ComplaintReclassified(
        report=report(), classification=classification(urgency, *tracks), previous=classification(), reason=reason
    )


def asked(by: datetime = NOON + timedelta(days=3), notice: str | None = None) -> ComplaintClarificationRequested:
    return ComplaintClarificationRequested(missing=("where", "when"), answer_by=by, sealed=Sealed(notice=notice))


def supplemented() -> ComplaintSupplemented:
    return ComplaintSupplemented(supplement="s-1", sealed=Sealed())


def rejected(notice: str | None = None, final: bool = False) -> ComplaintRejected:
    return ComplaintRejected(
        final=final,
        reason="already_settled",
        appeal_until=NOON + timedelta(days=14),
        officer="officer-1",
        sealed=Sealed(notice=notice),
    )


def linked(to: str = EARLIER, **fields: Any) -> ComplaintLinked:
    return ComplaintLinked(linked_to=to, officer="officer-1", report=report(**fields))


def withdrawn() -> ComplaintWithdrawn:
    return ComplaintWithdrawn()


def dispatched(attempt: int = 1) -> PatrolDispatched:
    return PatrolDispatched(patrol="patrol-1", attempt=attempt, acknowledge_by=NOON)


def arrived() -> PatrolArrived:
    return PatrolArrived(patrol="patrol-1", seconds=300)


def assigned(previous: str | None = None, notice: str | None = None) -> InvestigationAssigned:
    return InvestigationAssigned(
        detective="detective-1",
        unit="Pidum",
        previous=previous,
        letter_due=NOON + timedelta(days=3),
        sealed=Sealed(notice=notice),
    )


def progressed(letter: Any = "A4", milestone: Any = None, notice: str | None = None) -> InvestigationProgressed:
    return InvestigationProgressed(
        milestone=milestone, letter=letter, letter_due=NOON + timedelta(days=30), sealed=Sealed(notice=notice)
    )


def concluded(notice: str | None = None) -> InvestigationConcluded:
    return InvestigationConcluded(outcome="handed_to_prosecutor", sealed=Sealed(notice=notice))


def appealed() -> ComplaintAppealed:
    return ComplaintAppealed(sealed=Sealed())


def mediator(previous: str | None = None, kind: Settling = "mediation", notice: str | None = None) -> MediationAssigned:
    return MediationAssigned(kind=kind, mediator="bhabin-1", previous=previous, sealed=Sealed(notice=notice))


def session(at: datetime = NOON + timedelta(days=2), moved_from: datetime | None = None) -> MediationScheduled:
    return MediationScheduled(kind="mediation", session=1, at=at, moved_from=moved_from)


def called_off(at: datetime = NOON + timedelta(days=2)) -> MediationCancelled:
    return MediationCancelled(kind="mediation", session=1, at=at)


def settled(kept_by: datetime | None = NOON + timedelta(days=60)) -> MediationSettled:
    return MediationSettled(points=2, kept_by=kept_by)


def failed() -> MediationFailed:
    return MediationFailed(recommended="investigation", reason="no_agreement")


def guided() -> GuidanceCompleted:
    return GuidanceCompleted(visits=2)


def offered(attempt: int = 1) -> ReferralOffered:
    return ReferralOffered(agency="damkar-sukamaju", attempt=attempt, answer_by=NOON + timedelta(days=1))


def accepted() -> ReferralAccepted:
    return ReferralAccepted(
        agency="damkar-sukamaju", collaborators=("bpbd-sukamaju",), complete_by=NOON + timedelta(days=7)
    )


def updated() -> ReferralUpdated:
    return ReferralUpdated(agency="damkar-sukamaju", step="in_progress")


def completed() -> ReferralCompleted:
    return ReferralCompleted(agency="damkar-sukamaju", outcome="resolved")


def declined() -> ReferralDeclined:
    return ReferralDeclined(reason="nobody")


def registered() -> ConductCaseRegistered:
    return ConductCaseRegistered(letter_by=NOON + timedelta(days=28))


def conduct_letter() -> ConductLetterSent:
    return ConductLetterSent(number=1, result_by=NOON + timedelta(days=56))


def conduct_concluded() -> ConductCaseConcluded:
    return ConductCaseConcluded(outcome="proven")


def conduct_returned() -> ConductCaseReturned:
    return ConductCaseReturned()


def feedback() -> FeedbackReceived:
    return FeedbackReceived(scores=SurveyScores(u1=4, u2=4, u3=3, u4=4, u5=4, u6=4, u7=4, u8=4, u9=4))


def reopen_requested() -> ComplaintReopenRequested:
    return ComplaintReopenRequested()


_numbers = count(1)


def said(
    data: Event,
    minute: float = 0,
    *,
    subject: str = OWN,
    lane: Lane = "normal",
    event_id: str | None = None,
    since: datetime = NOON,
    sequence: int | None = None,
) -> Envelope[Any]:
    """An event of the complaint, so many minutes after the start."""
    return Envelope[Any](
        id=event_id or str(UUID(int=next(_numbers))),
        type=data.wire,
        source="test",
        subject=subject,
        time=since + timedelta(minutes=minute),
        sequence=sequence or max(1, int(minute) + 1),
        polres="polres-sukamaju",
        lane=lane,
        data=data,
    )


def told(
    *events: Envelope[Any],
    now: datetime = NOON,
    audience: tuple[Recipient, ...] = (ME,),
    case: Correspondence | None = None,
) -> Correspondence:
    """The case after the events, as they came in."""
    for event in events:
        case = hear(POLICY, case, event, now, audience).case
    assert case is not None
    return case


def templates(case: Correspondence, recipient: str = OWN) -> list[str]:
    return [message.template for message in case.messages if message.recipient == recipient]
