"""What an agency answers, and what is refused: another's referral, an answer that comes twice or too late."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.referral import notices, offers
from services.referral.case import MOVES, Case, Completion, DeclineReason, Known, Notice, Offer, Procedure, Update, Verb
from services.referral.settle import settle
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Event
from shared.contracts.referral import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralOutcome,
    ReferralStep,
    ReferralUpdated,
)
from shared.contracts.refusals import Absent, Conflict, Forbidden

UPDATES_KEPT = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What an agency says of one referral. `words` are for the reporter, `note` for officers; both are sealed."""

    agency: str
    number: str
    verb: Verb
    reference: str | None = None
    reason: DeclineReason | None = None
    step: ReferralStep | None = None
    outcome: ReferralOutcome | None = None
    words: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Resend:
    """An agency, or an officer for it, asks for what it must know of a referral once more; without a number, of all."""

    agency: str
    number: str | None


def unknown() -> Absent:
    """The same for a referral that does not exist and for one of another agency."""
    return Absent("unknown_referral", "You have no referral with that number.")


def answer(
    procedure: Procedure, case: Case | None, message: Command[Answer], now: datetime, known: Known
) -> Decision[Case]:
    """Does what the agency that has the referral says."""
    said = message.data
    offer = _offer_of(case, said.agency, said.number)
    if case is None or offer is None:
        return _of_collaborator(procedure, case, message, now, known)
    state = MOVES.get((offer.state, said.verb))
    if state is None:
        raise Conflict(
            f"already_{offer.state}" if offer.state != "open" else "not_accepted",
            f"A referral that is {offer.state} for you cannot take the answer {said.verb}.",
        )
    changed, told = _DO[said.verb](procedure, case, offer, said, now)
    return settle(procedure, case, changed, message.subject, now, known, told)


def resend(case: Case | None, message: Command[Resend], now: datetime) -> Decision[Case]:
    """Tells the agency once more; while that is under way, asking again changes nothing."""
    asked = message.data
    if case is None:
        raise unknown()
    numbers = [n for agency, n in notices.parties(case) if agency == asked.agency and asked.number in (n, None)]
    if not numbers and asked.number:
        if _offer_of(case, asked.agency, asked.number):
            raise Conflict("not_yours_any_more", "The referral is not offered to you any more.")
        raise unknown()
    owned = case.holder.number if case.holder else None
    for number in numbers:
        notice: Notice = "offer" if number == owned else "collaboration"
        if not any(d.number == number and d.notice == notice for d in case.deliveries):
            case = notices.post(case, asked.agency, number, notice, now, again=True)
    return Decision(case)


def _offer_of(case: Case | None, agency: str, number: str) -> Offer | None:
    offers_made = case.offers if case else ()
    return next((offer for offer in offers_made if (offer.agency, offer.number) == (agency, number)), None)


def _of_collaborator(
    procedure: Procedure, case: Case | None, message: Command[Answer], now: datetime, known: Known
) -> Decision[Case]:
    said = message.data
    helpers = case.collaborators if case else ()
    if case is None or not any((helper.agency, helper.number) == (said.agency, said.number) for helper in helpers):
        raise unknown()
    if said.verb != "update":
        raise Forbidden(
            "collaborator", "You help with this referral; its owner alone accepts, declines or completes it."
        )
    changed, told = _update(case, said, now)
    return settle(procedure, case, changed, message.subject, now, known, told)


def _accept(
    procedure: Procedure, case: Case, offer: Offer, said: Answer, now: datetime
) -> tuple[Case, tuple[Event, ...]]:
    within = procedure.complete_within[case.urgency]
    taken = replace(
        offer,
        state="accepted",
        reference=said.reference,
        accepted_at=now,
        complete_by=now + within,
        remind_at=now + within / 2,
        alarm_at=now + within,
        alarms=0,
    )
    collaborators = tuple(helper.agency for helper in case.collaborators)
    told = ReferralAccepted(
        agency=said.agency, reference=said.reference, collaborators=collaborators, complete_by=taken.complete_by
    )
    return offers.put(case, taken), (told,)


def _decline(
    procedure: Procedure, case: Case, offer: Offer, said: Answer, now: datetime
) -> tuple[Case, tuple[Event, ...]]:
    case = offers.ended(case, offer, "declined", now, said.reason, said.note)
    return notices.drop(case, offer.number), ()


def _own_update(
    procedure: Procedure, case: Case, offer: Offer, said: Answer, now: datetime
) -> tuple[Case, tuple[Event, ...]]:
    return _update(case, said, now)


def _update(case: Case, said: Answer, now: datetime) -> tuple[Case, tuple[Event, ...]]:
    if said.step is None:
        raise TypeError("an update has a step")
    update = Update(said.agency, said.step, now, said.words, said.note)
    case = replace(case, updates=(*case.updates, update)[-UPDATES_KEPT:])
    return case, (ReferralUpdated(agency=said.agency, step=said.step, sealed=Sealed(notice=said.words)),)


def _complete(
    procedure: Procedure, case: Case, offer: Offer, said: Answer, now: datetime
) -> tuple[Case, tuple[Event, ...]]:
    if said.outcome is None:
        raise TypeError("a completion has an outcome")
    case = offers.ended(case, offer, "completed", now, None)
    completion = Completion(said.agency, said.outcome, now, said.words, said.note)
    told = ReferralCompleted(agency=said.agency, outcome=said.outcome, sealed=Sealed(notice=said.words))
    return replace(notices.drop(case, offer.number), completion=completion), (told,)


_Do = Callable[[Procedure, Case, Offer, Answer, datetime], tuple[Case, tuple[Event, ...]]]
_DO: dict[Verb, _Do] = {"accept": _accept, "decline": _decline, "update": _own_update, "complete": _complete}
