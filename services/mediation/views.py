"""What the API shows of a case: facts in the clear. Sealed words are shown by `contents` alone, and on record."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel

from services.mediation import suitability
from services.mediation.case import (
    Cancellation,
    Case,
    Compliance,
    Condition,
    Consent,
    Position,
    ReminderKind,
    Round,
    SessionState,
    Side,
    Status,
)
from services.mediation.procedure import Procedure
from shared.contracts.complaint import Attachment, MediationRule, Track, Urgency
from shared.contracts.mediation import FailureReason, Settling
from shared.store import Document


class ReminderView(BaseModel):
    kind: ReminderKind
    since: AwareDatetime
    number: int | None


class CaseRow(BaseModel):
    """A case in a worklist."""

    complaint: str
    version: int
    register_number: str | None
    status: Status
    kind: Settling | None
    position: Position | None
    category: str | None
    urgency: Urgency
    provisional: bool
    received_at: AwareDatetime | None
    village: str | None
    mediator: str | None
    assigned_at: AwareDatetime | None
    next_session_at: AwareDatetime | None
    reminders: list[ReminderView]
    supplements: int
    linked: int


class AssignmentView(BaseModel):
    mediator: str
    at: AwareDatetime
    until: AwareDatetime | None
    officer: str | None


class ApprovalView(BaseModel):
    approved: bool
    officer: str
    at: AwareDatetime


class ConfirmationView(BaseModel):
    condition: Condition
    officer: str
    at: AwareDatetime


class PartyView(BaseModel):
    id: str
    side: Side
    consent: Consent
    invited_at: AwareDatetime
    answered_at: AwareDatetime | None


class SessionView(BaseModel):
    number: int
    at: AwareDatetime
    state: SessionState
    cancelled_for: Cancellation | Literal["let_go"] | None
    absent: tuple[str, ...]
    held_at: AwareDatetime | None
    has_minutes: bool


class PointView(BaseModel):
    number: int
    due: AwareDatetime
    compliance: Compliance
    judged_at: AwareDatetime | None
    officer: str | None


class SignatureView(BaseModel):
    party: str
    at: AwareDatetime


class AgreementView(BaseModel):
    drafted_at: AwareDatetime
    signed_at: AwareDatetime | None
    points: list[PointView]
    signatures: list[SignatureView]


class OutcomeView(BaseModel):
    at: AwareDatetime
    officer: str | None
    reason: FailureReason | None
    recommended: Track | None


class RoundView(BaseModel):
    """One try to settle the complaint."""

    kind: Settling
    position: Position
    acted_at: AwareDatetime | None
    approval: ApprovalView | None
    confirmations: list[ConfirmationView]
    parties: list[PartyView]
    sessions: list[SessionView]
    agreement: AgreementView | None
    planned_at: AwareDatetime | None
    outcome: OutcomeView | None


class SupplementView(BaseModel):
    id: str
    at: AwareDatetime
    village: str | None
    attachments: tuple[Attachment, ...]


class LinkedView(BaseModel):
    complaint: str
    register_number: str
    at: AwareDatetime


class TurnView(BaseModel):
    status: Status
    at: AwareDatetime


class CaseView(CaseRow):
    """A case with its whole course. `missing`: what must be said before the parties may be brought together."""

    tracks: tuple[Track, ...]
    rule: MediationRule | None
    missing: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    joined: str | None
    round: RoundView | None
    past_rounds: list[RoundView]
    assignments: list[AssignmentView]
    supplemented: list[SupplementView]
    linked_reports: list[LinkedView]
    turns: list[TurnView]


def rows(documents: list[Document[Case]]) -> list[CaseRow]:
    return [
        CaseRow.model_validate(_row(document.id, document.version, document.case), from_attributes=True)
        for document in documents
        if document.case
    ]


def view(complaint: str, version: int, case: Case, procedure: Procedure) -> CaseView:
    course = {
        "tracks": case.tracks,
        "rule": case.rule,
        "missing": suitability.missing(procedure, case, case.round) if case.round else (),
        "attachments": case.report.attachments if case.report else (),
        "joined": case.joined.complaint if case.joined else None,
        "round": _round(case.round) if case.round else None,
        "past_rounds": [_round(past) for past in case.past_rounds],
        "assignments": case.assignments,
        "supplemented": case.supplements,
        "linked_reports": [
            LinkedView(complaint=linked.complaint, register_number=linked.report.register_number, at=linked.at)
            for linked in case.linked
        ],
        "turns": case.turns,
    }
    return CaseView.model_validate({**_row(complaint, version, case), **course}, from_attributes=True)


def _row(complaint: str, version: int, case: Case) -> dict[str, object]:
    report, round_ = case.report, case.round
    session = round_.next_session if round_ else None
    return {
        "complaint": complaint,
        "version": version,
        "register_number": report.register_number if report else None,
        "status": case.status,
        "kind": round_.kind if round_ else None,
        "position": round_.position if round_ else None,
        "category": case.classification.category if case.classification else None,
        "urgency": case.urgency,
        "provisional": case.provisional,
        "received_at": report.received_at if report else None,
        "village": case.village,
        "mediator": case.mediator.id if case.mediator else None,
        "assigned_at": case.mediator.at if case.mediator else None,
        "next_session_at": session.at if session else None,
        "reminders": case.reminders,
        "supplements": len(case.supplements),
        "linked": len(case.linked),
    }


def _round(round_: Round) -> RoundView:
    sessions = [
        SessionView(
            number=session.number,
            at=session.at,
            state=session.state,
            cancelled_for=session.cancelled_for,
            absent=session.absent,
            held_at=session.held_at,
            has_minutes=session.minutes is not None,
        )
        for session in round_.sessions
    ]
    shown = {
        "kind": round_.kind,
        "position": round_.position,
        "acted_at": round_.acted_at,
        "approval": round_.approval,
        "confirmations": round_.confirmations,
        "parties": round_.parties,
        "sessions": sessions,
        "agreement": round_.agreement,
        "planned_at": round_.plan.at if round_.plan else None,
        "outcome": round_.outcome,
    }
    return RoundView.model_validate(shown, from_attributes=True)
