"""What each event means for the reporter: a line on the timeline, and perhaps a message.

A message tells news. What something later has overtaken is put in its place on the timeline and sent to nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from services.notification import timeline
from services.notification.entries import entries
from services.notification.message import Message, Policy
from services.notification.timeline import Entry, Timeline
from shared.contracts.complaint import Language, Report, Urgency
from shared.contracts.envelope import Decision, Envelope, Lane
from shared.contracts.notification import Medium
from shared.contracts.refusals import TooEarly

MESSAGES_KEPT = 500

# Who is told: the complaint's own reporter, or also those whose complaints are linked to it.
TELLS: Mapping[str, Literal["own", "all"]] = {
    "received": "own",
    "clarification": "own",
    "verified": "own",
    "linked": "own",
    "rejected": "all",
    "patrol_dispatched": "all",
    "assigned": "all",
    "letter": "all",
    "concluded": "all",
}
_HURRIED: frozenset[Urgency] = frozenset(("P1", "P2"))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can be told: the reporter of this complaint, by this medium."""

    complaint: str
    register_number: str
    language: Language
    medium: Medium


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What one complaint's reporter may see and was told.

    `lookup` finds it by the tracking code, `contact` is sealed for this complaint, `linked_to` is the earlier complaint
    through which its reporter is told now, `due` is when the first of its messages needs looking after.
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
    linked_to: str | None = None
    timeline: Timeline = ()
    messages: tuple[Message, ...] = ()
    due: datetime | None = None

    @property
    def hurried(self) -> bool:
        """Whether its messages may go out in quiet hours. The urgent lane counts until the urgency is known."""
        return self.urgency in _HURRIED if self.urgency else self.lane == "urgent"


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


def with_messages(case: Correspondence, messages: Iterable[Message]) -> Correspondence:
    """The case with these messages, of which the oldest settled ones are let go, and with its due time set anew."""
    kept = list(messages)
    while len(kept) > MESSAGES_KEPT:
        del kept[next((n for n, message in enumerate(kept) if message.due is None), 0)]
    due = min((message.due for message in kept if message.due), default=None)
    return replace(case, messages=tuple(kept), due=due)


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
        case = replace(case, urgency=classification.urgency)
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
    """The case with the entry, and with a message to each of the audience if it is news to them."""
    lines = timeline.inserted(case.timeline, entry)
    after = replace(case, timeline=lines, linked_to=timeline.earlier_complaint(lines))
    if not _is_news(case.timeline, lines, entry):
        return after
    messages = list(after.messages)
    for recipient in audience:
        if not _is_told(after, entry, recipient, own):
            continue
        new = _message(entry, recipient, own, now, policy.allowed(now, after.hurried))
        if any(old.id == new.id for old in messages):
            continue
        # One message in the morning says the latest; what was held back over night is overtaken by it.
        messages = [m for m in messages if not (m.recipient == recipient.complaint and _is_held(m, now))]
        messages.append(new)
    return replace(after, messages=tuple(messages))


def _is_news(before: Timeline, after: Timeline, entry: Entry) -> bool:
    """Whether the entry says something new. It is overtaken only by what both clock and cause put after it, since one
    service's clock may go wrong."""
    if not _is_worth_telling(after, entry):
        return False
    overtaken = any(
        timeline.order(later) > timeline.order(entry)
        and later.sequence >= entry.sequence
        and _is_worth_telling(after, later)
        for later in before
    )
    return not overtaken or timeline.status(before) != timeline.status(after)


def _is_worth_telling(lines: Timeline, entry: Entry) -> bool:
    """Not every step deserves a message: that the checks are passed matters to whoever was asked a question, and that
    a patrol is on its way is told once."""
    if entry.key not in TELLS:
        return False
    until = [line.key for line in lines if timeline.order(line) < timeline.order(entry)]
    if entry.key == "verified":
        return "clarification" in until
    return entry.key != "patrol_dispatched" or entry.key not in until


def _is_told(case: Correspondence, entry: Entry, recipient: Recipient, own: str) -> bool:
    if recipient.complaint != own:
        return TELLS[entry.key] == "all"
    if timeline.status(case.timeline) == "withdrawn":
        return False
    return case.linked_to is None or entry.key == "linked"


def _message(entry: Entry, recipient: Recipient, complaint: str, now: datetime, due: datetime) -> Message:
    occasion = "" if entry.key == "received" else entry.event
    return Message(
        id=str(uuid5(NAMESPACE_URL, f"{complaint}:{recipient.complaint}:{entry.key}:{occasion}")),
        recipient=recipient.complaint,
        register_number=recipient.register_number,
        language=recipient.language,
        medium=recipient.medium,
        template=entry.key,
        queued_at=now,
        due=due,
        by=entry.by,
    )


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
