"""One-time codes for the reporter's phone or mailbox, for whoever holds the tracking code."""

import re
import secrets
from typing import Any

from services.intake import confirming
from services.intake.confirming import NewCode
from services.intake.desk import Desk
from services.intake.domain import Complaint
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


async def send(desk: Desk, ask: Ask, caller: Caller, code: str, medium: Medium) -> OneTimeCode:
    """Sends a one-time code to the phone or mailbox that the report names."""
    await caller.passes(CODES)
    complaint_id = await complaint_of_code(desk, caller, code)
    contact = (await contacts(desk, complaint_id)).get(medium)
    if contact is None:
        raise Invalid("unreachable", "The report names no Indonesian mobile number or mail address for this.", "medium")
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    new = NewCode(
        medium,
        desk.codes.one_time_code(complaint_id, digits),
        desk.room.vault.seal("notice", complaint_id, {"text": digits}),
    )
    for quota in (CODES_OF_CONTACT, CODES_OF_CONTACT_A_DAY):
        await desk.quotas.pass_one(desk.room, quota, contact)
    case: Complaint = (await ask(complaint_id, new, confirming.issue)).case
    if case.one_time_code is None:
        raise TypeError("a code that was sent is kept")
    return case.one_time_code


async def confirm(desk: Desk, ask: Ask, caller: Caller, code: str, digits: str) -> tuple[Medium, ...]:
    """Confirms the phone or mailbox with the code that came, and says all that are. Whatever is wrong with it, the
    refusal is the same."""
    complaint_id = await complaint_of_code(desk, caller, code)
    digest = desk.codes.one_time_code(complaint_id, digits)
    case: Complaint = (await ask(complaint_id, digest, confirming.confirm)).case
    sent = case.one_time_code
    if sent is None or not sent.confirmed or not sent.is_(digest):
        raise Invalid("wrong_code", "This is not the code, or it has expired; ask for a new one.", "one_time_code")
    return case.confirmed


async def contacts(desk: Desk, complaint_id: str) -> dict[Medium, str]:
    """The number and the address of a report that a code can be sent to."""
    case: Complaint | None = (await desk.room.store().load([complaint_id]))[complaint_id].case
    sealed = case.report.sealed.contact if case else None
    try:
        content: dict[str, Any] = desk.room.vault.open("contact", complaint_id, sealed) if sealed else {}
    except Unsealable:
        raise Unavailable("contact_unreadable", "How you can be reached cannot be read at the moment.") from None
    found: dict[Medium, str | None] = {"sms": _mobile(content.get("phone")), "email": content.get("email")}
    return {medium: contact.lower() for medium, contact in found.items() if contact}


def _mobile(phone: str | None) -> str | None:
    """The number in E.164 if it is an Indonesian mobile one, however it was written."""
    number = re.sub(r"[^0-9+]", "", phone or "")
    number = re.sub(r"^(?:\+?62|0)(?=8)", "+62", number)
    return number if _MOBILE.fullmatch(number) else None
