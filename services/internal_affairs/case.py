"""What is kept of one complaint about the police, who may know of it, and the moves that it can take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.complaint import Attachment, Report, Track
from shared.contracts.envelope import Lane, Person
from shared.contracts.internal_affairs import ConductOutcome

# How far the desk has come: the completeness check, the reporter's clarification, the decision on whether it is worth
# supervision, the examination; and how the desk can end it.
Position = Literal["received", "clarifying", "complete", "examination", "archived", "concluded", "returned", "joined"]
# unknown: heard of, but not yet said to be ours. The other three are what other services make of it.
Status = Position | Literal["unknown", "elsewhere", "withdrawn", "rejected"]
Move = Literal["clarify", "complete", "examine", "archive", "conclude", "return", "join", "forward"]
Happening = Move | Literal["registered", "letter", "finding", "conflict"]

OPEN: tuple[Position, ...] = ("received", "clarifying", "complete", "examination")
# A desk that a complaint is forwarded to begins anew: it must not rest on what those who may be involved found.
MOVES: Mapping[tuple[Position, Move], Position] = {
    ("received", "clarify"): "clarifying",
    ("received", "complete"): "complete",
    ("clarifying", "complete"): "complete",
    ("complete", "clarify"): "clarifying",
    ("complete", "examine"): "examination",
    ("examination", "examine"): "examination",
    ("complete", "archive"): "archived",
    ("examination", "conclude"): "concluded",
    **{(position, "return"): "returned" for position in OPEN if position != "examination"},
    **{(position, "join"): "joined" for position in OPEN},
    **{(position, "forward"): "received" for position in OPEN},
}


@dataclass(frozen=True, slots=True)
class Supplement:
    """New material from the reporter. `narrative` is sealed."""

    id: str
    at: datetime
    attachments: tuple[Attachment, ...]
    narrative: str | None


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """A later report of the same incident. `narrative` opens under its own complaint id."""

    complaint: str
    at: datetime
    conflicts: tuple[str, ...]
    narrative: str | None


@dataclass(frozen=True, slots=True)
class Joined:
    """Verification joined the complaint with an earlier one."""

    sequence: int
    complaint: str
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examiner:
    """Who examines, with the units that the roster gave at the time."""

    id: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the examiner found. `text` is sealed as conduct."""

    at: datetime
    officer: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to the reporter (SP3D). `notice` is sealed; the clock wrote it where no officer is named."""

    number: int
    at: datetime
    officer: str | None
    notice: str


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended. `notice` is sealed for the reporter."""

    outcome: ConductOutcome
    at: datetime
    officer: str
    notice: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened. `note` is sealed as conduct; `detail` is a slug or an id."""

    what: Happening
    at: datetime
    officer: str | None = None
    detail: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody had the sealed words opened, and why."""

    at: datetime
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint about the police. `desk` is the office whose internal affairs has it: the Polres or one above it."""

    polres: str
    lane: Lane
    desk: str
    status: Status = "unknown"
    # What others said. Whatever the order in which it came, the same is kept.
    sequence: int = 0  # of the newest classification
    report: Report | None = None
    tracks: tuple[Track, ...] = ()
    begun: int = 0  # sequence of the newest reclassification that made it begin anew
    supplements: tuple[Supplement, ...] = ()
    linked: tuple[LinkedReport, ...] = ()
    joined: Joined | None = None
    withdrawn_at: datetime | None = None
    rejected: int = 0  # sequence of the newest rejection
    conflicts: tuple[str, ...] = ()  # persons and units that it is about, as told and as found out
    # What the desk did.
    position: Position = "received"
    taken_at: datetime | None = None  # when it first came here
    registered_at: datetime | None = None  # when it last began
    letter_by: datetime | None = None
    result_by: datetime | None = None  # set by the first letter
    alarm_at: datetime | None = None
    alarms: int = 0  # of the stage that it is in
    examined_at: datetime | None = None  # when an examination first began
    found_conflicts: tuple[str, ...] = ()
    said_conflicts: tuple[str, ...] = ()  # of those that the report itself does not name: told to the other services
    examiner: Examiner | None = None
    findings: tuple[Finding, ...] = ()
    letters: tuple[Letter, ...] = ()
    result: Result | None = None
    past_results: tuple[Result, ...] = ()
    history: tuple[Step, ...] = ()
    readings: tuple[Reading, ...] = ()
    unseen: bool = False  # open at a desk that is named in it, since every other one is too
    due: datetime | None = None
    forget_at: datetime | None = None

    def visible_to(self, person: Person) -> bool:
        """Whether it is at a desk of the person's, and not about the person or a unit of theirs."""
        own = {person.id, *person.units}
        return self.taken_at is not None and self.desk in person.units and own.isdisjoint(self.conflicts)
