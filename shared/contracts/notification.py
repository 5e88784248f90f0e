"""What notification says and hears."""

from typing import ClassVar, Literal

from shared.contracts.envelope import Event

Medium = Literal["sms", "email"]


class NotificationSent(Event):
    """A message to a reporter was taken over by the gateway or mail server."""

    wire: ClassVar[str] = "notification.sent.v1"
    message: str
    medium: Medium
    template: str


class NotificationFailed(Event):
    """A message to a reporter could not be delivered and is not tried again."""

    wire: ClassVar[str] = "notification.failed.v1"
    message: str
    medium: Medium
    template: str
    reason: str


SAYS: tuple[type[Event], ...] = (NotificationSent, NotificationFailed)

HEARS: tuple[str, ...] = (
    "complaint.submitted.v1",
    "complaint.supplemented.v1",
    "complaint.withdrawn.v1",
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
    "investigation.concluded.v1",
    "complaint.appealed.v1",
    "mediation.assigned.v1",
    "mediation.scheduled.v1",
    "mediation.cancelled.v1",
    "mediation.settled.v1",
    "mediation.failed.v1",
    "guidance.completed.v1",
    "referral.offered.v1",
    "referral.accepted.v1",
    "referral.declined.v1",
    "referral.updated.v1",
    "referral.completed.v1",
    "internal_affairs.registered.v1",
    "internal_affairs.letter_sent.v1",
    "internal_affairs.concluded.v1",
    "internal_affairs.returned.v1",
    "feedback.received.v1",
    "complaint.reopen_requested.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
    "complaint.contact_code_issued.v1",
)
