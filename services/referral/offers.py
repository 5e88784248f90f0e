"""Offers: asking an agency, asking the next, taking an offer back, and the clocks of whoever has it."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from services.referral import notices
from services.referral.agencies import Agency
from services.referral.case import Case, Known, Offer, OfferState, Procedure
from shared.contracts.envelope import Event
from shared.contracts.referral import ReferralDeclined, ReferralOffered, ReferralOverdue


def mint(case: Case, complaint: str) -> tuple[Case, str]:
    """A new referral number: what agencies know the complaint by, and from which nobody can tell its id."""
    digest = sha256(f"{complaint}|{len(case.numbers)}".encode()).digest()
    text = base64.b32encode(digest).decode()
    number = f"RJ-{text[:4]}-{text[4:8]}-{text[8:12]}"
    return replace(case, numbers=(*case.numbers, number)), number


def offer(
    procedure: Procedure,
    case: Case,
    complaint: str,
    agency: Agency,
    now: datetime,
    known: Known,
    officer: str | None = None,
) -> tuple[Case, tuple[Event, ...]]:
    """Asks an agency."""
    case, number = mint(case, complaint)
    within = procedure.answer_within[case.urgency]
    answer_by = agency.after(now, within, known.closed)
    asked = Offer(
        number,
        agency.slug,
        case.round,
        attempt=len(case.offers) + 1,
        at=now,
        answer_by=answer_by,
        officer=officer,
        remind_at=agency.after(now, within / 2, known.closed),
        alarm_at=answer_by,
    )
    case = notices.post(replace(case, offers=(*case.offers, asked)), agency.slug, number, "offer", now)
    return case, (ReferralOffered(agency=agency.slug, attempt=asked.attempt, answer_by=answer_by),)


def remaining(case: Case, known: Known) -> list[Agency]:
    """The candidates that this round has not asked yet."""
    asked = {given.agency for given in case.offers if given.round == case.round}
    found = [known.agency(slug) for slug in case.candidates if slug not in asked]
    return [agency for agency in found if agency]


def ask_next(
    procedure: Procedure, case: Case, complaint: str, now: datetime, known: Known
) -> tuple[Case, tuple[Event, ...]]:
    """Asks the next candidate; where there is none, classification decides."""
    left = remaining(case, known)
    if left:
        return offer(procedure, case, complaint, left[0], now, known)
    asked = [given for given in case.offers if given.round == case.round]
    return give_back(case, (asked[-1].reason if asked else None) or "no_agency")


def give_back(case: Case, reason: str) -> tuple[Case, tuple[Event, ...]]:
    """Nobody takes it; it is classification's to decide until it has spoken again."""
    case = replace(case, given_back=case.sequence, scope=None, candidates=())
    return case, (ReferralDeclined(reason=reason),)


def ended(
    case: Case, held: Offer, state: OfferState, now: datetime, reason: str | None, note: str | None = None
) -> Case:
    """The case with an offer that is no longer held."""
    over = replace(held, state=state, ended_at=now, reason=reason, note=note, remind_at=None, alarm_at=None)
    return put(case, over)


def put(case: Case, changed: Offer) -> Case:
    return replace(case, offers=tuple(changed if o.number == changed.number else o for o in case.offers))


def take_back(case: Case, now: datetime, reason: str, state: OfferState = "withdrawn") -> Case:
    """Takes the offer that stands back, and tells its agency."""
    held = case.holder
    if held is None:
        return case
    return notices.recall(ended(case, held, state, now, reason), held.agency, held.number, now, reason)


def let_go(case: Case, now: datetime, reason: str) -> Case:
    """Takes it back from everybody who has to do with it."""
    case = take_back(case, now, reason)
    for helper in case.collaborators:
        case = notices.recall(case, helper.agency, helper.number, now, reason)
    return replace(case, collaborators=(), scope=None, candidates=())


def ring(
    procedure: Procedure, case: Case, complaint: str, now: datetime, known: Known
) -> tuple[Case, tuple[Event, ...]]:
    """Reminds whoever has it, raises the alarm once it is overdue, and goes on to the next where nobody answered."""
    held = case.holder
    if held is None:
        return case, ()
    if held.remind_at and held.remind_at <= now < (held.alarm_at or now):
        case = notices.post(case, held.agency, held.number, "reminder", now)
    if held.remind_at and held.remind_at <= now:
        held = replace(held, remind_at=None)
        case = put(case, held)
    if held.alarm_at is None or held.alarm_at > now:
        return case, ()
    level = held.alarms + 1
    unanswered = held.state == "open"
    stage = "answer" if unanswered else "completion"
    alarm = ReferralOverdue.model_validate({"agency": held.agency, "stage": stage, "level": level})
    if unanswered and remaining(case, known):
        case = take_back(put(case, replace(held, alarms=level)), now, "unanswered", "lapsed")
        case, asked = ask_next(procedure, case, complaint, now, known)
        return case, (alarm, *asked)
    # Nobody else could be asked: the offer stands, so that an agency that comes back finds it.
    again = _after(held, now, _period(procedure, case, unanswered), known) if level < procedure.alarms else None
    case = put(case, replace(held, alarms=level, alarm_at=again))
    return notices.post(case, held.agency, held.number, "reminder", now, reason="overdue"), (alarm,)


def _period(procedure: Procedure, case: Case, unanswered: bool) -> timedelta:
    periods = procedure.answer_within if unanswered else procedure.complete_within
    return periods[case.urgency]


def _after(held: Offer, now: datetime, period: timedelta, known: Known) -> datetime:
    agency = known.agency(held.agency)
    return agency.after(now, period, known.closed) if agency and held.state == "open" else now + period
