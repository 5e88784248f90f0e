"""What an officer is shown of a case. Nothing sealed stands in it, except in what the officer gave a reason to read."""

from typing import Any

from pydantic import AwareDatetime, BaseModel

from services.verification.case import Finding, Question, Status, Step, Suggestion, Verification
from shared.contracts.complaint import Channel, IdentityLevel
from shared.contracts.envelope import Lane
from shared.contracts.verification import Missing


class Waiting(BaseModel):
    """A report on the worklist, with the reasons why it is there. `missing` is what to ask its reporter."""

    complaint: str
    version: int
    status: Status
    lane: Lane
    register_number: str
    channel: Channel
    identity_level: IdentityLevel
    received_at: AwareDatetime
    occurred_at: AwareDatetime | None
    in_progress: bool
    passed_on: bool
    village: str | None
    findings: tuple[Finding, ...]
    held_by: tuple[str, ...]
    missing: tuple[Missing, ...]
    suggestion: Suggestion | None
    question: Question | None
    appealed_at: AwareDatetime | None


class CaseView(Waiting):
    """A report with its history."""

    category_hint: str | None
    answerable: bool
    attachments: int
    linked_to: str | None
    history: tuple[Step, ...]


class Telling(BaseModel):
    """What the reporter told at one time, opened."""

    at: AwareDatetime
    text: str | None
    place_text: str | None
    lat: float | None
    lon: float | None


class Reporter(BaseModel):
    """Who told it, opened."""

    name: str | None
    nik: str | None
    address: str | None


class NarrativeView(BaseModel):
    """The report and its supplements, in the order in which they came."""

    told: tuple[Telling, ...]
    reporter: Reporter | None


def waiting(complaint: str, case: Verification, version: int) -> Waiting:
    return Waiting.model_validate(_facts(complaint, case, version))


def whole(complaint: str, case: Verification, version: int) -> CaseView:
    return CaseView.model_validate(
        {
            **_facts(complaint, case, version),
            "category_hint": case.category_hint,
            "answerable": case.answerable,
            "attachments": len(case.complete_report.attachments),
            "linked_to": case.linked_to,
            "history": case.history,
        }
    )


def _facts(complaint: str, case: Verification, version: int) -> dict[str, Any]:
    report = case.report
    return {
        "complaint": complaint,
        "version": version,
        "status": case.status,
        "lane": case.lane,
        "register_number": report.register_number,
        "channel": report.channel,
        "identity_level": case.identity_level,
        "received_at": report.received_at,
        "occurred_at": report.occurred_at,
        "in_progress": report.in_progress,
        "passed_on": case.passed_on,
        "village": case.village,
        "findings": case.findings,
        "held_by": case.held_by,
        "missing": case.missing,
        "suggestion": case.suggestion,
        "question": case.question,
        "appealed_at": case.appeal.at if case.appeal else None,
    }
