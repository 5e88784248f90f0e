"""What the holder of a tracking code may do. The code stands in the body, since addresses are written down everywhere.

A code that is unknown and a text that is no code get the same answer for the same work.
"""

from fastapi import APIRouter
from pydantic import AwareDatetime

from services.intake import domain, outcomes
from services.intake.access import AtDesk
from services.intake.desk import Desk
from services.intake.domain import Addition, Complaint, Status
from services.intake.outcomes import Objection
from services.intake.queries import complaint_of_code
from services.intake.reports import AppealBody, Place, SupplementBody, WithdrawalBody
from services.intake.submission import refuse_other_request, refuse_too_many, sealed_narrative
from shared.contracts.complaint import Attachment, Fact, Sealed
from shared.http import Asking
from shared.quotas import Calling
from shared.store import Taken

router = APIRouter(prefix="/tracking", tags=["tracking"])


class SupplementReceipt(Fact):
    """What was added, and to which report."""

    id: str
    complaint: str
    received_at: AwareDatetime
    attachments: tuple[Attachment, ...]


class Withdrawal(Fact):
    """How the report stands once it is taken back."""

    complaint: str
    register_number: str
    status: Status
    withdrawn_at: AwareDatetime | None


class AppealReceipt(Fact):
    """That the appeal was made; another officer than the one who rejected the report decides on it."""

    complaint: str
    register_number: str
    received_at: AwareDatetime


@router.post("/supplements", status_code=201)
async def supplement(body: SupplementBody, ask: Asking, desk: AtDesk, caller: Calling) -> SupplementReceipt:
    """Add words, a place or files to a report."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    addition = _addition(desk, complaint_id, body)
    try:
        outcome = await ask(complaint_id, addition, domain.supplement, gather=desk.find_files)
    except Taken:
        # Of all that is unique, only files can be another report's here.
        raise domain.unknown_attachment() from None
    complaint: Complaint = outcome.case
    added = complaint.supplement(domain.supplement_id(ask.message_id(None), complaint_id))
    refuse_other_request(added.fingerprint, addition.fingerprint)
    return SupplementReceipt(
        id=added.id, complaint=complaint_id, received_at=added.received_at, attachments=added.attachments
    )


@router.post("/appeals", status_code=201)
async def appeal(body: AppealBody, ask: Asking, desk: AtDesk, caller: Calling) -> AppealReceipt:
    """Object to the rejection of a report, once and within the time that was named with it."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    grounds = sealed_narrative(desk.room.vault, complaint_id, body.grounds, Place())
    objection = Objection(Sealed(narrative=grounds), desk.codes.fingerprint(body.grounds))
    outcome = await ask(complaint_id, objection, outcomes.appeal)
    complaint: Complaint = outcome.case
    if complaint.appeal is None:
        raise TypeError("an appeal that was taken in is kept")
    refuse_other_request(complaint.appeal.fingerprint, objection.fingerprint)
    return AppealReceipt(
        complaint=complaint_id,
        register_number=complaint.report.register_number,
        received_at=complaint.appeal.received_at,
    )


@router.post("/withdrawal")
async def withdraw(body: WithdrawalBody, ask: Asking, desk: AtDesk, caller: Calling) -> Withdrawal:
    """Take a report back. A second time gets the same answer."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    outcome = await ask(complaint_id, None, domain.withdraw)
    complaint: Complaint = outcome.case
    return Withdrawal(
        complaint=complaint_id,
        register_number=complaint.report.register_number,
        status=complaint.status,
        withdrawn_at=complaint.withdrawn_at,
    )


def _addition(desk: Desk, complaint_id: str, body: SupplementBody) -> Addition:
    refuse_too_many(desk, body.attachments)
    narrative = None
    if body.what is not None or body.where.is_exact:
        narrative = sealed_narrative(desk.room.vault, complaint_id, body.what, body.where)
    return Addition(
        village=body.where.village,
        sealed=Sealed(narrative=narrative),
        attachments=body.attachments,
        fingerprint=desk.codes.fingerprint(body.model_dump_json(exclude={"code"}, exclude_defaults=True)),
    )
