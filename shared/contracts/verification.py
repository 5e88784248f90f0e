"""What verification says and hears."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import UUID_PATTERN, Event

Missing = Literal["what", "where", "when", "who", "other"]
RejectionReason = Literal[
    "outside_jurisdiction", "not_police_business", "incomplete", "implausible", "already_settled", "false_report"
]


class ComplaintVerified(Event):
    """The report is fit to be acted on. `provisional`: passed on at once, its checks go on beside."""

    wire: ClassVar[str] = "complaint.verified.v1"
    report: Report
    category_hint: str | None = None
    provisional: bool = False
    warnings: tuple[str, ...] = Field(default=(), description="names of the checks that warned")
    officer: str | None = Field(default=None, description="person id; None where every check passed by itself")
    on_appeal: bool = Field(default=False, description="had been rejected before; the reporter's appeal was upheld")


class ComplaintClarificationRequested(Event):
    """The reporter is asked for what is missing; the officer's own words are in `sealed.notice`."""

    wire: ClassVar[str] = "complaint.clarification_requested.v1"
    missing: tuple[Missing, ...]
    answer_by: AwareDatetime
    sealed: Sealed = Sealed()


class ComplaintRejected(Event):
    """An officer ended the report with a reason; the reporter may appeal until then."""

    wire: ClassVar[str] = "complaint.rejected.v1"
    reason: RejectionReason
    appeal_until: AwareDatetime
    officer: str
    sealed: Sealed = Sealed()
    final: bool = Field(default=False, description="decides an appeal; there is no other, and `appeal_until` is over")


class ComplaintLinked(Event):
    """The report tells of an incident that an earlier one told of. Its reporter stays informed through that one."""

    wire: ClassVar[str] = "complaint.linked.v1"
    linked_to: str = Field(pattern=UUID_PATTERN, description="the earlier complaint")
    officer: str
    report: Report


SAYS: tuple[type[Event], ...] = (
    ComplaintVerified,
    ComplaintClarificationRequested,
    ComplaintRejected,
    ComplaintLinked,
)

# Wire names, not classes: the events of a neighbour must not have to be imported to be listened to.
HEARS: tuple[str, ...] = (
    "complaint.submitted.v1",
    "complaint.supplemented.v1",
    "complaint.withdrawn.v1",
    "complaint.appealed.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
    "complaint.contact_confirmed.v1",
)
