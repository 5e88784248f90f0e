"""A conversation by SMS: asks for what is missing until a report is whole. Pure.

It is kept by a stand-in for the phone's number. Words and number rest sealed, so that a decision knows of a text only
what it tells: what happened, where, when, or a command.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from shared.contracts.envelope import Command, Decision, Lane
from shared.contracts.refusals import Unavailable

Part = Literal["what", "where", "when"]  # in the order in which they are asked for
Order = Literal["cancel", "status"]
Reply = Literal["ask_what", "ask_where", "ask_when", "received", "cancelled", "nothing_to_cancel", "status", "limit"]
State = Literal["idle", "asking", "complete"]

# complete: everything is told and the report is on its way into the register; `filed` ends that.
MOVES: dict[tuple[State, str], tuple[State, ...]] = {
    ("idle", "told"): ("asking", "complete"),
    ("idle", "cancel"): ("idle",),
    ("asking", "told"): ("asking", "complete"),
    ("asking", "cancel"): ("idle",),
    ("asking", "expired"): ("idle",),
    ("complete", "filed"): ("idle",),
}
MESSAGES_KEPT = 6  # of one report; what they leave open, verification asks for
SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS: what its words tell, and the words sealed; None where it has none."""

    id: str
    tells: tuple[Part, ...]
    order: Order | None
    words: str | None
    number: str
    day: str
    per_day: int
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Answer:
    """Words as they came, sealed, and what they were asked for."""

    asked: Part | None
    words: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is kept of a phone: the report under way, how often it wrote today, and which report it filed last.

    `nth` counts its reports. `reply` is what the message `last` is answered with, so that a message that is delivered
    twice is answered alike.
    """

    polres: str
    lane: Lane
    state: State = "idle"
    nth: int = 0
    answers: tuple[Answer, ...] = ()
    told: tuple[Part, ...] = ()
    asked: Part | None = None
    number: str | None = None
    last: str | None = None
    reply: Reply | None = None
    day: str | None = None
    count: int = 0
    filed: str | None = None
    filed_nth: int = 0
    due: datetime | None = None


def hear(case: Conversation | None, message: Command[Text], now: datetime) -> Decision[Conversation]:
    """A message from the phone. Raises Unavailable while its last report is still being filed."""
    text = message.data
    case = case or Conversation(message.polres, message.lane)
    if case.state == "complete":
        raise Unavailable("being_filed", "The report before this message is still being filed.")
    count = case.count + 1 if case.day == text.day else 1
    case = replace(case, last=text.id, day=text.day, count=count, reply=None)
    if count > text.per_day:
        # Said once: every further reply would be paid for by the office and read by nobody.
        return Decision(replace(case, reply="limit" if count == text.per_day + 1 else None))
    if text.order == "status":
        return Decision(replace(case, reply="status"))
    if text.order == "cancel":
        asking = case.state == "asking"
        return Decision(replace(_forgotten(case), reply="cancelled" if asking else "nothing_to_cancel"))
    return Decision(_told(case, text, now))


def filed(case: Conversation | None, message: Command[tuple[int, str]], now: datetime) -> Decision[Conversation]:
    """The report that was complete is in the register, under this complaint id."""
    nth, complaint = message.data
    if case is None or case.state != "complete" or case.nth != nth:
        return Decision(case)
    return Decision(replace(_forgotten(case), filed=complaint, filed_nth=nth))


def forget(case: Conversation | None, message: Command[None], now: datetime) -> Decision[Conversation]:
    """The report that was filed last was erased, so its code is given no more."""
    return Decision(case and replace(case, filed=None))


def expire(case: Conversation | None, message: Command[None], now: datetime) -> Decision[Conversation]:
    """The phone has been silent for too long: what it told is forgotten, as it was told it would be."""
    if case is None or case.state != "asking":
        return Decision(case)
    return Decision(_forgotten(case))


def _told(case: Conversation, text: Text, now: datetime) -> Conversation:
    told = set(case.told) | set(text.tells)
    if text.words and case.asked in ("where", "when"):
        told.add(case.asked)
    answers = (*case.answers, Answer(case.asked, text.words)) if text.words else case.answers
    missing = next((part for part in get_args(Part) if part not in told), None)
    case = replace(
        case,
        nth=case.nth + 1 if case.state == "idle" else case.nth,
        answers=answers,
        told=tuple(part for part in get_args(Part) if part in told),
        number=text.number,
    )
    if missing is None or len(answers) >= MESSAGES_KEPT:
        return replace(case, state="complete", asked=None, reply="received", due=now + SOON)
    replies: dict[Part, Reply] = {"what": "ask_what", "where": "ask_where", "when": "ask_when"}
    return replace(case, state="asking", asked=missing, reply=replies[missing], due=now + text.patience)


def _forgotten(case: Conversation) -> Conversation:
    return replace(case, state="idle", answers=(), told=(), asked=None, number=None, due=None)
