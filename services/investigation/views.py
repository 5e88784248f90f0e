"""What the API shows of a case: facts in the clear. Sealed words are shown by `contents` alone, and on record."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel

from services.investigation.case import (
    Case,
    CustodyAction,
    EvidenceKind,
    PatrolResult,
    Position,
    Sortie,
    SortieState,
    Status,
)
from shared.contracts.complaint import Attachment, MediationRule, Track, Urgency
from shared.contracts.investigation import Difficulty, Milestone, Outcome, ProgressLetter
from shared.store import Document


class CaseRow(BaseModel):
    """A case in a worklist."""

    complaint: str
    version: int
    register_number: str | None
    status: Status
    category: str | None
    urgency: Urgency
    provisional: bool
    received_at: AwareDatetime | None
    village: str | None
    units: tuple[str, ...]
    detective: str | None
    position: Position
    difficulty: Difficulty
    letter_due: AwareDatetime | None
    letter_overdue: bool
    unanswered: bool
    prosecutor_notice_due: AwareDatetime | None
    prosecutor_notice_overdue: bool
    patrol: str | None
    patrol_state: SortieState | None
    waiting_for_patrol: bool
    waiting_for_detective: bool
    supplements: int
    linked: int
    withdrawn: bool


class SortieView(BaseModel):
    patrol: str
    attempt: int
    state: SortieState
    sent_at: AwareDatetime
    acknowledge_by: AwareDatetime
    acknowledged_at: AwareDatetime | None
    arrived_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    result: PatrolResult | None


class AssignmentView(BaseModel):
    detective: str
    unit: str
    at: AwareDatetime
    until: AwareDatetime | None
    officer: str | None
    reason: str | None


class MilestoneView(BaseModel):
    milestone: Milestone
    at: AwareDatetime
    officer: str
    has_note: bool
    told_reporter: bool


class LetterView(BaseModel):
    letter: ProgressLetter
    at: AwareDatetime
    officer: str


class CustodyView(BaseModel):
    action: CustodyAction
    at: AwareDatetime
    officer: str


class EvidenceView(BaseModel):
    id: str
    kind: EvidenceKind
    taken_at: AwareDatetime
    sha256: str | None
    custody: list[CustodyView]


class WitnessView(BaseModel):
    id: str
    officer: str
    added_at: AwareDatetime
    statement_at: AwareDatetime | None


class SupplementView(BaseModel):
    id: str
    at: AwareDatetime
    village: str | None
    attachments: tuple[Attachment, ...]


class LinkedView(BaseModel):
    complaint: str
    register_number: str
    at: AwareDatetime


class ConclusionView(BaseModel):
    outcome: Outcome
    reason: str | None
    letter: ProgressLetter | None
    at: AwareDatetime
    officer: str | None


class TurnView(BaseModel):
    status: Status
    at: AwareDatetime


class CaseView(CaseRow):
    """A case with its whole course."""

    tracks: tuple[Track, ...]
    mediation: MediationRule | None
    attachments: tuple[Attachment, ...]
    joined: str | None
    sorties: list[SortieView]
    assignments: list[AssignmentView]
    milestones: list[MilestoneView]
    letters: list[LetterView]
    evidence: list[EvidenceView]
    witnesses: list[WitnessView]
    supplemented: list[SupplementView]
    linked_reports: list[LinkedView]
    conclusion: ConclusionView | None
    past_conclusions: list[ConclusionView]
    turns: list[TurnView]


def row(complaint: str, version: int, case: Case, now: datetime) -> CaseRow:
    return CaseRow.model_validate(_row(complaint, version, case, now))


def rows(documents: list[Document[Case]], now: datetime) -> list[CaseRow]:
    return [row(document.id, document.version, document.case, now) for document in documents if document.case]


def view(complaint: str, version: int, case: Case, now: datetime) -> CaseView:
    course = {
        "tracks": case.tracks,
        "mediation": case.classification.mediation if case.classification else None,
        "attachments": case.report.attachments if case.report else (),
        "joined": case.joined.complaint if case.joined else None,
        "sorties": [sortie for dispatch in case.dispatches for sortie in dispatch.sorties],
        "assignments": case.assignments,
        "milestones": [
            MilestoneView(
                milestone=entry.milestone,
                at=entry.at,
                officer=entry.officer,
                has_note=entry.note is not None,
                told_reporter=entry.notice is not None,
            )
            for entry in case.milestones
        ],
        "letters": case.letters,
        "evidence": case.evidence,
        "witnesses": case.witnesses,
        "supplemented": case.supplements,
        "linked_reports": [
            LinkedView(complaint=linked.complaint, register_number=linked.report.register_number, at=linked.at)
            for linked in case.linked
        ],
        "conclusion": case.conclusion,
        "past_conclusions": case.past_conclusions,
        "turns": case.turns,
    }
    return CaseView.model_validate({**_row(complaint, version, case, now), **course}, from_attributes=True)


def _row(complaint: str, version: int, case: Case, now: datetime) -> dict[str, object]:
    report, plan = case.report, case.plan
    sortie: Sortie | None = case.dispatch.active if case.dispatch else None
    return {
        "complaint": complaint,
        "version": version,
        "register_number": report.register_number if report else None,
        "status": case.status,
        "category": case.classification.category if case.classification else None,
        "urgency": case.urgency,
        "provisional": case.provisional,
        "received_at": report.received_at if report else None,
        "village": report.village if report else None,
        "units": case.units,
        "detective": case.detective.id if case.detective else None,
        "position": case.position,
        "difficulty": case.difficulty,
        "letter_due": plan.due if plan else None,
        "letter_overdue": plan is not None and plan.due <= now,
        "unanswered": case.unanswered_raised and not case.answered,
        "prosecutor_notice_due": case.prosecutor_notice_due,
        "prosecutor_notice_overdue": case.prosecutor_notice_due is not None and case.prosecutor_notice_due <= now,
        "patrol": sortie.patrol if sortie else None,
        "patrol_state": sortie.state if sortie else None,
        "waiting_for_patrol": case.searching,
        "waiting_for_detective": case.detective_search is not None,
        "supplements": len(case.supplements),
        "linked": len(case.linked),
        "withdrawn": case.withdrawn is not None,
    }
