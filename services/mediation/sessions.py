"""Sessions of the parties and guidance visits: when and where, whether they were held, and what was written down."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.mediation.case import Cancellation, Round, Session
from services.mediation.moves import MOVES
from shared.contracts.refusals import Absent, Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Appointment:
    """When and where. `place` is for the reporter, `sealed_place` is the same sealed as settlement."""

    at: datetime
    place: str
    sealed_place: str


@dataclass(frozen=True, slots=True)
class Moved:
    number: int
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Cancelled:
    number: int
    reason: Cancellation


@dataclass(frozen=True, slots=True)
class Held:
    """It took place. `absent`: parties who were not there."""

    number: int
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """What was said and done. `text` is sealed as settlement."""

    number: int
    text: str


def check_time(at: datetime, now: datetime, days: int, field: str) -> None:
    """Raises Invalid for a time that has passed, or that is so far off that it can only be a slip."""
    if at <= now:
        raise Invalid("in_the_past", "The time has passed.", field)
    if at - now > timedelta(days=days):
        raise Invalid("too_far_off", f"The time is more than {days} days off.", field)


def numbered(round_: Round, number: int) -> Session:
    """Raises Absent."""
    session = next((one for one in round_.sessions if one.number == number), None)
    if session is None:
        raise Absent("no_such_session", "There is no session of that number now.")
    return session


def coming(round_: Round, number: int) -> Session:
    """The session that is still to be held. Raises Absent and Conflict."""
    session = numbered(round_, number)
    if session.state != "scheduled":
        raise Conflict("session_over", f"The session is {session.state}.")
    return session


def with_session(round_: Round, session: Session) -> Round:
    """The round with the session put in, or put in place of the one of its number."""
    others = (one for one in round_.sessions if one.number != session.number)
    return replace(round_, sessions=tuple(sorted((*others, session), key=lambda one: one.number)))


def called_off(round_: Round) -> Round:
    """The round with nothing to come: whoever is no longer in charge must not keep people waiting."""
    session = round_.next_session
    if session is None:
        return round_
    position = MOVES[round_.kind].get((round_.position, "cancel"), round_.position)
    round_ = replace(round_, position=position)
    return with_session(round_, replace(session, state="cancelled", cancelled_for="let_go"))
