"""One-time codes for the reporter's phone or mailbox. Tracking code and one-time code stand in bodies alone."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, StringConstraints

from services.intake import contact_codes
from services.intake.access import AtDesk
from services.intake.one_time_code import DIGITS
from services.intake.reports import Strictly
from shared.contracts.complaint import Fact
from shared.contracts.notification import Medium
from shared.http import Asking
from shared.quotas import Calling

router = APIRouter(prefix="/tracking/contact", tags=["tracking"])


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
    one_time_code: Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{DIGITS}}}$")]


class Confirmed(Fact):
    """The ways in which the reporter is known to be reachable."""

    confirmed: tuple[Medium, ...]


@router.post("/code", status_code=202)
async def send_code(body: CodeWanted, ask: Asking, desk: AtDesk, caller: Calling) -> CodeSent:
    """Have a one-time code sent to the phone or mailbox that the report names."""
    sent = await contact_codes.send(desk, ask, caller, body.code, body.medium)
    return CodeSent(medium=sent.medium, expires_at=sent.until)


@router.post("/confirmation")
async def confirm(body: CodeReceived, ask: Asking, desk: AtDesk, caller: Calling) -> Confirmed:
    """Confirm the phone or mailbox with the code that came. Whatever is wrong with it, the answer is the same."""
    return Confirmed(confirmed=await contact_codes.confirm(desk, ask, caller, body.code, body.one_time_code))
