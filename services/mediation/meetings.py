"""What an officer does with sessions and visits. Both go alike; only a session needs the consent of its parties."""

from dataclasses import replace
from datetime import datetime

from services.mediation import access, parties, suitability
from services.mediation.case import Case, Round, Session
from services.mediation.known import Known
from services.mediation.moves import advanced
from services.mediation.procedure import Procedure
from services.mediation.sessions import (
    Appointment,
    Cancelled,
    Held,
    Minutes,
    Moved,
    check_time,
    coming,
    numbered,
    with_session,
)
from services.mediation.settle import settle
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision
from shared.contracts.mediation import MediationCancelled, MediationScheduled, Settling
from shared.contracts.refusals import Conflict, Invalid

MOST = 50
FURTHEST = 366  # days


def schedule(
    procedure: Procedure, kind: Settling, case: Case | None, command: Command[Appointment], now: datetime, known: Known
) -> Decision[Case]:
    """A session or visit is set. Its place goes to the reporter as `known.notice`."""
    before, round_, _ = access.led(case, command, known)
    _of_kind(round_, kind)
    suitability.check(procedure, before, round_)
    moved = advanced(round_, "schedule", now)
    if kind == "mediation":
        parties.check_both_sides(round_)
    appointment = command.data
    check_time(appointment.at, now, FURTHEST, "at")
    # Counted over all rounds, so that no two sessions of a complaint are told to the reporter by one number.
    number = 1 + sum(len(one.sessions) for one in (*before.past_rounds, round_))
    if number > MOST:
        raise Conflict("too_many_sessions", f"A complaint has at most {MOST} sessions.")
    after = with_session(moved, Session(number, appointment.at, appointment.sealed_place))
    event = MediationScheduled(kind=kind, session=number, at=appointment.at, sealed=Sealed(notice=known.notice))
    return settle(procedure, before, replace(before, round=after), now, told=(event,))


def move(
    procedure: Procedure, kind: Settling, case: Case | None, command: Command[Moved], now: datetime, known: Known
) -> Decision[Case]:
    """A session or visit gets another time or place."""
    before, round_, _ = access.led(case, command, known)
    _of_kind(round_, kind)
    suitability.check(procedure, before, round_)
    session, appointment = coming(round_, command.data.number), command.data.appointment
    check_time(appointment.at, now, FURTHEST, "at")
    moved = replace(session, at=appointment.at, place=appointment.sealed_place)
    after = with_session(advanced(round_, "move", now), moved)
    event = MediationScheduled(
        kind=kind,
        session=session.number,
        at=appointment.at,
        moved_from=session.at,
        sealed=Sealed(notice=known.notice),
    )
    return settle(procedure, before, replace(before, round=after), now, told=(event,))


def cancel(
    procedure: Procedure, kind: Settling, case: Case | None, command: Command[Cancelled], now: datetime, known: Known
) -> Decision[Case]:
    """A session or visit does not take place, and nobody shall come in vain."""
    before, round_, _ = access.led(case, command, known)
    _of_kind(round_, kind)
    session = coming(round_, command.data.number)
    cancelled = replace(session, state="cancelled", cancelled_for=command.data.reason)
    after = with_session(advanced(round_, "cancel", now), cancelled)
    event = MediationCancelled(kind=kind, session=session.number, at=session.at)
    return settle(procedure, before, replace(before, round=after), now, told=(event,))


def hold(
    procedure: Procedure, kind: Settling, case: Case | None, command: Command[Held], now: datetime, known: Known
) -> Decision[Case]:
    """A session or visit took place."""
    before, round_, _ = access.led(case, command, known)
    _of_kind(round_, kind)
    session, absent = coming(round_, command.data.number), command.data.absent
    if session.at > now:
        raise Conflict("not_yet", "Its time has not come; move it to when it took place.")
    if unknown := set(absent) - {party.id for party in round_.parties}:
        raise Invalid("no_such_party", f"{len(unknown)} of these are no parties of this matter.", "absent")
    held = replace(session, state="held", held_at=now, absent=tuple(sorted(set(absent))))
    after = with_session(advanced(round_, "hold", now), held)
    return settle(procedure, before, replace(before, round=after), now)


def write_down(
    procedure: Procedure, kind: Settling, case: Case | None, command: Command[Minutes], now: datetime, known: Known
) -> Decision[Case]:
    """The minutes of a session, or the record of a visit; a later version takes the place of the earlier."""
    before, round_, _ = access.led(case, command, known, "settled")
    _of_kind(round_, kind)
    session = numbered(round_, command.data.number)
    if session.state != "held":
        raise Conflict("not_held", f"There is nothing to write down of a session that is {session.state}.")
    moved = advanced(round_, "minute" if kind == "mediation" else "record", now)
    after = with_session(moved, replace(session, minutes=command.data.text))
    return settle(procedure, before, replace(before, round=after), now)


def _of_kind(round_: Round, kind: Settling) -> None:
    if round_.kind != kind:
        raise Conflict("other_kind", f"This complaint is settled by {round_.kind}, not by {kind}.")
