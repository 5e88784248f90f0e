"""What becomes of a case once something is known of it: whose it is, which desk may have it, which clock runs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.internal_affairs.case import OPEN, Case, Letter, Status, Step
from services.internal_affairs.facts import OUR_TRACK, Learn
from services.internal_affairs.procedure import Procedure
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Event
from shared.contracts.internal_affairs import (
    ConductCaseOverdue,
    ConductCaseRegistered,
    ConductConflictFound,
    ConductLetterSent,
)


def standing(case: Case) -> Status:
    """What the case is now, from all that was said of it and done about it."""
    if case.sequence == 0:
        return "unknown"
    if OUR_TRACK not in case.tracks:
        return "elsewhere"
    # A classification that is newer than the rejection comes of an appeal, or of an officer who wants it looked at.
    if case.rejected >= case.sequence:
        return "rejected"
    # What the police are examining already they may follow up although the reporter no longer asks for it.
    if case.withdrawn_at and case.examined_at is None and case.position in OPEN:
        return "withdrawn"
    return case.position


def hearing(procedure: Procedure, learn: Learn) -> Callable[[Case | None, Any, datetime, str | None], Decision[Case]]:
    """The decision on messages that teach us something."""

    def hear(case: Case | None, message: Any, now: datetime, notice: str | None) -> Decision[Case]:
        learnt = learn(case, message)
        return settle(procedure, case, learnt, now, notice) if learnt else Decision(None)

    hear.__name__ = learn.__name__
    return hear


def settle(
    procedure: Procedure,
    before: Case | None,
    case: Case,
    now: datetime,
    notice: str | None = None,
    told: tuple[Event, ...] = (),
) -> Decision[Case]:
    """The case with everything done that it asks for now; `told` is said first.

    `notice` are the sealed words for the reporter should the case have to go to an office above.
    """
    events = told
    case = replace(case, status=standing(case))
    if case.status in OPEN:
        if case.registered_at is None:
            case = _registered(procedure, case, now)
            events = (*events, ConductCaseRegistered(letter_by=procedure.end_after(now, procedure.letter_days)))
        desk = procedure.fit_desk(case)
        if desk != case.desk and notice:
            case, letter = forwarded(procedure, case, desk, notice, None, now)
            events = (*events, letter)
        if case.examiner and not {case.examiner.id, *case.examiner.units}.isdisjoint(case.conflicts):
            case = replace(case, examiner=None)
    case, names = _names_told(case)
    events = (*events, *names)
    forget_at = None if case.taken_at else case.forget_at or now + timedelta(days=procedure.forget_after_days)
    due, unseen = (case.alarm_at, procedure.is_barred(case)) if case.status in OPEN else (None, False)
    case = replace(case, due=due, unseen=unseen, forget_at=forget_at)
    # The same case and no events: the shell then writes nothing.
    return Decision(before if case == before and not events else case, events)


def _names_told(case: Case) -> tuple[Case, tuple[Event, ...]]:
    """Tells the other services whom else the complaint is about than its report says, once it has come here."""
    known = {*case.said_conflicts, *(case.report.conflicts if case.report else ())}
    names = tuple(name for name in case.conflicts if name not in known)
    if not names or case.taken_at is None:
        return case, ()
    told = replace(case, said_conflicts=tuple(sorted({*case.said_conflicts, *names})))
    return told, (ConductConflictFound(names=names),)


def tick(procedure: Procedure, case: Case, message: Command[None], now: datetime) -> Decision[Case]:
    """A letter or the result that was due did not go out: the alarm is raised, and again as long as it does not."""
    stage, level = "result" if case.result_by else "letter", case.alarms + 1
    rung = replace(case, alarms=level, alarm_at=procedure.end_after(now, procedure.alarm_days))
    return settle(procedure, case, rung, now, told=(ConductCaseOverdue(stage=stage, level=level),))


def forwarded(
    procedure: Procedure, case: Case, desk: str, notice: str, officer: str | None, now: datetime
) -> tuple[Case, Event]:
    """The case at the desk of another office, which begins anew, and the letter that tells the reporter."""
    step = Step("forward", now, officer, desk)
    case = replace(case, desk=desk, position="received", status="received", examiner=None)
    return written(procedure, replace(case, history=(*case.history, step)), notice, officer, now)


def written(
    procedure: Procedure, case: Case, notice: str, officer: str | None, now: datetime
) -> tuple[Case, ConductLetterSent]:
    """The case with a letter to the reporter (SP3D). The first one starts the clock of the result."""
    number = len(case.letters) + 1
    if case.result_by is None:
        result_by = procedure.end_after(now, procedure.result_days)
        case = replace(case, result_by=result_by, alarm_at=result_by, alarms=0)
    else:
        result_by = case.result_by
    letters = (*case.letters, Letter(number, now, officer, notice))
    history = (*case.history, Step("letter", now, officer, str(number)))
    event = ConductLetterSent(number=number, result_by=result_by, sealed=Sealed(notice=notice))
    return replace(case, letters=letters, history=history), event


def _registered(procedure: Procedure, case: Case, now: datetime) -> Case:
    letter_by = procedure.end_after(now, procedure.letter_days)
    return replace(
        case,
        taken_at=case.taken_at or now,
        registered_at=now,
        letter_by=letter_by,
        alarm_at=letter_by,
        alarms=0,
        history=(*case.history, Step("registered", now)),
    )
