"""What a case must do now, given all that is known of it. Every event, answer and timer ends here.

The same facts lead to the same case whatever their order, since nothing is decided from the step but all from the sum.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.referral import notices, offers
from services.referral.agencies import candidates
from services.referral.case import OPEN, Case, Known, Procedure, Scope, Status, Turn
from services.referral.facts import TRACK, Learn
from shared.contracts.envelope import Decision, Event


def standing(case: Case) -> Status:
    """The status that follows from what is known."""
    if case.classification is None:
        return "unclassified"
    rejected = case.rejected is not None and case.rejected.sequence > case.reopened
    taken = case.holder is not None and case.holder.state == "accepted"
    # The first that holds; how a completed one ends on other tracks is for others to tell.
    reached: tuple[tuple[bool, Status], ...] = (
        (case.completion is not None, "completed"),
        (TRACK not in case.classification.tracks, "elsewhere"),
        (case.joined is not None, "linked"),
        (rejected, "rejected"),
        (case.withdrawn is not None, "withdrawn"),
        (case.given_back >= case.sequence, "declined"),
        (taken, "accepted"),
    )
    return next((status for holds, status in reached if holds), "offered")


def _subject(message: Any) -> str:
    return str(message.subject)


def hearing(
    procedure: Procedure, learn: Learn, complaint_of: Callable[[Any], str] = _subject
) -> Callable[[Case | None, Any, datetime, Known], Decision[Case]]:
    """The decision on messages that teach us something."""

    def hear(case: Case | None, message: Any, now: datetime, known: Known) -> Decision[Case]:
        learnt = learn(case, message)
        return settle(procedure, case, learnt, complaint_of(message), now, known) if learnt else Decision(None)

    hear.__name__ = learn.__name__
    return hear


def settle(
    procedure: Procedure,
    before: Case | None,
    case: Case,
    complaint: str,
    now: datetime,
    known: Known,
    told: tuple[Event, ...] = (),
) -> Decision[Case]:
    """The case with everything done that it asks for now; `told` is said first."""
    status = standing(case)
    events: tuple[Event, ...] = ()
    if status in OPEN:
        case, events = _hold(procedure, case, complaint, now, known)
        case = replace(case, taken_at=case.taken_at or now)
        status = standing(case)
    if status not in OPEN:
        case = offers.let_go(case, now, "reclassified" if status == "elsewhere" else status)
    case = notices.pass_on(before, case, now)
    if before is None or status != before.status:
        case = _turn(procedure, case, status, now)
    holder = case.holder
    times = [moment for moment in (holder.remind_at, holder.alarm_at) if moment] if holder else []
    agencies = tuple(dict.fromkeys(agency for agency, _ in notices.parties(case)))
    case = replace(case, due=min(times, default=None), agencies=agencies)
    events = (*told, *events)
    # The same case and no events: the shell then writes nothing.
    return Decision(before if case == before and not events else case, events)


def _hold(
    procedure: Procedure, case: Case, complaint: str, now: datetime, known: Known
) -> tuple[Case, tuple[Event, ...]]:
    """Sees to it that one agency has it, or was asked."""
    case = _begin_round(case, now, known)
    if case.holder is None:
        return offers.ask_next(procedure, case, complaint, now, known)
    return offers.ring(procedure, case, complaint, now, known)


def _begin_round(case: Case, now: datetime, known: Known) -> Case:
    """Looks for candidates anew where something has changed that decides about them. Whoever has taken the complaint
    keeps it if it is still theirs to take; an offer that nobody has answered is made anew, since its words changed."""
    said, report = case.classification, case.report
    if said is None or report is None:
        return case
    scope = Scope(said.category, said.partners, said.urgency, report.village)
    if case.scope == scope:
        return case
    found = candidates(known.agencies, said.partners, said.category, report.village, said.urgency, now, known.closed)
    slugs = tuple(agency.slug for agency in found)
    case = replace(case, scope=scope, round=case.round + 1, candidates=slugs)
    held = case.holder
    if held and held.state == "accepted" and held.agency in slugs:
        return offers.put(case, replace(held, round=case.round))
    return offers.take_back(case, now, "reclassified")


def _turn(procedure: Procedure, case: Case, status: Status, now: datetime) -> Case:
    forget_at = None if case.taken_at else now + procedure.forget_after
    return replace(case, status=status, forget_at=forget_at, turns=(*case.turns, Turn(status, now)))
