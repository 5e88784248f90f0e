"""The case of one report and what each message means for it: one table of moves, decisions without I/O.

What passes its checks is verified by itself. A report that is only vague goes back to its reporter at once. Anything
else waits for an officer. A crime in progress is passed on whatever its checks say, and is then checked like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from services.verification.incident import Incident
from shared.contracts.complaint import Attachment, Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Lane, Person, instant
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.refusals import Absent, Conflict, Invalid, TooEarly
from shared.contracts.verification import (
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintRejected,
    ComplaintVerified,
    Missing,
    RejectionReason,
)

Status = Literal["waiting", "clarifying", "verified", "rejected", "linked", "withdrawn"]

MOVES: Mapping[Status | None, tuple[Status, ...]] = {
    None: ("verified", "waiting", "clarifying"),
    "waiting": ("verified", "clarifying", "rejected", "linked", "withdrawn"),
    "clarifying": ("verified", "waiting", "rejected", "linked", "withdrawn"),
    # The services that took a verified report over hear of its withdrawal themselves; here nothing is linked to it any more.
    "verified": ("withdrawn",),
    "rejected": (),
    "linked": (),
    "withdrawn": (),
}
OPEN: tuple[Status, ...] = ("waiting", "clarifying")
# A report that is linked ends here and lives on in the earlier one, so the earlier one must be sure to live. One that
# still waits may yet be rejected or withdrawn, and the services that act on it do not know it.
LINKABLE: tuple[Status, ...] = ("verified",)
MAX_SUPPLEMENTS = 20
# Warnings that only a person can lay to rest; a report goes on by itself with any other.
_HOLDING_WARNINGS = frozenset({"similar_report", "place_unknown"})
_ASKED_AS: Mapping[str, Missing] = {
    "what": "what", "where": "where", "when": "when", "who": "who", "nik": "who", "phone": "who",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, as it is kept: `check` and `reason` are slugs, `ask` what the reporter could add."""

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
    """What later reports are compared with: where and when it is looked for, and until when it is kept."""

    places: tuple[str, ...]
    at: datetime
    until: datetime
    incident: Incident


@dataclass(frozen=True, slots=True)
class Examination:
    """What the automatic checks found out. `sealed` are the reporter's words as one where there are supplements."""

    findings: tuple[Finding, ...]
    answer_within: timedelta
    suggestion: Suggestion | None = None
    suggestion_conflicts: tuple[str, ...] = ()
    village: str | None = None
    trace: Trace | None = None
    sealed: Sealed | None = None


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
class Step:
    """Something that happened to the case. `detail` is a slug or an id, never words."""

    what: Literal[
        "submitted", "supplemented", "asked", "unanswered", "verified", "rejected", "linked", "withdrawn"
    ]  # fmt: skip
    at: datetime
    status: Status
    officer: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The case of one report. `passed_on`: others act on it already. `hidden_from` are persons and units who may not
    know of it. `held_by` names the findings that keep it from going on by itself."""

    polres: str
    lane: Lane
    status: Status
    report: Report
    category_hint: str | None
    answerable: bool
    findings: tuple[Finding, ...]
    held_by: tuple[str, ...]
    hidden_from: tuple[str, ...]
    suggestion: Suggestion | None = None
    village: str | None = None
    trace: Trace | None = None
    sealed: Sealed | None = None
    supplements: tuple[Supplement, ...] = ()
    question: Question | None = None
    passed_on: bool = False
    linked_to: str | None = None
    due: datetime | None = None
    history: tuple[Step, ...] = ()

    @property
    def complete_report(self) -> Report:
        """The report with all that the reporter added and the village that was found."""
        attachments = [a for supplement in self.supplements for a in supplement.attachments]
        return self.report.model_copy(
            update={
                "village": self.village,
                "attachments": (*self.report.attachments, *attachments),
                "sealed": self.sealed or self.report.sealed,
            }
        )

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What the findings would ask the reporter for, the most important first."""
        asked = {_ASKED_AS[question] for finding in self.findings for question in finding.ask}
        return tuple(question for question in get_args(Missing) if question in asked)

    def visible_to(self, person: Person) -> bool:
        """Whether the person may know of the case. A conflict outranks every role."""
        return self.polres in person.units and not {person.id, *person.units}.intersection(self.hidden_from)


@dataclass(frozen=True, slots=True)
class Reject:
    """An officer's rejection; `notice` is sealed."""

    reason: RejectionReason
    appeal_within: timedelta
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Clarify:
    """An officer's question to the reporter; `notice` is sealed."""

    missing: tuple[Missing, ...]
    answer_within: timedelta
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An officer's word that an earlier report tells of the same incident."""

    to: str


@dataclass(frozen=True, slots=True)
class Linkage:
    """What is known about both ends of a link: the earlier report, if there is one, and whether others are linked to
    the one that is to be linked away."""

    target: Verification | None
    followed: bool


def submitted(
    case: Verification | None, message: Envelope[ComplaintSubmitted], now: datetime, known: Examination | None
) -> Decision[Verification]:
    """A report came in: it goes on by itself, back to its reporter, or to an officer."""
    if case or known is None:
        return Decision(case)
    data, report = message.data, message.data.report
    case = Verification(
        polres=message.polres,
        lane="urgent" if report.in_progress else message.lane,
        status="waiting",
        report=report,
        category_hint=data.category_hint,
        answerable=data.tracking_lookup is not None,
        findings=(),
        held_by=(),
        hidden_from=report.conflicts,
    )
    case = _examined(case, known, now)
    step = Step("submitted", now, "waiting")
    if not case.held_by:
        case = _to(case, step, "verified", came_from=None)
        return Decision(case, (_verified(case),))
    if report.in_progress:
        case = _to(replace(case, passed_on=True), step, "waiting", came_from=None)
        return Decision(case, (_verified(case, provisional=True),))
    if case.answerable and _is_only_vague(case.findings):
        question = Question(case.missing, instant(now + known.answer_within))
        case = _to(replace(case, question=question), step, "clarifying", came_from=None)
        return Decision(case, (_asked(question),))
    return Decision(_to(case, step, "waiting", came_from=None))
