"""A message to a reporter, the moves of its status, and the rules by which it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal, Self

from services.notification.preferences import Preferences, Quiet
from shared.contracts.complaint import Language
from shared.contracts.notification import Medium

# A one-time code: asked for by whoever waits for it, so that no wish and no quiet hour keeps it back.
CODE = "code"

MessageStatus = Literal["queued", "attempting", "sent", "delivered", "failed", "unknown", "dropped"]

# `dropped`: it is not sent, because another message tells it too, or because the reporter wants none. `queued` again:
# the attempt certainly did not get through. `unknown`: it may have. A receipt may come at any time after an attempt,
# and what it says stays.
MOVES: Mapping[MessageStatus, frozenset[MessageStatus]] = {
    "queued": frozenset(("attempting", "delivered", "failed", "dropped")),
    "attempting": frozenset(("attempting", "queued", "sent", "delivered", "failed", "unknown")),
    "unknown": frozenset(("attempting", "delivered", "failed")),
    "sent": frozenset(("delivered", "failed")),
    "delivered": frozenset(),
    "failed": frozenset(),
    "dropped": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one reporter. The id is also the client reference at the gateway and the Message-ID of a mail.

    `recipient` is the complaint whose reporter is told, `happened_at` is when what it tells happened. `due`: when it is
    to be sent, or when the attempt under way counts as lost, or when to ask after it. `claim` names the attempt under
    way, `uncertain` says that an earlier one may have got through. `sealed`: words for the reporter alone, as a notice.
    `told_by`: the officer who told the reporter otherwise, since it failed.
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
    happened_at: datetime | None = None
    status: MessageStatus = "queued"
    attempts: int = 0
    claim: str | None = None
    uncertain: bool = False
    settled_at: datetime | None = None
    reason: str | None = None
    sealed: str | None = None
    told_by: str | None = None

    @property
    def untried(self) -> bool:
        return self.status == "queued" and self.attempts == 0

    @property
    def was_held(self) -> bool:
        """Whether it was kept back, and has not been tried since."""
        return self.untried and self.due is not None and self.due > self.queued_at

    def wished(self, wishes: Preferences, now: datetime) -> Self:
        """A message that is not sent yet, as its reporter wants to have it, or dropped."""
        if self.template == CODE:
            return self
        if wishes.silent:
            return replace(self, status="dropped", due=None, settled_at=now, reason="unwanted")
        return replace(self, medium=wishes.medium or self.medium, language=wishes.language or self.language)


@dataclass(frozen=True, slots=True)
class Policy:
    """When messages may go out, and how often that is tried. Between two attempts lies one of the `waits`, so there is
    one attempt more than waits. A `lease` is how long an attempt may take before another process looks after it.

    Quiet hours that begin when they end are none. `digest` is how long a message waits, to be told with others.
    """

    zone: tzinfo
    quiet_from: time
    quiet_until: time
    waits: tuple[timedelta, ...]
    lease: timedelta
    digest: timedelta = timedelta(0)

    @property
    def attempts(self) -> int:
        return len(self.waits) + 1

    def allowed(self, moment: datetime, urgent: bool, own: Quiet | None = None) -> datetime:
        """The moment, or the end of the quiet hours that it falls into: the reporter's own, if there are any. What is
        urgent may go out at any time."""
        start, until = own.hours if own else (self.quiet_from, self.quiet_until)
        local = moment.astimezone(self.zone)
        clock = local.time()
        quiet = start <= clock < until if start <= until else clock >= start or clock < until
        if urgent or not quiet:
            return moment
        end = datetime.combine(local.date(), until, self.zone)
        if clock >= until:
            end = datetime.combine(local.date() + timedelta(days=1), until, self.zone)
        return end.astimezone(UTC)

    def after(self, wait: timedelta, moment: datetime, urgent: bool, own: Quiet | None = None) -> datetime:
        """When a message may go out that need not wait for others longer than that: before quiet hours rather than
        after them."""
        due = self.allowed(moment + wait, urgent, own)
        return moment if due > moment + wait and self.allowed(moment, urgent, own) == moment else due
