"""What referral says and hears."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Event

ReferralStep = Literal["scheduled", "in_progress", "waiting"]
ReferralOutcome = Literal["resolved", "partly_resolved", "not_resolvable"]


class ReferralOffered(Event):
    """An agency was asked to take the complaint over; it must answer by then or the next one is asked."""

    wire: ClassVar[str] = "referral.offered.v1"
    agency: str = Field(description="the agency's slug")
    attempt: int = Field(ge=1, description="counts the agencies asked for this complaint")
    answer_by: AwareDatetime


class ReferralAccepted(Event):
    """The agency has the complaint: it is its owner of record now."""

    wire: ClassVar[str] = "referral.accepted.v1"
    agency: str
    reference: str | None = Field(default=None, description="the number under which the agency keeps it")
    collaborators: tuple[str, ...] = Field(default=(), description="agencies that help the owner")
    complete_by: AwareDatetime | None = None


class ReferralDeclined(Event):
    """No agency took the complaint; classification decides where it goes on."""

    wire: ClassVar[str] = "referral.declined.v1"
    reason: str


class ReferralUpdated(Event):
    """The agency tells how it goes on; its words for the reporter are in `sealed.notice`."""

    wire: ClassVar[str] = "referral.updated.v1"
    agency: str
    step: ReferralStep
    sealed: Sealed = Sealed()


class ReferralCompleted(Event):
    """The agency is done; its words for the reporter are in `sealed.notice`."""

    wire: ClassVar[str] = "referral.completed.v1"
    agency: str
    outcome: ReferralOutcome
    sealed: Sealed = Sealed()


class ReferralOverdue(Event):
    """An agency did not answer, or did not finish, in time."""

    wire: ClassVar[str] = "referral.overdue.v1"
    agency: str
    stage: Literal["answer", "completion"]
    level: int = Field(ge=1, description="counts the alarms of this stage")


SAYS: tuple[type[Event], ...] = (
    ReferralOffered,
    ReferralAccepted,
    ReferralDeclined,
    ReferralUpdated,
    ReferralCompleted,
    ReferralOverdue,
)

HEARS: tuple[str, ...] = (
    "complaint.classified.v1",
    "complaint.reclassified.v1",
    "complaint.linked.v1",
    "complaint.withdrawn.v1",
    "complaint.rejected.v1",
    "complaint.supplemented.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
)
