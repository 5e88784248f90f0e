"""One-time codes for the reporter's phone or mailbox. Tracking code and one-time code stand in bodies alone."""

import re
import secrets
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, StringConstraints

from services.intake import confirming
from services.intake.access import AtDesk
from services.intake.confirming import NewCode
from services.intake.desk import Desk
from services.intake.domain import Complaint
from services.intake.one_time_code import DIGITS
from services.intake.queries import complaint_of_code
from services.intake.quotas import CODES, CODES_OF_CONTACT, CODES_OF_CONTACT_A_DAY
from services.intake.reports import Strictly
from shared.contracts.complaint import Fact
from shared.contracts.notification import Medium
from shared.contracts.refusals import Invalid, Unavailable
from shared.http import Asking
from shared.quotas import Calling
from shared.sealing import Unsealable

router = APIRouter(prefix="/tracking/contact", tags=["tracking"])

# Nobody is made to pay for messages to numbers abroad, or to numbers that earn their owner money.
_MOBILE = re.compile(r"\+628[0-9]{7,11}")


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
    await caller.passes(CODES)
    complaint_id = await complaint_of_code(desk, caller, body.code)
    contact = await _contact(desk, complaint_id, body.medium)
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    new = NewCode(
        body.medium,
        desk.codes.one_time_code(complaint_id, digits),
        desk.room.vault.seal("notice", complaint_id, {"text": digits}),
    )
    for quota in (CODES_OF_CONTACT, CODES_OF_CONTACT_A_DAY):
        await desk.quotas.pass_one(desk.room, quota, contact)
    case: Complaint = (await ask(complaint_id, new, confirming.issue)).case
    if case.one_time_code is None:
        raise TypeError("a code that was sent is kept")
    return CodeSent(medium=case.one_time_code.medium, expires_at=case.one_time_code.until)


@router.post("/confirmation")
async def confirm(body: CodeReceived, ask: Asking, desk: AtDesk, caller: Calling) -> Confirmed:
    """Confirm the phone or mailbox with the code that came. Whatever is wrong with it, the answer is the same."""
    complaint_id = await complaint_of_code(desk, caller, body.code)
    digest = desk.codes.one_time_code(complaint_id, body.one_time_code)
    case: Complaint = (await ask(complaint_id, digest, confirming.confirm)).case
    code = case.one_time_code
    if code is None or not code.confirmed or not code.is_(digest):
        raise Invalid("wrong_code", "This is not the code, or it has expired; ask for a new one.", "one_time_code")
    return Confirmed(confirmed=case.confirmed)


async def _contact(desk: Desk, complaint_id: str, medium: Medium) -> str:
    """The number or address to prove. Raises Invalid where the report has none that a code is sent to."""
    case: Complaint | None = (await desk.room.store().load([complaint_id]))[complaint_id].case
    sealed = case.report.sealed.contact if case else None
    try:
        content: dict[str, Any] = desk.room.vault.open("contact", complaint_id, sealed) if sealed else {}
    except Unsealable:
        raise Unavailable("contact_unreadable", "How you can be reached cannot be read at the moment.") from None
    contact = content.get("email") if medium == "email" else _mobile(content.get("phone"))
    if not contact:
        raise Invalid("unreachable", "The report names no Indonesian mobile number or mail address for this.", "medium")
    return str(contact).lower()


def _mobile(phone: str | None) -> str | None:
    """The number in E.164 if it is an Indonesian mobile one, however it was written."""
    number = re.sub(r"[^0-9+]", "", phone or "")
    number = re.sub(r"^(?:\+?62|0)(?=8)", "+62", number)
    return number if _MOBILE.fullmatch(number) else None
