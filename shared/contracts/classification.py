"""What classification says and hears. It alone owns the track of a complaint."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.complaint import Fact, MediationRule, Report, Track, Urgency
from shared.contracts.envelope import Event


class Classification(Fact):
    """What kind of matter it is, how soon it must be met and who settles it."""

    category: str = Field(description="code in the taxonomy")
    urgency: Urgency
    tracks: tuple[Track, ...] = Field(min_length=1)
    mediation: MediationRule
    units: tuple[str, ...]
    partners: tuple[str, ...] = ()
    confidence: float = Field(ge=0, le=1)
    officer: str | None = Field(default=None, description="person id; None where the rules were sure")


class ComplaintClassified(Event):
    """The complaint has its category, urgency and track."""

    wire: ClassVar[str] = "complaint.classified.v1"
    report: Report
    classification: Classification
    provisional: bool = False


class ComplaintReclassified(Event):
    """A later decision moved the complaint; whoever holds it on a track it has left lets go."""

    wire: ClassVar[str] = "complaint.reclassified.v1"
    report: Report
    classification: Classification
    previous: Classification
    reason: str = Field(
        description="slug: officer_decision, mediation_failed, referral_declined, not_misconduct, reopened"
    )


SAYS: tuple[type[Event], ...] = (ComplaintClassified, ComplaintReclassified)

HEARS: tuple[str, ...] = (
    "complaint.verified.v1",
    "complaint.rejected.v1",
    "complaint.linked.v1",
    "mediation.failed.v1",
    "referral.declined.v1",
    "internal_affairs.returned.v1",
    "complaint.reopen_requested.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
)
