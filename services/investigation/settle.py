"""What a case must do now, given all that is known of it. Every event and every timer ends here.

The same facts lead to the same case whatever their order, since nothing is decided from the step but all from the sum.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.investigation import detectives, letters, patrols
from services.investigation.case import Case, Status, Turn
from services.investigation.facts import OUR_TRACKS, Learn
from services.investigation.known import Found
from services.investigation.procedure import Procedure
from shared.contracts.envelope import Decision, Event
from shared.contracts.investigation import InvestigationConcluded

NOBODY = Found()  # nobody was looked for


@dataclass(frozen=True, slots=True)
class Needs:
    """Whom the case lacks after a message."""

    patrol: bool = False
    detective: bool = False


def standing(procedure: Procedure, case: Case) -> Status:
    """The status that follows from what is known."""
    if case.classification is None:
        return "unclassified"
    if case.conclusion:
        return "concluded"
    if OUR_TRACKS.isdisjoint(case.tracks):
        # How it ends there is for others to tell.
        return "elsewhere"
    if case.rejected and case.rejected.sequence > max(case.reopened, case.upheld):
        return "rejected"
    if case.withdrawn and procedure.is_complaint_offence(case.classification.category):
        return "withdrawn"
    return _while_ours(case)


def _while_ours(case: Case) -> Status:
    if detectives.wants_detective(case):
        return "open"
    if not patrols.wants_patrol(case):
        return "elsewhere"
    settled_by_others = case.joined or not OUR_TRACKS.issuperset(case.tracks)
    return "attended" if case.dispatch and case.dispatch.over and settled_by_others else "open"


def needs(procedure: Procedure, before: Case | None, case: Case | None, now: datetime) -> Needs:
    """Who must be looked for before the case can be settled."""
    if case is None or standing(procedure, case) != "open":
        return Needs()
    detective = detectives.wants_detective(case) and not detectives.keeps_detective(before, case)
    return Needs(patrols.lacks_patrol(case, now), detective)


def hearing(procedure: Procedure, learn: Learn) -> Callable[[Case | None, Any, datetime, Found], Decision[Case]]:
    """The decision on messages that teach us something."""

    def hear(case: Case | None, message: Any, now: datetime, found: Found) -> Decision[Case]:
        learnt = learn(case, message)
        return settle(procedure, case, learnt, now, found) if learnt else Decision(None)

    hear.__name__ = learn.__name__
    return hear


def settle(
    procedure: Procedure,
    before: Case | None,
    case: Case,
    now: datetime,
    found: Found = NOBODY,
    told: tuple[Event, ...] = (),
) -> Decision[Case]:
    """The case with everything done that it asks for now; `told` is said first."""
    status = standing(procedure, case)
    turned = before is None or status != before.status
    case, events = _turn(procedure, case, status, now) if turned else (case, ())
    leads = status == "open" and detectives.wants_detective(case)
    case = letters.begin(case, now, procedure.letters) if leads else replace(case, plan=None)
    case = letters.watched(case, procedure.letters)
    case, sent = patrols.answer(case, now, found, procedure.patrol)
    case, assigned = detectives.assign(before, case, now, found, procedure.assignment)
    case, reminders = letters.remind(case, now, procedure.letters)
    case = replace(case, units=detectives.answering_units(case))
    running = status == "open"
    times = [*patrols.timers(case, now), *detectives.timers(case, now), *letters.timers(case)] if running else []
    case = replace(case, due=min(times, default=None))
    events = (*told, *events, *sent, *assigned, *reminders)
    # The same case and no events: the shell then writes nothing.
    return Decision(before if case == before and not events else case, events)


def _turn(procedure: Procedure, case: Case, status: Status, now: datetime) -> tuple[Case, tuple[Event, ...]]:
    taken_at = case.taken_at or (now if status == "open" else None)
    forget_at = None if taken_at else now + timedelta(days=procedure.forget_after_days)
    case = replace(case, status=status, taken_at=taken_at, forget_at=forget_at, turns=(*case.turns, Turn(status, now)))
    ended = InvestigationConcluded(outcome="withdrawn", reason="complaint_withdrawn")
    return case, ((ended,) if status == "withdrawn" else ())
