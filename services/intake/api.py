"""The doors for people: reports, calls, and what a tracking code allows."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime

from services.intake import calls, domain
from services.intake.calls import CallKind
from services.intake.desk import Desk
from services.intake.domain import Complaint, Status
from services.intake.reports import (
    CounterReport,
    PublicReport,
    ReportBody,
    Strictly,
    SupplementBody,
    WithdrawalBody,
)
from services.intake.submission import Door, refuse_other_request, refuse_too_many, sealed_narrative, take_in
from shared.contracts.complaint import Attachment, Fact, Sealed
from shared.contracts.envelope import Person
from shared.contracts.intake import Receipt
from shared.contracts.refusals import Absent, Forbidden
from shared.http import Asking, acting_as
from shared.store import Document

router = APIRouter()


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


def _of_this_office(person: Person, desk: Desk) -> Person:
    if desk.settings.polres not in person.units:
        raise Forbidden("other_office", "You do not belong to this office.")
    return person


def counter_officer(person: Annotated[Person, Depends(acting_as("counter_officer"))], desk: AtDesk) -> Person:
    return _of_this_office(person, desk)


def call_operator(person: Annotated[Person, Depends(acting_as("call_operator"))], desk: AtDesk) -> Person:
    return _of_this_office(person, desk)


CounterOfficer = Annotated[Person, Depends(counter_officer)]
CallOperator = Annotated[Person, Depends(call_operator)]


class CallBody(Strictly):
    kind: CallKind


class LoggedCall(Fact):
    id: str
    kind: CallKind
    received_at: AwareDatetime


class SupplementReceipt(Fact):
    """What was added, and to which report."""

    id: str
    complaint: str
    received_at: AwareDatetime
    attachments: tuple[Attachment, ...]


class Withdrawal(Fact):
    """How the report stands after it was taken back."""

    complaint: str
    register_number: str
    status: Status
    withdrawn_at: AwareDatetime


@router.post("/complaints", status_code=201, tags=["reports"])
async def submit_report(report: PublicReport, ask: Asking, desk: AtDesk) -> Receipt:
    """Take in a report from the web or the app.

    Nobody has to sign in, and nobody has to say who they are. A repeated request with the same Idempotency-Key, which
    should be random, gets the same answer.
    """
    return await take_in(desk, ask, ask.key, report, Door(report.channel, "public"))


@router.post("/counter/complaints", status_code=201, tags=["reports"])
async def submit_at_counter(report: CounterReport, ask: Asking, desk: AtDesk, officer: CounterOfficer) -> Receipt:
    """Take in a report that an officer writes down at the counter."""
    door = Door(
        "counter",
        f"counter:{officer.id}",
        lane="urgent" if report.in_progress else "normal",
        officer=officer,
        in_person=True,
        model="A" if report.own_finding else "B",
        conflicts=report.conflicts,
    )
    return await take_in(desk, ask, ask.key, report, door)


@router.post("/calls/complaints", status_code=201, tags=["calls"])
async def submit_from_call(report: ReportBody, ask: Asking, desk: AtDesk, operator: CallOperator) -> Receipt:
    """Take in a report that a 110 operator writes down; one in progress goes ahead of all others."""
    lane = "urgent" if report.in_progress else "normal"
    door = Door("emergency_call", f"call:{operator.id}", lane=lane, officer=operator)
    return await take_in(desk, ask, ask.key, report, door)


@router.post("/calls/log", status_code=201, tags=["calls"])
async def log_call(body: CallBody, ask: Asking, operator: CallOperator) -> LoggedCall:
    """Note a call to 110 that is no report. It makes no case."""
    call_id = str(uuid5(NAMESPACE_URL, ask.message_id(operator)))
    outcome = await ask(call_id, body.kind, calls.log, actor=operator, collection="calls")
    call: calls.Call = outcome.case
    refuse_other_request(call.kind, body.kind)
    return LoggedCall(id=call_id, kind=call.kind, received_at=call.received_at)


@router.post("/tracking/supplements", status_code=201, tags=["tracking"])
async def supplement(body: SupplementBody, ask: Asking, desk: AtDesk) -> SupplementReceipt:
    """Add to a report. An unknown code and one that is no code get the same answer."""
    complaint_id, _ = await _coded(desk, body.code)
    refuse_too_many(desk, body.attachments)
    fingerprint = desk.codes.fingerprint(body.model_dump_json(exclude={"code"}, exclude_defaults=True))
    told = body.what is not None or body.where.told_exactly
    sealed = Sealed(
        narrative=sealed_narrative(desk.room.vault, complaint_id, body.what, body.where) if told else None
    )
    addition = domain.Addition(body.where.village, sealed, body.attachments, fingerprint)
    try:
        outcome = await ask(complaint_id, addition, domain.supplement, gather=desk.find_files)
    except Taken:
        raise domain.unknown_attachment() from None
    added = domain.supplement_of(outcome.case, domain.supplement_id(ask.message_id(None), complaint_id))
    refuse_other_request(added.fingerprint, fingerprint)
    return SupplementReceipt(
        id=added.id, complaint=complaint_id, received_at=added.received_at, attachments=added.attachments
    )


@router.post("/tracking/withdrawal", tags=["tracking"])
async def withdraw(body: WithdrawalBody, ask: Asking, desk: AtDesk) -> Withdrawal:
    """Take a report back. Doing so twice gets the same answer."""
    complaint_id, _ = await _coded(desk, body.code)
    outcome = await ask(complaint_id, None, domain.withdraw)
    complaint: Complaint = outcome.case
    return Withdrawal(
        complaint=complaint_id,
        register_number=complaint.report.register_number,
        status=complaint.status,
        withdrawn_at=complaint.withdrawn_at,
    )
