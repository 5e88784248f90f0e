"""A message to a reporter, the moves of its status, and the rules by which it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal

from shared.contracts.complaint import Language
from shared.contracts.notification import Medium

MessageStatus = Literal["queued", "attempting", "sent", "delivered", "failed", "unknown"]

# `queued` again: the attempt certainly did not get through. `unknown`: it may have. A receipt may come at any time
# after an attempt, and what it says stays.
MOVES: Mapping[MessageStatus, frozenset[MessageStatus]] = {
    "queued": frozenset(("attempting", "delivered", "failed")),
    "attempting": frozenset(("attempting", "queued", "sent", "delivered", "failed", "unknown")),
    "unknown": frozenset(("attempting", "delivered", "failed")),
    "sent": frozenset(("delivered", "failed")),
    "delivered": frozenset(),
    "failed": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one reporter. The id is also the client reference at the gateway and the Message-ID of a mail.

    `recipient` is the complaint whose reporter is told. `due`: when it is to be sent, or when the attempt under way
    counts as lost, or when to ask after it. `claim` names the attempt under way, `uncertain` says that an earlier one
    may have got through.
    """

    id: str
    recipient: str
    register_number: str
    language: Language
    medium: Medium
    template: str
    queued_at: datetime
    due: datetime | None
    by: datetime | None = None
    status: MessageStatus = "queued"
    attempts: int = 0
    claim: str | None = None
    uncertain: bool = False
    settled_at: datetime | None = None
    reason: str | None = None

    @property
    def untried(self) -> bool:
        return self.status == "queued" and self.attempts == 0


@dataclass(frozen=True, slots=True)
class Policy:
    """When messages may go out, and how often that is tried. Between two attempts lies one of the `waits`, so there is
    one attempt more than waits. A `lease` is how long an attempt may take before another process looks after it.

    Quiet hours that begin when they end are none.
    """

    zone: tzinfo
    quiet_from: time
    quiet_until: time
    waits: tuple[timedelta, ...]
    lease: timedelta

    @property
    def attempts(self) -> int:
        return len(self.waits) + 1

    def allowed(self, moment: datetime, urgent: bool) -> datetime:
        """The moment, or the end of the quiet hours that it falls into. What is urgent may go out at any time."""
        local = moment.astimezone(self.zone)
        clock = local.time()
        if self.quiet_from <= self.quiet_until:
            quiet = self.quiet_from <= clock < self.quiet_until
        else:
            quiet = clock >= self.quiet_from or clock < self.quiet_until
        if urgent or not quiet:
            return moment
        end = datetime.combine(local.date(), self.quiet_until, self.zone)
        if clock >= self.quiet_until:
            end = datetime.combine(local.date() + timedelta(days=1), self.quiet_until, self.zone)
        return end.astimezone(UTC)
