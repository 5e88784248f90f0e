"""What investigation says and hears."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Event

Milestone = Literal[
    "inquiry_opened",
    "case_conference",
    "investigation_opened",
    "prosecutor_notified",
    "file_sent",
    "file_returned",
    "file_complete",
]
ProgressLetter = Literal["A1", "A2", "A3", "A4", "A5"]
Difficulty = Literal["easy", "medium", "hard", "very_hard"]
EscalationReason = Literal[
    "patrol_unacknowledged", "patrol_unavailable", "no_detective", "letter_overdue", "unanswered"
]
Outcome = Literal["handed_to_prosecutor", "not_a_crime", "stopped", "restorative_justice", "transferred", "withdrawn"]


class PatrolDispatched(Event):
    """A patrol was sent; it must acknowledge by then or another is sent."""

    wire: ClassVar[str] = "patrol.dispatched.v1"
    patrol: str
    attempt: int = Field(ge=1)
    acknowledge_by: AwareDatetime


class PatrolArrived(Event):
    """The patrol is on the scene."""

    wire: ClassVar[str] = "patrol.arrived.v1"
    patrol: str
    seconds: int = Field(ge=0, description="from the first dispatch to the arrival")


class InvestigationAssigned(Event):
    """A detective has the case. `sealed.notice` names the investigator to the reporter."""

    wire: ClassVar[str] = "investigation.assigned.v1"
    detective: str
    unit: str
    previous: str | None = Field(default=None, description="the detective who had it before")
    letter_due: AwareDatetime = Field(description="when the first SP2HP is due")
    sealed: Sealed = Sealed()


class InvestigationProgressed(Event):
    """A milestone was reached or a progress letter (SP2HP) was sent; its words are in `sealed.notice`."""

    wire: ClassVar[str] = "investigation.progressed.v1"
    milestone: Milestone | None = None
    letter: ProgressLetter | None = None
    letter_due: AwareDatetime | None = Field(default=None, description="when the next SP2HP is due")
    sealed: Sealed = Sealed()


class InvestigationEscalated(Event):
    """Something that was due did not happen, or nobody could be found to do it."""

    wire: ClassVar[str] = "investigation.escalated.v1"
    reason: EscalationReason
    level: int = Field(ge=1)


class InvestigationConcluded(Event):
    """The investigation has ended with this outcome; `reason` is the article's slug where it was stopped."""

    wire: ClassVar[str] = "investigation.concluded.v1"
    outcome: Outcome
    reason: str | None = None
    letter: ProgressLetter | None = None
    sealed: Sealed = Sealed()


SAYS: tuple[type[Event], ...] = (
    PatrolDispatched,
    PatrolArrived,
    InvestigationAssigned,
    InvestigationProgressed,
    InvestigationEscalated,
    InvestigationConcluded,
)

HEARS: tuple[str, ...] = (
    "complaint.classified.v1",
    "complaint.reclassified.v1",
    "complaint.linked.v1",
    "complaint.supplemented.v1",
    "complaint.withdrawn.v1",
    "complaint.rejected.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
)
