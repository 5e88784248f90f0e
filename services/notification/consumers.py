"""Which event leads to which audience; the decision is the same for all."""

from functools import partial

from services.notification.audience import Audience
from services.notification.codes import send_code
from services.notification.domain import hear, named
from services.notification.settings import settings_of
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Event
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
from shared.handlers import On
from shared.room import Room
from shared.told import earlier

OWN: tuple[type[Event], ...] = (
    ComplaintSubmitted,
    ComplaintAppealed,
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintReopenRequested,
    MediationScheduled,
    MediationCancelled,
)
EVERYONE: tuple[type[Event], ...] = (
    ComplaintVerified,
    ComplaintRejected,
    ComplaintReclassified,
    PatrolDispatched,
    InvestigationAssigned,
    InvestigationProgressed,
    InvestigationConcluded,
    MediationAssigned,
    MediationSettled,
    GuidanceCompleted,
    ReferralAccepted,
    ReferralUpdated,
    ReferralCompleted,
    ConductCaseRegistered,
    ConductLetterSent,
    ConductCaseConcluded,
)
NOBODY: tuple[type[Event], ...] = (
    ComplaintSupplemented,
    ComplaintWithdrawn,
    ComplaintClassified,
    PatrolArrived,
    MediationFailed,
    ReferralOffered,
    ReferralDeclined,
    ConductCaseReturned,
    FeedbackReceived,
)


def handlers(room: Room) -> list[On]:
    settings = settings_of(room)
    decide = partial(hear, settings.policy())
    audience = Audience(room, settings.media)
    return [
        *(On(event, decide, audience.own) for event in OWN),
        *(On(event, decide, audience.everyone) for event in EVERYONE),
        *(On(event, decide) for event in NOBODY),
        On(ConductConflictFound, named),
        On(ComplaintLinked, named, case_id=earlier),
        On(ContactCodeIssued, send_code),
    ]
