"""One-time codes for the phone or mailbox that a report names, as programs and pages ask for them."""

import re
import secrets
from typing import Any, get_args

from services.intake import confirming
from services.intake.case import Complaint
from services.intake.confirming import NewCode
from services.intake.desk import Desk
from services.intake.one_time_code import DIGITS, OneTimeCode
from services.intake.queries import complaint_of_code
from services.intake.quotas import CODES, CODES_OF_CONTACT, CODES_OF_CONTACT_A_DAY
from shared.contracts.notification import Medium
from shared.contracts.refusals import Invalid, Unavailable
from shared.http import Ask
from shared.quotas import Caller
from shared.sealing import Unsealable

# Nobody is made to pay for messages to numbers abroad, or to numbers that earn their owner money.
_MOBILE = re.compile(r"\+628[0-9]{7,11}")


async def send_code(ask: Ask, desk: Desk, caller: Caller, typed: str, medium: Medium) -> OneTimeCode:
    """Has a one-time code sent to the phone or mailbox that the report of this tracking code names."""
    await caller.passes(CODES)
    complaint = await complaint_of_code(desk, caller, typed)
    case: Complaint | None = (await desk.room.store().load([complaint]))[complaint].case
    contact = contacts(desk, complaint, case).get(medium) if case else None
    if contact is None:
        raise Invalid("unreachable", "The report names no Indonesian mobile number or mail address for this.", "medium")
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    new = NewCode(
        medium,
        desk.codes.one_time_code(complaint, digits),
        desk.room.vault.seal("notice", complaint, {"text": digits}),
    )
    for quota in (CODES_OF_CONTACT, CODES_OF_CONTACT_A_DAY):
        await desk.quotas.pass_one(desk.room, quota, contact)
    after: Complaint = (await ask(complaint, new, confirming.issue)).case
    if after.one_time_code is None:
        raise TypeError("a code that was sent is kept")
    return after.one_time_code


async def confirm(ask: Ask, desk: Desk, complaint: str, digits: str) -> Complaint:
    """Confirms the phone or mailbox with the code that came. Raises the same Invalid whatever is wrong with it."""
    digest = desk.codes.one_time_code(complaint, digits)
    case: Complaint = (await ask(complaint, digest, confirming.confirm)).case
    code = case.one_time_code
    if code is None or not code.confirmed or not code.is_(digest):
        raise Invalid("wrong_code", "This is not the code, or it has expired; ask for a new one.", "one_time_code")
    return case


def contacts(desk: Desk, complaint: str, case: Complaint) -> dict[Medium, str]:
    """The number and address of the report that a code is sent to, as far as it names them. Raises Unavailable."""
    sealed = case.report.sealed.contact
    try:
        content: dict[str, Any] = desk.room.vault.open("contact", complaint, sealed) if sealed else {}
    except Unsealable:
        raise Unavailable("contact_unreadable", "How you can be reached cannot be read at the moment.") from None
    named = {"sms": _mobile(content.get("phone")), "email": content.get("email")}
    return {medium: str(named[medium]).lower() for medium in get_args(Medium) if named[medium]}


def _mobile(phone: str | None) -> str | None:
    """The number in E.164 if it is an Indonesian mobile one, however it was written."""
    number = re.sub(r"[^0-9+]", "", phone or "")
    number = re.sub(r"^(?:\+?62|0)(?=8)", "+62", number)
    return number if _MOBILE.fullmatch(number) else None
