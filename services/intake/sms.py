"""What happens to an SMS: sealed, decided in its phone's conversation, filed as a report once everything is told."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.intake import conversation, sms_words
from services.intake.conversation import Conversation, Text
from services.intake.desk import Desk
from services.intake.reports import Place, ReportBody, Reporter
from services.intake.submission import Door, asking, take_in
from shared import telemetry
from shared.contracts.envelope import Command
from shared.contracts.intake import Receipt
from shared.operation import Decide, Operation, Outcome
from shared.room import Room

COLLECTION = "conversations"
_PLACE_CHARACTERS, _CHARACTERS, _BATCH = 200, 10_000, 100


async def receive(desk: Desk, id_: str, number: str, text: str) -> str | None:
    """Takes a message in and gives the reply to it, or None where none is due. The same message again has no effect."""
    phone = phone_of(desk, number)
    known = await desk.room.store(COLLECTION).find_one({"_id": phone})
    if known and known.case and known.case.state == "complete" and known.case.last != id_:
        # Its process died before the report was filed, and the gateway did not ask again.
        await file(desk, phone, known.case)
    outcome = await _ask(desk.room, phone, f"sms:{uuid5(NAMESPACE_URL, id_)}", _read(desk, phone, id_, number, text))
    case: Conversation = outcome.case
    if case.last != id_ or case.reply is None:
        return None
    if case.state == "complete":
        code: str | None = (await file(desk, phone, case)).tracking_code
    else:
        code = desk.codes.tracking_code(case.filed, _key(phone, case.filed_nth)) if case.filed else None
    return sms_words.said(case.reply, desk.settings.site, code)


async def file(desk: Desk, phone: str, case: Conversation) -> Receipt:
    """Puts a complete conversation into the register as a report; a second time gives the same receipt."""
    key = _key(phone, case.nth)
    ask = asking(desk.room, f"sms:{uuid5(NAMESPACE_URL, key)}")
    receipt = await take_in(desk, ask, key, _report(desk, phone, case), Door("sms", "sms"))
    await _ask(desk.room, phone, f"filed:{case.nth}", (case.nth, receipt.id), conversation.filed)
    return receipt


async def file_left(room: Room, desk: Desk) -> int:
    """Files what a crash kept from being filed. Returns how many reports that were."""
    found = await room.store(COLLECTION).find(
        {"case.state": "complete", "case.due": {"$lte": room.clock()}}, limit=_BATCH
    )
    tasks = [file(desk, document.id, document.case) for document in found if document.case]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        # It stays complete, so that the next round tries again.
        telemetry.log.warning("sms_not_filed", error=type(failure).__name__)
    return len(results) - len(failures)


def phone_of(desk: Desk, number: str) -> str:
    """What stands for a number: it tells phones apart, and leads back to none of them."""
    return str(UUID(hex=desk.codes.phone(number)[:32]))


def _key(phone: str, nth: int) -> str:
    return f"{phone}.{nth}"


def _read(desk: Desk, phone: str, id_: str, number: str, text: str) -> Text:
    seal, settings = desk.room.vault.seal, desk.settings
    on = (desk.room.clock() + timedelta(hours=settings.utc_offset)).date()
    return Text(
        id=id_,
        tells=sms_words.tells(text),
        order=sms_words.order_of(text),
        words=seal("narrative", phone, {"text": text}) if text else None,
        number=seal("contact", phone, {"phone": number}),
        day=on.isoformat(),
        per_day=settings.sms_per_day,
        patience=timedelta(hours=settings.sms_patience_hours),
    )


def _report(desk: Desk, phone: str, case: Conversation) -> ReportBody:
    """The report in the order in which it was told; what was asked for is put where it belongs."""
    vault = desk.room.vault
    words, place = [], None
    for answer in case.answers:
        text = str(vault.open("narrative", phone, answer.words)["text"])
        if answer.asked == "where" and place is None and len(text) <= _PLACE_CHARACTERS:
            place = text
        else:
            words.append(f"Waktu: {text}" if answer.asked == "when" else text)
    number = vault.open("contact", phone, case.number)["phone"] if case.number else None
    what = "\n".join(words)[:_CHARACTERS]
    return ReportBody(what=what, where=Place(text=place), reporter=Reporter(phone=number))


async def _ask(room: Room, phone: str, message_id: str, data: Any, decide: Decide = conversation.hear) -> Outcome:
    message = Command(message_id, phone, room.settings.polres, data, by="reporter")
    with telemetry.span(f"sms {decide.__name__}", None):
        return await room.unit(COLLECTION).submit(Operation(message, decide, phone))
