"""The doors for reports and calls, and the report as staff read it."""

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from services.intake import doors
from services.intake.access import AtDesk, OfThisOffice
from services.intake.case import Status
from services.intake.queries import complaint_for
from services.intake.quotas import REPORTS
from services.intake.reports import CounterReport, PublicReport, ReportBody, Strictly
from services.intake.submission import Door, take_in
from shared.contracts.complaint import Attachment, Channel, Fact, IdentityLevel, Language
from shared.contracts.intake import CallKind, Receipt
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.quotas import Calling

router = APIRouter()


class CallBody(Strictly):
    """How the operator judged the call."""

    kind: CallKind


class LoggedCall(Fact):
    """A call that is noted."""

    id: str
    kind: CallKind
    received_at: AwareDatetime


class SupplementRead(Fact):
    """What was added, without its words."""

    id: str
    received_at: AwareDatetime
    attachments: tuple[Attachment, ...]


class ComplaintRead(Fact):
    """A complaint as staff read it here: its facts, without what is sealed."""

    id: str
    register_number: str
    status: Status
    channel: Channel
    channel_name: str | None
    author: str | None = Field(description="person id of the officer who took it down")
    identity_level: IdentityLevel
    language: Language
    received_at: AwareDatetime
    occurred_at: AwareDatetime | None
    in_progress: bool
    village: str | None
    attachments: tuple[Attachment, ...]
    supplements: tuple[SupplementRead, ...]
    withdrawn_at: AwareDatetime | None


@router.post("/complaints", status_code=201, tags=["reports"])
async def submit_report(report: PublicReport, ask: Asking, desk: AtDesk, caller: Calling) -> Receipt:
    """Take in a report from the web or the app.

    Nobody has to sign in, and nobody has to say who they are. A request that is repeated with its Idempotency-Key,
    which should be random, gets the same answer.
    """
    await caller.passes(REPORTS)
    return await take_in(desk, ask, ask.key, report, Door(report.channel, "public"))


@router.post("/counter/complaints", status_code=201, tags=["reports"])
async def submit_at_counter(report: CounterReport, ask: Asking, desk: AtDesk, officer: OfThisOffice) -> Receipt:
    """Take in a report that an officer writes down at the counter."""
    return await doors.from_counter(desk, ask, officer, report)


@router.post("/calls/complaints", status_code=201, tags=["calls"])
async def submit_from_call(report: ReportBody, ask: Asking, desk: AtDesk, operator: OfThisOffice) -> Receipt:
    """Take in a report that a 110 operator writes down; one in progress goes ahead of all others."""
    return await doors.from_call(desk, ask, operator, report)


@router.post("/calls/log", status_code=201, tags=["calls"])
async def log_call(body: CallBody, ask: Asking, operator: OfThisOffice) -> LoggedCall:
    """Note a call to 110 that is no report. It makes no case."""
    call_id, call = await doors.log_call(ask, operator, body.kind)
    return LoggedCall(id=call_id, kind=call.kind, received_at=call.received_at)


@router.get("/channels/keys")
async def channel_keys(desk: AtDesk) -> dict[str, list[dict[str, str]]]:
    """What partner channels seal their reports to, as a set of JSON Web Keys."""
    return desk.channel_keys.public()


@router.get("/complaints/{complaint_id}", tags=["reports"])
async def read_complaint(complaint_id: ComplaintId, room: InRoom, person: Acting, response: Response) -> ComplaintRead:
    """The facts of a complaint. One that the person may not know of is absent."""
    complaint, document = await complaint_for(person, room, complaint_id)
    response.headers["ETag"] = f'"{document.version}"'
    facts = complaint.report.model_dump(exclude={"sealed", "conflicts"})
    supplements = tuple(
        SupplementRead(id=s.id, received_at=s.received_at, attachments=s.attachments) for s in complaint.supplements
    )
    return ComplaintRead(
        **facts,
        id=complaint_id,
        status=complaint.status,
        supplements=supplements,
        withdrawn_at=complaint.withdrawn_at,
    )
