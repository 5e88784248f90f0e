"""One-time codes for the reporter's phone or mailbox. Tracking code and one-time code stand in bodies alone."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, StringConstraints

from services.intake import proving
from services.intake.access import AtDesk
from services.intake.one_time_code import DIGITS
from services.intake.queries import complaint_of_code
from services.intake.reports import Strictly
from shared.contracts.complaint import Fact
from shared.contracts.notification import Medium
from shared.http import Asking
from shared.quotas import Calling

router = APIRouter(prefix="/tracking/contact", tags=["tracking"])

OneTimeDigits = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{DIGITS}}}$")]


class CodeWanted(Strictly):
    """Which way to reach the reporter is to be proven."""

    code: str = Field(max_length=200, description="tracking code, as it was shown or typed")
    medium: Medium


class CodeSent(Fact):
    """A code is on its way to what the report says."""

    medium: Medium
    expires_at: AwareDatetime


class CodeReceived(Strictly):
    """The code as it was received."""

    code: str = Field(max_length=200, description="tracking code, as it was shown or typed")
    one_time_code: OneTimeDigits


class Confirmed(Fact):
    """The ways in which the reporter is known to be reachable."""

    confirmed: tuple[Medium, ...]


@router.post("/code", status_code=202)
async def send_code(body: CodeWanted, ask: Asking, desk: AtDesk, caller: Calling) -> CodeSent:
    """Have a one-time code sent to the phone or mailbox that the report names."""
    sent = await proving.send_code(ask, desk, caller, body.code, body.medium)
    return CodeSent(medium=sent.medium, expires_at=sent.until)


@router.post("/confirmation")
async def confirm(body: CodeReceived, ask: Asking, desk: AtDesk, caller: Calling) -> Confirmed:
    """Confirm the phone or mailbox with the code that came. Whatever is wrong with it, the answer is the same."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    return Confirmed(confirmed=(await proving.confirm(ask, desk, complaint_id, body.one_time_code)).confirmed)
