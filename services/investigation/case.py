"""What is kept of one complaint here, and what can be read off it. Sealed words stay sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.investigation.procedure import Stage
from shared.contracts.classification import Classification
from shared.contracts.complaint import Attachment, Report, Urgency
from shared.contracts.envelope import Lane, Person
from shared.contracts.investigation import Difficulty, Milestone, Outcome, ProgressLetter
from shared.told import Told

# unclassified: heard of, but not yet said to be ours. elsewhere: on other tracks, or led on in an earlier complaint.
# attended: the patrol has done its part and the rest is others'.
Status = Literal["unclassified", "elsewhere", "open", "attended", "rejected", "withdrawn", "concluded"]
Position = Literal[
    "waiting",
    "inquiry",
    "inquiry_reviewed",
    "investigation",
    "prosecutor_informed",
    "file_sent",
    "file_returned",
    "file_complete",
]
SortieState = Literal["sent", "acknowledged", "on_scene", "unacknowledged", "stood_down", "cleared"]
PatrolResult = Literal["settled", "suspect_held", "evidence_secured", "nothing_found", "handed_over"]
EvidenceKind = Literal["object", "document", "electronic", "photograph", "biological", "other"]
CustodyAction = Literal["taken", "stored", "handed_over", "examined", "returned", "destroyed"]

ACTIVE: tuple[SortieState, ...] = ("sent", "acknowledged", "on_scene")


@dataclass(frozen=True, slots=True)
class Sortie:
    """One patrol sent to one complaint."""

    patrol: str
    attempt: int
    state: SortieState
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    result: PatrolResult | None = None
    note: str | None = None  # sealed as narrative
    unit: str | None = None  # of the patrol


@dataclass(frozen=True, slots=True)
class Search:
    """Nobody is free: when to look again, when to raise the alarm again, and how often it was raised."""

    since: datetime
    look_at: datetime
    alarm_at: datetime
    level: int


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The answer of the patrols. `over`: they have done their part, or were called off by a person."""

    wanted_at: datetime
    sorties: tuple[Sortie, ...] = ()
    attempts: int = 0
    unacknowledged: int = 0
    first_sent_at: datetime | None = None
    search: Search | None = None
    over: bool = False

    @property
    def active(self) -> Sortie | None:
        """The sortie under way."""
        return self.sorties[-1] if self.sorties and self.sorties[-1].state in ACTIVE else None


@dataclass(frozen=True, slots=True)
class Detective:
    """Who has the case, the unit that they lead it for, and all units of theirs at the time."""

    id: str
    unit: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A detective had the case from a time on. `officer` is who said so; None where it was found by the rules."""

    detective: str
    unit: str
    at: datetime
    officer: str | None = None
    reason: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """The duty to write to the reporter.

    `served`: up to here everything is written. `due`: the oldest date that is not. `alarm_at`: the next date whose
    passing raises the alarm. `level`: how many dates have passed in silence.
    """

    stage: Stage
    stage_from: datetime
    first_due: datetime | None
    served: datetime
    due: datetime
    alarm_at: datetime
    level: int = 0


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    milestone: Milestone
    at: datetime
    officer: str
    note: str | None = None  # sealed as narrative
    notice: str | None = None  # sealed for the reporter


@dataclass(frozen=True, slots=True)
class LetterEntry:
    letter: ProgressLetter
    at: datetime
    officer: str
    notice: str | None


@dataclass(frozen=True, slots=True)
class Custody:
    """Who did what with a piece of evidence. `note` is sealed as narrative."""

    id: str
    action: CustodyAction
    at: datetime
    officer: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence (barang bukti). `description` is sealed as narrative."""

    id: str
    kind: EvidenceKind
    description: str
    taken_at: datetime
    sha256: str | None
    custody: tuple[Custody, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was on file of a witness until somebody corrected it. `identity` is sealed."""

    identity: str
    at: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness. `identity` is sealed as identity, `statement` as narrative."""

    id: str
    identity: str
    officer: str
    added_at: datetime
    statement_at: datetime | None = None
    statement: str | None = None
    corrected: tuple[Corrected, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplement:
    """New material from the reporter. `narrative` is sealed."""

    id: str
    at: datetime
    village: str | None
    attachments: tuple[Attachment, ...]
    narrative: str | None


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """A later report of the same incident. Its sealed parts open under its own complaint id."""

    complaint: str
    at: datetime
    report: Report


@dataclass(frozen=True, slots=True)
class Conclusion:
    outcome: Outcome
    at: datetime
    reason: str | None = None
    letter: ProgressLetter | None = None
    officer: str | None = None
    notice: str | None = None  # sealed for the reporter
    note: str | None = None  # sealed as narrative


@dataclass(frozen=True, slots=True)
class Turn:
    """The case came into a status."""

    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as investigation knows it: what others said of it, the patrols' answer, the detectives' work."""

    polres: str
    lane: Lane
    status: Status = "unclassified"
    # What others said. Whatever the order in which it came, the same is kept.
    sequence: int = 0  # of the newest classification
    report: Report | None = None
    classification: Classification | None = None
    provisional: bool = False
    supplements: tuple[Supplement, ...] = ()
    linked: tuple[LinkedReport, ...] = ()
    joined: Told | None = None  # the incident is led on in an earlier complaint
    withdrawn: Told | None = None
    rejected: Told | None = None
    reopened: int = 0  # sequence of the newest reopening
    upheld: int = 0  # sequence of the newest classification of the complaint as a verified one
    conflicts: tuple[str, ...] = ()
    # The patrols.
    dispatch: Dispatch | None = None
    past_dispatches: tuple[Dispatch, ...] = ()
    active_patrol: str | None = None  # unique among all cases: a patrol is busy if a case names it here
    searching: bool = False
    # The detectives.
    taken_at: datetime | None = None
    units: tuple[str, ...] = ()  # whose heads answer for the case
    detective: Detective | None = None
    detective_search: Search | None = None
    assignments: tuple[Assignment, ...] = ()
    difficulty: Difficulty = "medium"
    position: Position = "waiting"
    milestones: tuple[MilestoneEntry, ...] = ()
    letters: tuple[LetterEntry, ...] = ()
    plan: LetterPlan | None = None
    unanswered_at: datetime | None = None  # when the alarm is raised if nobody has answered the reporter
    unanswered_raised: bool = False
    prosecutor_notice_due: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    conclusion: Conclusion | None = None
    past_conclusions: tuple[Conclusion, ...] = ()
    turns: tuple[Turn, ...] = ()
    due: datetime | None = None
    forget_at: datetime | None = None

    def visible_to(self, person: Person) -> bool:
        """Whether it is a complaint of the person's Polres that came to us, and not about them or a unit of theirs,
        which outranks every role."""
        named = {person.id, *person.units}.intersection(self.conflicts)
        return self.polres in person.units and not named and self.status != "unclassified"

    @property
    def dispatches(self) -> tuple[Dispatch, ...]:
        """All answers of the patrols, the latest last."""
        return (*self.past_dispatches, *((self.dispatch,) if self.dispatch else ()))

    @property
    def conclusions(self) -> tuple[Conclusion, ...]:
        """All ends that it has come to, the latest last."""
        return (*self.past_conclusions, *((self.conclusion,) if self.conclusion else ()))

    @property
    def tracks(self) -> tuple[str, ...]:
        return self.classification.tracks if self.classification else ()

    @property
    def urgency(self) -> Urgency:
        return self.classification.urgency if self.classification else "P4"

    @property
    def answered(self) -> bool:
        """Whether the reporter has had a letter, or words at a milestone."""
        return bool(self.letters) or any(entry.notice for entry in self.milestones)
