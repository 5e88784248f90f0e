"""One attempt to reach a reporter, from the opened contact to the carrier's answer."""

from collections.abc import Mapping
from functools import partial

from services.notification.allowance import allowance_id, spend
from services.notification.carrier import Answer, Carrier, Letter
from services.notification.contacts import open_contact
from services.notification.domain import Correspondence
from services.notification.message import CODE, Message
from services.notification.settings import settings_of
from shared import telemetry
from shared.contracts.envelope import Command
from shared.contracts.notification import Medium
from shared.operation import Operation
from shared.room import Room
from shared.sealing import Unsealable
from shared.settings import key_bytes

ALLOWANCES = "allowances"

Carriers = Mapping[Medium, Carrier]


async def attempt(room: Room, carriers: Carriers, message: Message, recipient: Correspondence | None) -> Answer | None:
    """What comes of a claimed message; None where the lease ended before anything was sent."""
    try:
        to = _address(room, message, recipient)
        carrier = carriers.get(message.medium)
        if to is None or recipient is None:
            return Answer("refused", "no_address")
        if carrier is None:
            return _not_now(message, "medium_off")
        return await _tried(room, carrier, message, recipient, to)
    except Unsealable:
        telemetry.log.error("contact_unreadable", complaint=message.recipient)
        return _not_now(message, "contact_unreadable")
    except Exception:
        # Whether it was sent is not known, so it is asked after like any other lost attempt.
        telemetry.log.exception("attempt_failed", message=message.id)
        return Answer("unclear", "unexpected")


def _not_now(message: Message, reason: str) -> Answer:
    """Nothing was sent this time; whether an earlier attempt got through is still to be asked."""
    return Answer("unclear" if message.uncertain else "busy", reason)


async def _tried(room: Room, carrier: Carrier, message: Message, recipient: Correspondence, to: str) -> Answer | None:
    if message.uncertain:
        known = await carrier.knows(message.id)
        if known is None:
            return Answer("unclear", "unanswered")
        if known:
            return Answer("accepted")
    if pointless := _pointless(room, message, recipient):
        return Answer("refused", pointless)
    if message.medium == "sms" and not await _within_allowance(room, message, recipient, to):
        return Answer("refused", "daily_limit")
    letter = _letter(room, message, to)
    if message.due is None or room.clock() >= message.due:
        return None
    return await carrier.send(letter)


def _pointless(room: Room, message: Message, recipient: Correspondence) -> str | None:
    """Why the message is not to be sent any more."""
    if message.template == CODE:
        return "expired" if message.by is None or room.clock() >= message.by else None
    return "unwanted" if recipient.preferences.silent else None


def _address(room: Room, message: Message, recipient: Correspondence | None) -> str | None:
    return open_contact(room.vault, message.recipient, recipient.contact if recipient else None).by(message.medium)


def _letter(room: Room, message: Message, to: str) -> Letter:
    words = settings_of(room).words(message.language)
    code = str(room.vault.open("notice", message.recipient, message.sealed)["text"]) if message.sealed else ""
    if message.medium == "sms":
        return Letter(message.id, to, words.sms(message, code))
    subject, text = words.mail(message, code)
    return Letter(message.id, to, text, subject, message.language)


async def _within_allowance(room: Room, message: Message, recipient: Correspondence, phone: str) -> bool:
    settings = settings_of(room)
    day = room.clock().astimezone(settings.zone).date()
    number = allowance_id(key_bytes(settings.code_key), phone, day)
    command = Command(f"sms:{message.id}", message.recipient, recipient.polres, message.id, lane=recipient.lane)
    outcome = await room.unit(ALLOWANCES).submit(Operation(command, partial(spend, settings.sms_per_day), number))
    return message.id in outcome.case.messages
