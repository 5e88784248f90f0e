"""What evaluation says and hears."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.complaint import Fact, Sealed
from shared.contracts.envelope import Event

FindingSource = Literal["rule", "person"]


class SurveyScores(Fact):
    """The nine elements of the public service survey (SKM), each from 1 (bad) to 4 (good)."""

    u1: int = Field(ge=1, le=4, description="requirements")
    u2: int = Field(ge=1, le=4, description="procedure")
    u3: int = Field(ge=1, le=4, description="time")
    u4: int = Field(ge=1, le=4, description="cost")
    u5: int = Field(ge=1, le=4, description="product")
    u6: int = Field(ge=1, le=4, description="competence")
    u7: int = Field(ge=1, le=4, description="conduct")
    u8: int = Field(ge=1, le=4, description="facilities")
    u9: int = Field(ge=1, le=4, description="handling of complaints")


class FeedbackReceived(Event):
    """The reporter answered the survey after the complaint was closed."""

    wire: ClassVar[str] = "feedback.received.v1"
    scores: SurveyScores
    commented: bool = Field(default=False, description="whether there are words beside the scores")


class ComplaintReopenRequested(Event):
    """The reporter is not content with the end and asks to open the complaint again; why is sealed as narrative."""

    wire: ClassVar[str] = "complaint.reopen_requested.v1"
    sealed: Sealed = Sealed()


class FindingRaised(Event):
    """The service falls short somewhere. The subject is the finding, not a complaint."""

    wire: ClassVar[str] = "finding.raised.v1"
    source: FindingSource
    rule: str = Field(description="slug of the rule, or `person`")
    indicator: str = Field(description="slug of what was measured")
    scope: str = Field(description="which unit, category, village or element, as `kind:name`")
    value: float | None = None
    target: float | None = None
    month: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}$")


SAYS: tuple[type[Event], ...] = (FeedbackReceived, ComplaintReopenRequested, FindingRaised)

# Everything that tells of a complaint's course. Whether a message reached a phone is notification's own figure.
HEARS: tuple[str, ...] = (
    "complaint.submitted.v1",
    "complaint.supplemented.v1",
    "complaint.withdrawn.v1",
    "complaint.appealed.v1",
    "call.logged.v1",
    "complaint.verified.v1",
    "complaint.clarification_requested.v1",
    "complaint.rejected.v1",
    "complaint.linked.v1",
    "complaint.classified.v1",
    "complaint.reclassified.v1",
    "patrol.dispatched.v1",
    "patrol.arrived.v1",
    "investigation.assigned.v1",
    "investigation.progressed.v1",
    "investigation.escalated.v1",
    "investigation.concluded.v1",
    "mediation.assigned.v1",
    "mediation.scheduled.v1",
    "mediation.settled.v1",
    "mediation.failed.v1",
    "guidance.completed.v1",
    "referral.offered.v1",
    "referral.accepted.v1",
    "referral.declined.v1",
    "referral.updated.v1",
    "referral.completed.v1",
    "referral.overdue.v1",
    "internal_affairs.registered.v1",
    "internal_affairs.letter_sent.v1",
    "internal_affairs.concluded.v1",
    "internal_affairs.returned.v1",
    "internal_affairs.overdue.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
)
