"""The steps of an investigation, the letters to the reporter and the difficulty that sets their dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.investigation import access, letters
from services.investigation.case import Case, LetterEntry, LetterPlan, MilestoneEntry, Position
from services.investigation.procedure import Procedure
from services.investigation.settle import settle
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision
from shared.contracts.investigation import Difficulty, InvestigationProgressed, Milestone, ProgressLetter
from shared.contracts.refusals import Conflict

MOVES: Mapping[tuple[Position, Milestone], Position] = {
    ("waiting", "inquiry_opened"): "inquiry",
    ("inquiry", "case_conference"): "inquiry_reviewed",
    ("inquiry_reviewed", "case_conference"): "inquiry_reviewed",
    ("inquiry_reviewed", "investigation_opened"): "investigation",
    ("investigation", "case_conference"): "investigation",
    ("investigation", "prosecutor_notified"): "prosecutor_informed",
    ("prosecutor_informed", "case_conference"): "prosecutor_informed",
    ("prosecutor_informed", "file_sent"): "file_sent",
    ("file_sent", "file_returned"): "file_returned",
    ("file_sent", "file_complete"): "file_complete",
    ("file_returned", "case_conference"): "file_returned",
    ("file_returned", "file_sent"): "file_sent",
}

# A2 and A5 tell that it ends, so they go out with the conclusion alone. A3 announces the investigation.
LETTERS: Mapping[ProgressLetter, frozenset[Position]] = {
    "A1": frozenset(letters.STAGES),
    "A3": frozenset({"inquiry_reviewed", "investigation"}),
    "A4": frozenset(letters.STAGES),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone that was reached. `note` is sealed as narrative, `words` are for the reporter."""

    milestone: Milestone
    note: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    letter: ProgressLetter
    words: str


def following(position: Position) -> list[Milestone]:
    """The milestones that can be reached next."""
    return [milestone for at, milestone in MOVES if at == position]


def fitting(case: Case) -> list[ProgressLetter]:
    """The letters that may go out now."""
    if not case.letters:
        return ["A1"]
    return [letter for letter, positions in LETTERS.items() if letter != "A1" and case.position in positions]


def led(case: Case | None, command: Command[object]) -> tuple[Case, LetterPlan, str]:
    """The case, its letter plan and the id of whoever acts, while a detective has it. Raises Absent and Conflict."""
    case, person = access.of_leader(case, command.actor)
    if case.status != "open" or case.plan is None:
        raise Conflict("not_open", "The investigation of this complaint is not open.")
    if case.detective is None:
        raise Conflict("no_detective", "The case has no detective yet.")
    return case, case.plan, person.id


def reach(
    procedure: Procedure, case: Case | None, command: Command[Step], now: datetime, notice: str | None
) -> Decision[Case]:
    """A milestone was reached. `notice` is the sealed form of its words for the reporter."""
    before, plan, officer = led(case, command)
    step = command.data
    position = MOVES.get((before.position, step.milestone))
    if position is None:
        possible = ", ".join(following(before.position)) or "none"
        raise Conflict("move_not_allowed", f"From {before.position} these milestones can follow: {possible}.")
    entry = MilestoneEntry(step.milestone, now, officer, step.note, notice)
    after = replace(before, position=position, milestones=(*before.milestones, entry))
    if step.milestone in ("inquiry_opened", "investigation_opened"):
        stage = letters.STAGES[position]
        after = replace(after, plan=letters.restaged(plan, stage, after.difficulty, now, procedure.letters))
    if step.milestone == "investigation_opened":
        after = replace(after, prosecutor_notice_due=now + timedelta(days=procedure.prosecutor.notice_days))
    if step.milestone == "prosecutor_notified":
        after = replace(after, prosecutor_notice_due=None)
    return settle(procedure, before, after, now, told=(_progressed(after, notice, milestone=step.milestone),))


def write(
    procedure: Procedure, case: Case | None, command: Command[Letter], now: datetime, notice: str | None
) -> Decision[Case]:
    """A progress letter was sent; the dates that it serves are done with."""
    before, plan, officer = led(case, command)
    letter = command.data.letter
    if before.position not in LETTERS.get(letter, frozenset()):
        raise Conflict("letter_not_allowed", f"Letter {letter} does not fit a case that is at {before.position}.")
    if (letter == "A1") == bool(before.letters):
        raise Conflict("letter_not_allowed", "The first letter is A1, and only the first.")
    entry = LetterEntry(letter, now, officer, notice)
    plan = letters.written(plan, letter, before.difficulty, now, procedure.letters)
    after = replace(before, letters=(*before.letters, entry), plan=plan)
    return settle(procedure, before, after, now, told=(_progressed(after, notice, letter=letter),))


def grade(procedure: Procedure, case: Case | None, command: Command[Difficulty], now: datetime) -> Decision[Case]:
    """The difficulty is judged anew, and with it the dates of the letters."""
    before, plan, _ = led(case, command)
    plan = letters.rescheduled(plan, command.data, now, procedure.letters)
    return settle(procedure, before, replace(before, difficulty=command.data, plan=plan), now)


def _progressed(
    case: Case, notice: str | None, milestone: Milestone | None = None, letter: ProgressLetter | None = None
) -> InvestigationProgressed:
    due = case.plan.due if case.plan else None
    return InvestigationProgressed(milestone=milestone, letter=letter, letter_due=due, sealed=Sealed(notice=notice))
