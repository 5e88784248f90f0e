"""Sending, as decisions: an attempt is committed before the gateway is called, and its result afterwards.

On which side we err: never twice. An attempt whose result is lost is asked after by its client reference; only a
message that the gateway does not know is sent again, under the same reference. Where the other side does not answer (a
mail server never does), the message is given up after as many attempts as the policy allows, and that is reported,
rather than sent a second time. What remains needs a gateway that does not refuse a reference it knows: it may deny a
message that it is still swallowing, and a process frozen beyond its lease between its last look at the clock and its
call may send what another has sent since.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.notification.domain import Correspondence, with_messages
from services.notification.message import CODE, MOVES, Message, MessageStatus, Policy
from services.notification.news import ASKS, DIGEST
from services.notification.preferences import Preferences
from shared.contracts.envelope import Command, Decision, Event
from shared.contracts.notification import Medium, NotificationFailed, NotificationSent
from shared.contracts.refusals import Absent

# accepted: the other side has it. refused: it never will. busy: it has it not, but may later. unclear: nobody knows.
Verdict = Literal["accepted", "refused", "busy", "unclear"]

CLAIMED_AT_ONCE = 10  # messages of one complaint


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants to attempt the due messages of a medium: a name that nobody else uses."""

    name: str
    medium: Medium


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt. `wait` is how long the other side asked to be left alone."""

    message: str
    claim: str
    verdict: Verdict
    reason: str = ""
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the gateway says became of a message that it had taken over."""

    message: str
    status: Literal["delivered", "failed"]
    at: datetime


def claim(
    policy: Policy,
    case: Correspondence | None,
    command: Command[Claim],
    now: datetime,
    wishes: Mapping[str, Preferences],
) -> Decision[Correspondence]:
    """Lets one process attempt what is due, and nobody else. `wishes` are those of the recipients, by complaint.

    What is due for one recipient goes out in its order: the next is claimed once the attempt before it has come back.
    """
    if case is None:
        return Decision(None)
    events: list[Event] = []
    messages: list[Message] = []
    medium, claimed = command.data.medium, 0
    ready = _digested([_as_wished(policy, m, wishes.get(m.recipient), now, case.hurried) for m in case.messages], now)
    being_told = {m.recipient for m in ready if m.medium == medium and _is_under_way(m) and not _is_due(m, now)}
    for message in ready:
        after = message
        waits = message.template != CODE and message.recipient in being_told
        if message.medium == medium and _is_due(message, now) and not waits and claimed < CLAIMED_AT_ONCE:
            after = _attempted(policy, message, command.data.name, now)
            claimed += after.status == "attempting"
            if _is_under_way(after):
                being_told.add(after.recipient)
        messages.append(after)
        events += _told_of(message, after)
    changed = with_messages(case, messages)
    return Decision(case if changed == case else changed, tuple(events))


def _is_due(message: Message, now: datetime) -> bool:
    return message.due is not None and message.due <= now


def _is_under_way(message: Message) -> bool:
    """Whether what comes after it has to wait. Nothing waits for a one-time code, nor a code for anything."""
    return message.status == "attempting" and message.template != CODE


def _as_wished(policy: Policy, message: Message, wishes: Preferences | None, now: datetime, hurried: bool) -> Message:
    """A due message as its recipient wants it by now. What may have got through already keeps its medium."""
    if message.due is None or message.due > now or message.template == CODE:
        return message
    after = message.wished(wishes, now) if wishes and message.status == "queued" else message
    allowed = policy.allowed(now, hurried, wishes.quiet if wishes else None)
    return replace(after, due=allowed) if after.due and allowed > now else after


def _digested(messages: list[Message], now: datetime) -> list[Message]:
    """The messages, of which those that were held back for one recipient are told as one, by the latest of them."""
    groups: dict[tuple[str, Medium], list[str]] = {}
    for message in messages:
        if message.was_held and message.due and message.due <= now and message.template not in ASKS:
            groups.setdefault((message.recipient, message.medium), []).append(message.id)
    latest = {ids[-1] for ids in groups.values() if len(ids) > 1}
    merged = {id_ for ids in groups.values() for id_ in ids[:-1]}

    def told(message: Message) -> Message:
        if message.id in merged:
            return _moved(message, "dropped", now, reason="merged")
        return replace(message, template=DIGEST, by=None) if message.id in latest else message

    return [told(message) for message in messages]


def _attempted(policy: Policy, message: Message, by: str, now: datetime) -> Message:
    if message.attempts >= policy.attempts:
        # Only an attempt that never came back leads here.
        return _moved(message, "failed", now, reason="unanswered")
    return _moved(
        message,
        "attempting",
        now + policy.lease,
        attempts=message.attempts + 1,
        claim=by,
        uncertain=message.status != "queued",
    )


def report(
    policy: Policy, case: Correspondence | None, command: Command[Result], now: datetime
) -> Decision[Correspondence]:
    """Records what came of an attempt, unless somebody else has taken it over or a receipt has settled it since."""
    result = command.data

    def settled(message: Message) -> Message:
        if message.status != "attempting" or message.claim != result.claim:
            return message
        if result.verdict == "accepted":
            return _moved(message, "sent", now)
        if result.verdict == "refused":
            return _moved(message, "failed", now, reason=result.reason)
        if message.attempts >= policy.attempts:
            return _moved(message, "failed", now, reason=result.reason or "unanswered")
        due = now + max(policy.waits[message.attempts - 1], result.wait)
        if result.verdict == "busy":
            return _moved(message, "queued", due, uncertain=False, reason=result.reason)
        return _moved(message, "unknown", due, reason=result.reason)

    return _changed(case, result.message, settled)


def receive_receipt(case: Correspondence | None, command: Command[Receipt], now: datetime) -> Decision[Correspondence]:
    """Records a receipt; one that comes twice or late changes nothing. Raises Absent where there is no such SMS."""
    receipt = command.data
    if case is None or not any(m.id == receipt.message and m.medium == "sms" for m in case.messages):
        raise Absent("unknown_message", "There is no such message.")

    def settled(message: Message) -> Message:
        if receipt.status not in MOVES[message.status]:
            return message
        # The gateway's clock may be wrong, but not by more than the message has lived.
        at = min(max(receipt.at, message.queued_at), now)
        return _moved(message, receipt.status, at, reason="undelivered" if receipt.status == "failed" else None)

    return _changed(case, receipt.message, settled)


def _changed(
    case: Correspondence | None, message_id: str, change: Callable[[Message], Message]
) -> Decision[Correspondence]:
    if case is None:
        return Decision(None)
    after = tuple(change(message) if message.id == message_id else message for message in case.messages)
    if after == case.messages:
        return Decision(case)
    events = [event for old, new in zip(case.messages, after, strict=True) for event in _told_of(old, new)]
    return Decision(with_messages(case, after), tuple(events))


def _moved(message: Message, status: MessageStatus, when: datetime, **fields: object) -> Message:
    """The message in its new status: due then, or settled then where nothing is left to do for it."""
    if status not in MOVES[message.status]:
        raise ValueError(f"a message does not go from {message.status} to {status}")
    settled = status in ("sent", "delivered", "failed", "dropped")
    times = {"due": None, "settled_at": when} if settled else {"due": when}
    return replace(message, status=status, **{"reason": None, **times, **fields})  # type: ignore[arg-type]


def _told_of(before: Message, after: Message) -> tuple[Event, ...]:
    if after.status == before.status:
        return ()
    if after.status == "failed":
        reason = after.reason or "undelivered"
        return (NotificationFailed(message=after.id, medium=after.medium, template=after.template, reason=reason),)
    if after.status in ("sent", "delivered") and before.status != "sent":
        return (NotificationSent(message=after.id, medium=after.medium, template=after.template),)
    return ()
