"""What the API shows of a case: facts in the clear. Sealed words are shown by `contents` alone, and on record."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel

from services.internal_affairs.case import Case, Happening, Status
from shared.contracts.complaint import Attachment, Channel, IdentityLevel
from shared.contracts.internal_affairs import ConductOutcome


class CaseRow(BaseModel):
    """A case in a worklist."""

    complaint: str
    version: int
    register_number: str
    status: Status
    desk: str
    channel: Channel
    identity_level: IdentityLevel
    registered_at: AwareDatetime | None
    letter_by: AwareDatetime | None
    result_by: AwareDatetime | None
    letters: int
    overdue: bool
    examiner: str | None
    findings: int
    supplements: int
    withdrawn: bool
    joined: str | None


class StepView(BaseModel):
    what: Happening
    at: AwareDatetime
    officer: str | None
    detail: str | None
    has_note: bool


class ReadingView(BaseModel):
    at: AwareDatetime
    officer: str
    reason: str


class ResultView(BaseModel):
    outcome: ConductOutcome
    at: AwareDatetime
    officer: str


class CaseView(CaseRow):
    """A case with its whole course. `readings`: who had its sealed words opened, when and why."""

    conflicts: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    linked: tuple[str, ...]
    result: ResultView | None
    past_results: tuple[ResultView, ...]
    history: tuple[StepView, ...]
    readings: tuple[ReadingView, ...]


def row(complaint: str, version: int, case: Case, now: datetime) -> CaseRow:
    return CaseRow.model_validate(_row(complaint, version, case, now))


def view(complaint: str, version: int, case: Case, now: datetime) -> CaseView:
    course = {
        "conflicts": case.conflicts,
        "attachments": (
            *(case.report.attachments if case.report else ()),
            *(attachment for supplement in case.supplements for attachment in supplement.attachments),
        ),
        "linked": tuple(report.complaint for report in case.linked),
        "result": case.result,
        "past_results": case.past_results,
        "history": [
            StepView(what=step.what, at=step.at, officer=step.officer, detail=step.detail, has_note=bool(step.note))
            for step in case.history
        ],
        "readings": case.readings,
    }
    return CaseView.model_validate({**_row(complaint, version, case, now), **course}, from_attributes=True)


def _row(complaint: str, version: int, case: Case, now: datetime) -> dict[str, object]:
    if case.report is None:
        raise TypeError("a case that somebody sees has a report")
    due = case.result_by or case.letter_by
    return {
        "complaint": complaint,
        "version": version,
        "register_number": case.report.register_number,
        "status": case.status,
        "desk": case.desk,
        "channel": case.report.channel,
        "identity_level": case.report.identity_level,
        "registered_at": case.registered_at,
        "letter_by": case.letter_by,
        "result_by": case.result_by,
        "letters": len(case.letters),
        "overdue": case.due is not None and due is not None and due < now,
        "examiner": case.examiner.id if case.examiner else None,
        "findings": len(case.findings),
        "supplements": len(case.supplements),
        "withdrawn": case.withdrawn_at is not None,
        "joined": case.joined.complaint if case.joined else None,
    }
