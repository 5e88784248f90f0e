"""What the holder of a tracking code may do. The code stands in the body, since addresses are written down everywhere.

A code that is unknown and a text that is no code get the same answer for the same work.
"""

from fastapi import APIRouter
from pydantic import AwareDatetime

from services.intake import holder
from services.intake.access import AtDesk
from services.intake.case import Status
from services.intake.queries import complaint_of_code
from services.intake.reports import AppealBody, SupplementBody, WithdrawalBody
from shared.contracts.complaint import Attachment, Fact
from shared.http import Asking
from shared.quotas import Calling

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
    asked = body.model_dump_json(exclude={"code"}, exclude_defaults=True)
    addition = holder.addition(desk, complaint_id, body.what, body.where, body.attachments, asked)
    added = await holder.add(ask, desk, complaint_id, addition)
    return SupplementReceipt(
        id=added.id, complaint=complaint_id, received_at=added.received_at, attachments=added.attachments
    )


@router.post("/appeals", status_code=201)
async def appeal(body: AppealBody, ask: Asking, desk: AtDesk, caller: Calling) -> AppealReceipt:
    """Object to the rejection of a report, once and within the time that was named with it."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    complaint, made = await holder.appeal(ask, desk, complaint_id, body.grounds)
    return AppealReceipt(
        complaint=complaint_id, register_number=complaint.report.register_number, received_at=made.received_at
    )


@router.post("/withdrawal")
async def withdraw(body: WithdrawalBody, ask: Asking, desk: AtDesk, caller: Calling) -> Withdrawal:
    """Take a report back. A second time gets the same answer."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    complaint = await holder.withdraw(ask, complaint_id)
    return Withdrawal(
        complaint=complaint_id,
        register_number=complaint.report.register_number,
        status=complaint.status,
        withdrawn_at=complaint.withdrawn_at,
    )
