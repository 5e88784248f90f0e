"""What the officers of internal affairs do with a case."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.internal_affairs.case import MOVES, OPEN, Case, Examiner, Finding, Move, Reading, Result, Step
from services.internal_affairs.domain import forwarded, settle, written
from services.internal_affairs.facts import found
from services.internal_affairs.procedure import Procedure
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Person
from shared.contracts.internal_affairs import (
    ConductCaseConcluded,
    ConductCaseReturned,
    ConductConflictFound,
    ConductOutcome,
)
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid

Check = Literal["clarify", "complete"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A step of the completeness check. `note` is sealed as conduct."""

    move: Check
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The outcome, with the sealed words for the reporter and, sealed as conduct, for the file."""

    outcome: ConductOutcome
    notice: str
    note: str | None = None


def read(case: Case | None, command: Command[str], now: datetime) -> Decision[Case]:
    """Keeps who has the sealed words opened, and why; that they are shown comes after."""
    case, person = _of_desk(case, command)
    return Decision(replace(case, readings=(*case.readings, Reading(now, person.id, command.data))), aside=True)


def name_conflicts(
    procedure: Procedure, case: Case | None, command: Command[tuple[str, ...]], now: datetime, notice: str | None
) -> Decision[Case]:
    """The complaint is about these persons or units too: from now on it is hidden from them."""
    before, person = _of_desk(case, command)
    named = found(before, command)
    if named is None or named == before:
        return Decision(before)
    named = replace(named, history=(*named.history, Step("conflict", now, person.id)))
    return settle(procedure, before, named, now, notice)


def name_in_linked(
    procedure: Procedure, case: Case | None, command: Command[tuple[str, ...]], now: datetime
) -> Decision[Case]:
    """A report that goes on in a complaint is about whom that turned out to be about, whether or not it came here."""
    known = {*case.conflicts, *case.said_conflicts} if case else set()
    names = tuple(name for name in command.data if name not in known)
    after = found(case, command)
    if after is None or not names:
        return Decision(case)
    after = replace(after, said_conflicts=tuple(sorted({*after.said_conflicts, *names})))
    return settle(procedure, case, after, now, told=(ConductConflictFound(names=names),))


def check(procedure: Procedure, case: Case | None, command: Command[Checked], now: datetime) -> Decision[Case]:
    """The complaint is complete, or the reporter is asked to clarify it."""
    before, after, _ = _moved(case, command, command.data.move, now, command.data.note)
    return settle(procedure, before, after, now)


def examine(
    procedure: Procedure,
    case: Case | None,
    command: Command[str],
    now: datetime,
    units: tuple[str, ...] | None,
) -> Decision[Case]:
    """The complaint is worth supervision: this examiner has it, or has it from now on. `units` are the examiner's."""
    before, after, _ = _moved(case, command, "examine", now, detail=command.data)
    if units is None or before.desk not in units:
        raise Invalid("unknown_examiner", "The roster of this desk has no such examiner.", "examiner")
    if not {command.data, *units}.isdisjoint(before.conflicts):
        raise Invalid("conflict_of_interest", "The complaint is about this examiner or a unit of theirs.", "examiner")
    after = replace(after, examiner=Examiner(command.data, units), examined_at=before.examined_at or now)
    return settle(procedure, before, after, now)


def find(procedure: Procedure, case: Case | None, command: Command[str], now: datetime) -> Decision[Case]:
    """The examiner puts a finding on file."""
    before, person = _of_open(case, command)
    if before.position != "examination":
        raise Conflict("wrong_state", "Nothing is under examination.")
    if before.examiner is None or before.examiner.id != person.id:
        raise Forbidden("not_the_examiner", "Only the examiner of the complaint puts findings on file.")
    finding, step = Finding(now, person.id, command.data), Step("finding", now, person.id)
    after = replace(before, findings=(*before.findings, finding), history=(*before.history, step))
    return settle(procedure, before, after, now)


def write(procedure: Procedure, case: Case | None, command: Command[str], now: datetime) -> Decision[Case]:
    """A letter on how the complaint stands (SP3D) goes to the reporter."""
    before, person = _of_open(case, command)
    after, event = written(procedure, before, command.data, person.id, now)
    return settle(procedure, before, after, now, told=(event,))


def conclude(procedure: Procedure, case: Case | None, command: Command[Ending], now: datetime) -> Decision[Case]:
    """The complaint was found true or untrue, or is not worth supervision; the reporter is told."""
    ending = command.data
    move: Move = "archive" if ending.outcome == "archived" else "conclude"
    before, after, person = _moved(case, command, move, now, ending.note, ending.outcome)
    if move == "conclude" and not _has_own_finding(before):
        raise Conflict("no_finding", "The examiner has put no finding on file.")
    result = Result(ending.outcome, now, person.id, ending.notice)
    event = ConductCaseConcluded(outcome=ending.outcome, sealed=Sealed(notice=ending.notice))
    return settle(procedure, before, replace(after, result=result), now, told=(event,))


def give_back(procedure: Procedure, case: Case | None, command: Command[str | None], now: datetime) -> Decision[Case]:
    """It is no complaint about conduct or service of the police: classification decides."""
    before, after, _ = _moved(case, command, "return", now, command.data)
    if before.polres in before.conflicts:
        raise Conflict(
            "nobody_to_decide", "The complaint is about the whole office, so nobody there could classify it."
        )
    return settle(procedure, before, after, now, told=(ConductCaseReturned(),))


def join(
    procedure: Procedure, case: Case | None, command: Command[None], now: datetime, earlier: str | None
) -> Decision[Case]:
    """It goes on in the earlier complaint that verification joined it with. `earlier` is that one, if it is open here
    and the person may see it."""
    before, after, _ = _moved(case, command, "join", now, detail=earlier)
    if before.joined is None or earlier is None:
        raise Conflict("not_joined", "Verification has joined it with no complaint that is open at this desk.")
    return settle(procedure, before, after, now)


def forward(procedure: Procedure, case: Case | None, command: Command[str], now: datetime) -> Decision[Case]:
    """The complaint goes to the desk of the office above; the reporter is told."""
    before, after, person = _moved(case, command, "forward", now)
    desk = procedure.next_desk(before)
    if desk is None:
        raise Conflict("no_office_above", "There is no office above that the complaint does not name.")
    after, letter = forwarded(procedure, before, desk, command.data, person.id, now)
    return settle(procedure, before, after, now, told=(letter,))


def _has_own_finding(case: Case) -> bool:
    """Whether anything was found since the case began at this desk."""
    began = max(step.at for step in case.history if step.what in ("registered", "forward"))
    return any(finding.at >= began for finding in case.findings)


def _of_desk(case: Case | None, command: Command[Any]) -> tuple[Case, Person]:
    if case is None or command.actor is None or not case.visible_to(command.actor):
        raise Absent
    return case, command.actor


def _of_open(case: Case | None, command: Command[Any]) -> tuple[Case, Person]:
    case, person = _of_desk(case, command)
    if case.status not in OPEN:
        raise Conflict("not_open", f"The complaint is {case.status}.")
    return case, person


def _moved(
    case: Case | None,
    command: Command[Any],
    move: Move,
    now: datetime,
    note: str | None = None,
    detail: str | None = None,
) -> tuple[Case, Case, Person]:
    """The case before and after a move that the table allows, and who makes it. Raises Absent and Conflict."""
    before, person = _of_open(case, command)
    if (before.position, move) not in MOVES:
        raise Conflict("wrong_state", f"A complaint that is {before.position} cannot take the move {move}.")
    step = Step(move, now, person.id, detail, note)
    return before, replace(before, position=MOVES[before.position, move], history=(*before.history, step)), person
