"""What a case must do now, given all that is known of it. Every event, every command and every timer ends here.

The same facts lead to the same case whatever their order, since nothing is decided from the step but all from the sum.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.mediation import assignment, reminders
from services.mediation.case import Case, Outcome, Round, Status, Turn, kind_of
from services.mediation.facts import Learn
from services.mediation.known import Found
from services.mediation.moves import FIRST
from services.mediation.procedure import Procedure
from services.mediation.sessions import called_off
from shared.contracts.envelope import Decision, Event
from shared.contracts.mediation import MediationFailed

NOBODY = Found()  # nobody was looked for
LEFT: frozenset[Status] = frozenset({"elsewhere", "joined", "rejected", "withdrawn"})
ENDED: dict[str, Status] = {"settled": "settled", "kept": "closed", "completed": "closed", "failed": "failed"}


def standing(case: Case) -> Status:
    """The status that follows from what is known."""
    if case.classification is None:
        return "unclassified"
    if kind_of(case.tracks) is None:
        return "elsewhere"
    if case.joined:
        return "joined"
    if case.withdrawn:
        return "withdrawn"
    if case.rejected and case.rejected.sequence > case.reinstated:
        return "rejected"
    return ENDED.get(case.round.position, "open") if case.round else "open"


def lacks_mediator(procedure: Procedure, case: Case, now: datetime) -> bool:
    """Whether somebody must be looked for before the case can be settled."""
    case, _ = _put_in_order(procedure, case, now)
    return case.status in assignment.HELD and case.mediator is None


def hearing(procedure: Procedure, learn: Learn) -> Callable[[Case | None, Any, datetime, Found], Decision[Case]]:
    """The decision on messages that teach us something."""

    def hear(case: Case | None, message: Any, now: datetime, found: Found) -> Decision[Case]:
        learnt = learn(case, message)
        return settle(procedure, case, learnt, now, found) if learnt else Decision(None)

    hear.__name__ = learn.__name__
    return hear


def woken(procedure: Procedure) -> Callable[[Case | None, Any, datetime], Decision[Case]]:
    """The decision when a timer has run out."""

    def wake(case: Case | None, message: Any, now: datetime) -> Decision[Case]:
        return settle(procedure, case, case, now) if case else Decision(None)

    return wake


def settle(
    procedure: Procedure,
    before: Case | None,
    case: Case,
    now: datetime,
    found: Found = NOBODY,
    told: tuple[Event, ...] = (),
) -> Decision[Case]:
    """The case with everything done that it asks for now; `told` is said first."""
    case, refused = _put_in_order(procedure, case, now)
    case, assigned = assignment.assign(before, case, now, found)
    case = reminders.reminded(case, now, procedure)
    events = (*told, *refused, *assigned)
    # The same case and no events: the shell then writes nothing.
    return Decision(before if case == before and not events else case, events)


def _put_in_order(procedure: Procedure, case: Case, now: datetime) -> tuple[Case, tuple[Event, ...]]:
    """The case in its round and status, held by nobody who may not have it."""
    events: tuple[Event, ...] = ()
    if standing(case) not in LEFT | {"unclassified"}:
        case = _in_round(case, now)
        case, events = _kept_within_rule(case, now)
    status = standing(case)
    if status != case.status or not case.turns:
        taken_at = case.taken_at or (None if status in LEFT | {"unclassified"} else now)
        forget_at = None if taken_at else now + timedelta(days=procedure.forget_after_days)
        turns = (*case.turns, Turn(status, now))
        case = replace(case, status=status, taken_at=taken_at, forget_at=forget_at, turns=turns)
    if status in LEFT and case.round:
        case = replace(case, round=called_off(case.round))
    if status in LEFT or (status in assignment.HELD and not assignment.keeps(case)):
        case = assignment.released(case, now)
    return case, events


def _in_round(case: Case, now: datetime) -> Case:
    """The case with the round that it was given for; one before it is over, and its officer with it."""
    kind = kind_of(case.tracks)
    if kind is None or (case.round and case.round.since >= case.given):
        return case
    past = (*case.past_rounds, called_off(case.round)) if case.round else case.past_rounds
    case = assignment.released(case, now)
    return replace(case, round=Round(kind, case.given, FIRST[kind]), past_rounds=past)


def _kept_within_rule(case: Case, now: datetime) -> tuple[Case, tuple[Event, ...]]:
    """What is never to be settled between the parties is given back at once, whoever sent it here."""
    round_ = case.round
    if case.rule != "never" or round_ is None or round_.position in ENDED:
        return case, ()
    outcome = Outcome(now, reason="not_suitable", recommended="investigation")
    case = replace(case, round=replace(called_off(round_), position="failed", outcome=outcome))
    return case, (MediationFailed(recommended="investigation", reason="not_suitable"),)
