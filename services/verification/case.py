"""The case that verification keeps of one report, and the table of its moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from services.verification.incident import Incident
from shared.contracts.complaint import Attachment, IdentityLevel, Report, Sealed
from shared.contracts.envelope import Lane, Person
from shared.contracts.verification import Missing

Happening = Literal[
    "submitted", "supplemented", "asked", "unanswered", "verified", "rejected", "linked", "withdrawn", "appealed",
    "conflict", "contact_confirmed",
]  # fmt: skip
Status = Literal["checking", "waiting", "clarifying", "verified", "rejected", "linked", "withdrawn"]

# `checking` lasts no longer than a decision. Whether others act on an open report already is no status but `passed_on`.
MOVES: Mapping[Status, tuple[Status, ...]] = {
    "checking": ("verified", "waiting", "clarifying"),
    "waiting": ("waiting", "verified", "clarifying", "rejected", "linked", "withdrawn"),
    "clarifying": ("verified", "waiting", "rejected", "linked", "withdrawn"),
    # Those who took the report over hear of its withdrawal themselves; here it ceases to be one that can be linked to.
    "verified": ("withdrawn",),
    # A rejection stands unless its reporter appeals, once, and another officer decides anew.
    "rejected": ("waiting", "withdrawn"),
    "linked": (),
    "withdrawn": (),
}
OPEN: tuple[Status, ...] = ("waiting", "clarifying")

# Warnings that only a person can lay to rest; with any other a report goes on by itself.
_HOLDING_WARNINGS = frozenset({"similar_report", "place_unknown"})
_WHAT_TO_ASK: Mapping[str, Missing] = {
    "what": "what",
    "where": "where",
    "when": "when",
    "who": "who",
    "nik": "who",
    "phone": "who",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, as it is kept: `check` and `reason` are slugs, `ask` is what the reporter could add."""

    check: str
    outcome: Literal["passed", "failed", "warning"]
    reason: str
    detail: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the report may not go on by itself because of it."""
        return self.outcome == "failed" or (self.outcome == "warning" and self.reason in _HOLDING_WARNINGS)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An earlier report that may tell of the same incident; score and words are between 0 and 1."""

    complaint: str
    score: float
    words: float
    nearness: str
    hours_apart: float


@dataclass(frozen=True, slots=True)
class Trace:
    """What later reports are compared with: the names and the time that it is found by, and until when it is kept."""

    places: tuple[str, ...]
    at: datetime
    until: datetime
    incident: Incident


@dataclass(frozen=True, slots=True)
class Supplement:
    """What the reporter added."""

    id: str
    at: datetime
    sealed: Sealed
    village: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the reporter was asked. `for_officer`: only a person can tell whether the answer answers it."""

    missing: tuple[Missing, ...]
    answer_by: datetime
    for_officer: bool = False


@dataclass(frozen=True, slots=True)
class Appeal:
    """The reporter's objection to the rejection by `rejected_by`, who does not decide on it. `sealed`: the grounds."""

    at: datetime
    rejected_by: str
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, and the status after it. `detail` is a slug or an id, never words."""

    what: Happening
    at: datetime
    status: Status
    officer: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The case of one report.

    `answerable`: its reporter can answer a question. `held_by`: the checks that keep it from going on by itself.
    `hidden_from`: persons and units who may not know of it. `village`: given or else found. `sealed`: all that the
    reporter told, as one, where there is more than the report. `passed_on`: others act on the report already.
    """

    polres: str
    lane: Lane
    report: Report
    category_hint: str | None
    answerable: bool
    hidden_from: tuple[str, ...]
    status: Status = "checking"
    findings: tuple[Finding, ...] = ()
    held_by: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    village: str | None = None
    trace: Trace | None = None
    supplements: tuple[Supplement, ...] = ()
    sealed: Sealed | None = None
    question: Question | None = None
    passed_on: bool = False
    linked_to: str | None = None
    appeal: Appeal | None = None
    due: datetime | None = None
    history: tuple[Step, ...] = ()
    contact_confirmed: bool = False

    @property
    def identity_level(self) -> IdentityLevel:
        """How well the reporter is known by now."""
        level = self.report.identity_level
        return "contact_confirmed" if self.contact_confirmed and level != "seen_in_person" else level

    @property
    def complete_report(self) -> Report:
        """The report with all that the reporter added, with its village and with how well the reporter is known."""
        added = (attachment for supplement in self.supplements for attachment in supplement.attachments)
        return self.report.model_copy(
            update={
                "village": self.village,
                "identity_level": self.identity_level,
                "attachments": (*self.report.attachments, *added),
                "sealed": self.sealed or self.report.sealed,
            }
        )

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What the findings would have the reporter asked, the most important first."""
        asked = {_WHAT_TO_ASK[question] for finding in self.findings for question in finding.ask}
        return tuple(question for question in get_args(Missing) if question in asked)

    def visible_to(self, person: Person) -> bool:
        """Whether the person may know of the case. A conflict outranks every role and unit."""
        return self.polres in person.units and not {person.id, *person.units}.intersection(self.hidden_from)
