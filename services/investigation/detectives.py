"""Who leads the investigation: how long a detective holds a case, and what happens while none is found."""

from dataclasses import replace
from datetime import datetime

from services.investigation.case import Assignment, Case, Detective, LetterPlan
from services.investigation.known import Found, FoundDetective
from services.investigation.procedure import AssignmentTimes
from services.investigation.searching import look_again
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Event
from shared.contracts.investigation import InvestigationAssigned, InvestigationEscalated


def wants_detective(case: Case) -> bool:
    """Whether a detective is to lead the case here and not in an earlier complaint."""
    return "investigation" in case.tracks and case.joined is None


def keeps_detective(before: Case | None, case: Case) -> bool:
    """Whether whoever has the case may go on: not named in it, and not of a unit that the case has left."""
    if case.detective is None:
        return False
    if {case.detective.id, case.detective.unit, *case.detective.units}.intersection(case.conflicts):
        return False
    old = before.classification.units if before and before.classification else ()
    new = case.classification.units if case.classification else ()
    return old == new or case.detective.unit in new


def answering_units(case: Case) -> tuple[str, ...]:
    """The units whose heads answer for the case: the detective's, or all that could take it."""
    if case.detective:
        return (case.detective.unit,)
    units = case.classification.units if case.classification else ()
    return tuple(unit for unit in units if unit not in case.conflicts)


def assign(
    before: Case | None, case: Case, now: datetime, found: Found, times: AssignmentTimes
) -> tuple[Case, tuple[Event, ...]]:
    """The case with its detective, or with the search for one."""
    if case.status in ("rejected", "withdrawn", "concluded"):
        return replace(case, detective_search=None), ()
    if not wants_detective(case):
        return replace(release(case, now), detective_search=None), ()
    if keeps_detective(before, case):
        return case, ()
    previous = case.detective.id if case.detective else None
    case = release(case, now)
    if found.detective and case.plan:
        return give(case, now, found.detective, case.plan, previous)
    if not found.looked_for_detective:
        return case, ()
    search, raised = look_again(case.detective_search, now, times.retry_seconds, times.longest_alarm_seconds)
    alarm = InvestigationEscalated(reason="no_detective", level=search.level)
    return replace(case, detective_search=search), ((alarm,) if raised else ())


def give(
    case: Case,
    now: datetime,
    chosen: FoundDetective,
    plan: LetterPlan,
    previous: str | None,
    officer: str | None = None,
    reason: str | None = None,
) -> tuple[Case, tuple[Event, ...]]:
    """Gives the case to a detective. `officer` and `reason`: who decided it and why, unless the rules did."""
    assignment = Assignment(chosen.id, chosen.unit, now, officer, reason)
    given = replace(
        case,
        detective=Detective(chosen.id, chosen.unit, chosen.units),
        detective_search=None,
        assignments=(*case.assignments, assignment),
    )
    event = InvestigationAssigned(
        detective=chosen.id,
        unit=chosen.unit,
        previous=previous,
        letter_due=plan.due,
        sealed=Sealed(notice=chosen.notice),
    )
    return given, (event,)


def release(case: Case, now: datetime) -> Case:
    """Takes the case from its detective; that they had it stays on record."""
    if case.detective is None:
        return case
    last = replace(case.assignments[-1], until=now)
    return replace(case, detective=None, assignments=(*case.assignments[:-1], last))


def timers(case: Case, now: datetime) -> list[datetime]:
    """When to look for a detective again; at once where one is wanted and nobody has looked."""
    if case.detective or not wants_detective(case):
        return []
    search = case.detective_search
    return [search.look_at, search.alarm_at] if search else [now]
