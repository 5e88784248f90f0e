"""What each event adds to the public timeline of its complaint."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.notification.timeline import Entry, Timeline
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, Event, instant
from shared.contracts.evaluation import ComplaintReopenRequested, FeedbackReceived
from shared.contracts.intake import (
    ComplaintAppealed,
    ComplaintSubmitted,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    ContactCodeIssued,
)
from shared.contracts.internal_affairs import (
    ConductCaseConcluded,
    ConductCaseRegistered,
    ConductCaseReturned,
    ConductConflictFound,
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


class _Line(NamedTuple):
    key: str
    details: tuple[str, ...] = ()
    by: datetime | None = None
    notice: str | None = None


def entries(message: Envelope[Any]) -> Timeline:
    """The lines that an event adds; none where it tells a reporter nothing."""
    return tuple(
        Entry(
            event=message.id,
            time=instant(message.time),
            sequence=message.sequence,
            key=line.key,
            details=line.details,
            by=instant(line.by) if line.by else None,
            notice=line.notice,
        )
        for line in LINES[type(message.data)](message.data)
    )


def _verified(data: ComplaintVerified) -> list[_Line]:
    return [_Line("forwarded" if data.provisional else "verified")]


def _question(data: ComplaintClarificationRequested) -> list[_Line]:
    return [_Line("clarification", data.missing, data.answer_by, data.sealed.notice)]


def _rejected(data: ComplaintRejected) -> list[_Line]:
    if data.final:
        return [_Line("rejected_finally", (data.reason,), None, data.sealed.notice)]
    return [_Line("rejected", (data.reason,), data.appeal_until, data.sealed.notice)]


def _reclassified(data: ComplaintReclassified) -> list[_Line]:
    key = "reopened" if data.reason == "reopened" else "reclassified"
    return [_Line(key, data.classification.tracks)]


def _assigned(data: InvestigationAssigned) -> list[_Line]:
    return [_Line("reassigned" if data.previous else "assigned", (), data.letter_due, data.sealed.notice)]


def _progressed(data: InvestigationProgressed) -> list[_Line]:
    lines = [_Line("milestone", (data.milestone,))] if data.milestone else []
    lines += [_Line("letter", (data.letter,))] if data.letter else []
    # The words and the next date belong to the letter where there is one.
    return [*lines[:-1], lines[-1]._replace(by=data.letter_due, notice=data.sealed.notice)] if lines else []


def _concluded(data: InvestigationConcluded) -> list[_Line]:
    return [_Line("concluded", (data.outcome,), None, data.sealed.notice)]


def _mediator(data: MediationAssigned) -> list[_Line]:
    return [_Line("mediator_changed" if data.previous else "mediator_assigned", (data.kind,), None, data.sealed.notice)]


def _session(data: MediationScheduled) -> list[_Line]:
    return [_Line("session_moved" if data.moved_from else "session", (data.kind,), data.at, data.sealed.notice)]


def _settled(data: MediationSettled) -> list[_Line]:
    return [_Line("mediation_settled", (), data.kept_by, data.sealed.notice)]


def _guided(data: GuidanceCompleted) -> list[_Line]:
    return [_Line("guidance_completed", (), None, data.sealed.notice)]


def _accepted(data: ReferralAccepted) -> list[_Line]:
    return [_Line("referral_accepted", (data.agency, *data.collaborators), data.complete_by)]


def _updated(data: ReferralUpdated) -> list[_Line]:
    return [_Line("referral_updated", (data.step,), None, data.sealed.notice)]


def _completed(data: ReferralCompleted) -> list[_Line]:
    return [_Line("referral_completed", (data.outcome,), None, data.sealed.notice)]


def _conduct_letter(data: ConductLetterSent) -> list[_Line]:
    return [_Line("conduct_letter", (), data.result_by, data.sealed.notice)]


def _conduct_concluded(data: ConductCaseConcluded) -> list[_Line]:
    return [_Line("conduct_concluded", (data.outcome,), None, data.sealed.notice)]


# Why a mediation failed, and why an agency declined, is not said: it may be about the other party, or another's words.
# Which agency was asked is said once it has accepted.
LINES: Mapping[type[Event], Callable[[Any], list[_Line]]] = {
    ComplaintSubmitted: lambda data: [_Line("received")],
    ComplaintSupplemented: lambda data: [_Line("supplemented")],
    ComplaintWithdrawn: lambda data: [_Line("withdrawn")],
    ComplaintAppealed: lambda data: [_Line("appealed")],
    ComplaintVerified: _verified,
    ComplaintClarificationRequested: _question,
    ComplaintRejected: _rejected,
    ComplaintLinked: lambda data: [_Line("linked", (data.linked_to,))],
    ComplaintClassified: lambda data: [_Line("classified", data.classification.tracks)],
    ComplaintReclassified: _reclassified,
    PatrolDispatched: lambda data: [_Line("patrol_dispatched")],
    PatrolArrived: lambda data: [_Line("patrol_arrived")],
    InvestigationAssigned: _assigned,
    InvestigationProgressed: _progressed,
    InvestigationConcluded: _concluded,
    MediationAssigned: _mediator,
    MediationScheduled: _session,
    MediationCancelled: lambda data: [_Line("session_cancelled", (data.kind,), data.at)],
    MediationSettled: _settled,
    MediationFailed: lambda data: [_Line("mediation_failed")],
    GuidanceCompleted: _guided,
    ReferralOffered: lambda data: [_Line("referral_offered", (), data.answer_by)],
    ReferralAccepted: _accepted,
    ReferralUpdated: _updated,
    ReferralCompleted: _completed,
    ReferralDeclined: lambda data: [_Line("referral_declined")],
    ConductCaseRegistered: lambda data: [_Line("conduct_registered", (), data.letter_by)],
    ConductLetterSent: _conduct_letter,
    ConductCaseConcluded: _conduct_concluded,
    ConductCaseReturned: lambda data: [_Line("conduct_returned")],
    ConductConflictFound: lambda data: [],
    FeedbackReceived: lambda data: [_Line("feedback")],
    ComplaintReopenRequested: lambda data: [_Line("reopen_requested")],
    ContactCodeIssued: lambda data: [],  # is sent and shown nowhere
}
