"""Invented complaints and their events, as notification hears them."""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notification.domain import Correspondence, Recipient, hear
from services.notification.message import Policy
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed, Urgency
from shared.contracts.envelope import Envelope, Event, Lane
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationConcluded,
    InvestigationProgressed,
    PatrolArrived,
    PatrolDispatched,
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


def classification(urgency: Urgency = "P3") -> Classification:
    return Classification(
        category="theft",
        urgency=urgency,
        tracks=("investigation",),
        mediation="never",
        units=("Pidum",),
        confidence=0.9,
    )


def submitted(**fields: Any) -> ComplaintSubmitted:
    return ComplaintSubmitted(report=report(**fields))


def verified(provisional: bool = False) -> ComplaintVerified:
    return ComplaintVerified(report=report(), provisional=provisional)


def classified(urgency: Urgency = "P3") -> ComplaintClassified:
    return ComplaintClassified(report=report(), classification=classification(urgency))


def reclassified(urgency: Urgency = "P3", reason: str = "officer_decision") -> ComplaintReclassified:
    return ComplaintReclassified(
        report=report(), classification=classification(urgency), previous=classification(), reason=reason
    )


def asked(by: datetime = NOON + timedelta(days=3), notice: str | None = None) -> ComplaintClarificationRequested:
    return ComplaintClarificationRequested(missing=("where", "when"), answer_by=by, sealed=Sealed(notice=notice))


def supplemented() -> ComplaintSupplemented:
    return ComplaintSupplemented(supplement="s-1", sealed=Sealed())


def rejected(notice: str | None = None) -> ComplaintRejected:
    return ComplaintRejected(
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


ONE_OF_EACH: tuple[Event, ...] = (
    submitted(),
    supplemented(),
    withdrawn(),
    verified(),
    verified(provisional=True),
    asked(),
    rejected(),
    linked(),
    classified(),
    reclassified(),
    reclassified(reason="reopened"),
    dispatched(),
    arrived(),
    assigned(),
    assigned(previous="detective-0"),
    progressed(),
    progressed(milestone="inquiry_opened"),
    progressed(letter=None, milestone="file_sent"),
    concluded(),
)

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
