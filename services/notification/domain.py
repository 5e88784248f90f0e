"""What each event means for the reporter: a line on the timeline, and perhaps a message.

A message tells news. What something later has overtaken is put in its place on the timeline and sent to nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.notification import news, timeline
from services.notification.entries import entries
from services.notification.message import CODE, Message, Policy
from services.notification.preferences import Preferences, Quiet
from services.notification.timeline import Entry, Timeline
from shared.contracts.complaint import Language, Report, Urgency
from shared.contracts.envelope import Command, Decision, Envelope, Lane, Person
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.notification import Medium
from shared.contracts.refusals import Absent, TooEarly
from shared.contracts.verification import ComplaintLinked
from shared.told import about

MESSAGES_KEPT = 500

_HURRIED: frozenset[Urgency] = frozenset(("P1", "P2"))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can be told: the reporter of this complaint, by this medium, not in these quiet hours."""

    complaint: str
    register_number: str
    language: Language
    medium: Medium
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What one complaint's reporter may see and was told.

    `lookup` finds it by the tracking code, `contact` is sealed for this complaint, `linked_to` is the earlier complaint
    through which its reporter is told now, `due` is when the first of its messages needs looking after. `units` are
    those that the classification in force names. `unreached_since` is when the first word failed of which `unreached`
    tells.
    """

    polres: str
    lane: Lane
    register_number: str
    received_at: datetime
    language: Language
    conflicts: tuple[str, ...] = ()
    contact: str | None = None
    lookup: str | None = None
    urgency: Urgency | None = None
    units: tuple[str, ...] = ()
    linked_to: str | None = None
    preferences: Preferences = field(default_factory=Preferences)
    timeline: Timeline = ()
    messages: tuple[Message, ...] = ()
    due: datetime | None = None
    unreached_since: datetime | None = None

    @property
    def hurried(self) -> bool:
        """Whether its messages may go out in quiet hours. The urgent lane counts until the urgency is known."""
        return self.urgency in _HURRIED if self.urgency else self.lane == "urgent"

    @property
    def wishes(self) -> Preferences:
        """The reporter's preferences, with the language of the report where none was chosen."""
        return replace(self.preferences, language=self.preferences.language or self.language)

    @property
    def unreached(self) -> tuple[Message, ...]:
        """The last word to each reporter, where it failed and no officer has told them since. Any word that gets
        through leads to the tracking page, which says all. Who waits for a code asks for another."""
        settled = (m for m in self.messages if m.template != CODE and m.status in ("sent", "delivered", "failed"))
        last = {message.recipient: message for message in settled}
        return tuple(m for m in last.values() if m.status == "failed" and m.reason != "unwanted" and m.told_by is None)

    def visible_to(self, person: Person) -> bool:
        """Whether it is of a complaint of the person's Polres, and not about them or a unit of theirs."""
        return self.polres in person.units and {person.id, *person.units}.isdisjoint(self.conflicts)


def hear(
    policy: Policy,
    case: Correspondence | None,
    message: Envelope[Any],
    now: datetime,
    audience: tuple[Recipient, ...] = (),
) -> Decision[Correspondence]:
    """Puts an event on the timeline and queues the messages that it is worth.

    Raises TooEarly where nothing is known of the complaint yet and the event brings no report.
    """
    after = _acquainted(case, message)
    for entry in entries(message):
        if not timeline.known(after.timeline, entry):
            after = _told(policy, after, entry, message.subject, now, audience)
    after = with_messages(after, _released(_worth_sending(after, message.subject), after.hurried, now))
    return Decision(case if after == case else after)


def named(
    case: Correspondence | None, message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked], now: datetime
) -> Decision[Correspondence]:
    """It is about further persons or units, who may not see what was sent for it. Its reporter is told nothing."""
    if case is not None:
        conflicts = about(case.conflicts, message)
        return Decision(case if set(conflicts) == set(case.conflicts) else replace(case, conflicts=conflicts))
    if about((), message):
        raise TooEarly("unknown_complaint", "Nothing is known of this complaint yet.")
    return Decision(None)


def with_messages(case: Correspondence, messages: Iterable[Message]) -> Correspondence:
    """The case with these messages, of which the oldest settled ones are let go, and with its times set anew."""
    kept = list(messages)
    while len(kept) > MESSAGES_KEPT:
        del kept[next((n for n, message in enumerate(kept) if message.due is None), 0)]
    due = min((message.due for message in kept if message.due), default=None)
    after = replace(case, messages=tuple(kept), due=due)
    return replace(after, unreached_since=min((m.settled_at for m in after.unreached if m.settled_at), default=None))


def _acquainted(case: Correspondence | None, message: Envelope[Any]) -> Correspondence:
    report: Report | None = getattr(message.data, "report", None)
    if case is None:
        if report is None:
            raise TooEarly("unknown_complaint", "Nothing is known of this complaint yet.")
        case = Correspondence(
            polres=message.polres,
            lane=message.lane,
            register_number=report.register_number,
            received_at=report.received_at,
            language=report.language,
        )
    if report:
        # Whoever has once been named as a party to the matter stays shut out.
        conflicts = tuple(dict.fromkeys((*case.conflicts, *report.conflicts)))
        case = replace(case, conflicts=conflicts, contact=case.contact or report.sealed.contact)
    classification = getattr(message.data, "classification", None)
    if classification and _is_latest_classification(case, message):
        case = replace(case, urgency=classification.urgency, units=classification.units)
    lookup = case.lookup or getattr(message.data, "tracking_lookup", None)
    lane: Lane = "urgent" if "urgent" in (case.lane, message.lane) else "normal"
    return replace(case, lookup=lookup, lane=lane)


def _is_latest_classification(case: Correspondence, message: Envelope[Any]) -> bool:
    keys = ("classified", "reclassified", "reopened")
    new = entries(message)[0]
    return not any(entry.key in keys and timeline.order(entry) > timeline.order(new) for entry in case.timeline)


def _told(
    policy: Policy, case: Correspondence, entry: Entry, own: str, now: datetime, audience: tuple[Recipient, ...]
) -> Correspondence:
    """The case with the entry, without what it takes back, and with a message to each of the audience if it is news."""
    lines = timeline.inserted(case.timeline, entry)
    after = replace(case, timeline=lines, linked_to=timeline.earlier_complaint(lines))
    template, takes_back = news.worth(lines, entry)
    messages = [m for m in after.messages if not (m.template in takes_back and _is_older(m, entry))]
    if template and news.is_news(case.timeline, lines, entry):
        for recipient in audience:
            if _is_told(after, template, recipient, own):
                new = _message(policy, after, entry, template, recipient, own, now)
                if all(old.id != new.id for old in messages):
                    messages.append(new)
    return replace(after, messages=tuple(messages))


def _is_older(message: Message, entry: Entry) -> bool:
    return message.untried and message.happened_at is not None and message.happened_at <= entry.time


def _is_told(case: Correspondence, template: str, recipient: Recipient, own: str) -> bool:
    if recipient.complaint != own:
        return news.TELLS[template] == "all"
    if timeline.status(case.timeline) == "withdrawn":
        return False
    return case.linked_to is None or template == "linked"


def _message(
    policy: Policy,
    case: Correspondence,
    entry: Entry,
    template: str,
    recipient: Recipient,
    complaint: str,
    now: datetime,
) -> Message:
    occasion = "" if entry.key == "received" else entry.event
    return Message(
        id=str(uuid5(NAMESPACE_URL, f"{complaint}:{recipient.complaint}:{entry.key}:{occasion}")),
        recipient=recipient.complaint,
        register_number=recipient.register_number,
        language=recipient.language,
        medium=recipient.medium,
        template=template,
        queued_at=now,
        due=_due(policy, case, template, recipient, now),
        by=entry.by,
        happened_at=entry.time,
    )


def _due(policy: Policy, case: Correspondence, template: str, recipient: Recipient, now: datetime) -> datetime:
    """When to send it: at once, or with what is held back already, or after a while, for what may come to be told with
    it."""
    if case.hurried or template in news.AT_ONCE:
        return policy.allowed(now, case.hurried, recipient.quiet)
    due = policy.after(policy.digest, now, False, recipient.quiet)
    others = (m for m in case.messages if m.recipient == recipient.complaint and m.template not in news.ASKS)
    return min([due, *(m.due for m in others if m.due and _is_held(m, now))])


def _is_held(message: Message, now: datetime) -> bool:
    return message.untried and message.due is not None and message.due > now


def _worth_sending(case: Correspondence, own: str) -> list[Message]:
    """The messages without those not yet tried that have lost their point: a question that was answered, and anything
    to a reporter who has taken the report back."""
    withdrawn = timeline.status(case.timeline) == "withdrawn"
    answered = timeline.question(case.timeline) is None
    return [
        message
        for message in case.messages
        if not (
            message.untried
            and message.recipient == own
            and (withdrawn or (answered and message.template == "clarification"))
        )
    ]


def _released(messages: list[Message], hurried: bool, now: datetime) -> list[Message]:
    """What was held back goes out at once when the matter turns out to be urgent."""
    return [replace(m, due=now) if hurried and _is_held(m, now) else m for m in messages]


def prefer(
    policy: Policy, case: Correspondence | None, command: Command[Preferences], now: datetime
) -> Decision[Correspondence]:
    """Takes note of how the reporter wants to be told. What is not tried yet follows at once; what is queued for this
    reporter with an earlier complaint follows when it is due. Raises Absent."""
    if case is None:
        raise Absent
    if command.data == case.preferences:
        return Decision(case)
    after = replace(case, preferences=command.data)
    messages = [
        _as_wished(policy, case, message, after.wishes, now)
        if message.untried and message.recipient == command.subject and message.template != CODE
        else message
        for message in case.messages
    ]
    return Decision(with_messages(after, messages))


def _as_wished(policy: Policy, case: Correspondence, message: Message, wishes: Preferences, now: datetime) -> Message:
    after = message.wished(wishes, now)
    if after.due is None:
        return after
    at_once = case.hurried or message.template in news.AT_ONCE
    ready = message.queued_at if at_once else message.queued_at + policy.digest
    return replace(after, due=policy.after(max(ready - now, timedelta(0)), now, case.hurried, wishes.quiet))
