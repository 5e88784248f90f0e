"""Reports by SMS, from the gateway's door to the register, on real servers."""

import asyncio
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from bson import encode

from services.intake import conversation, sms
from services.intake.conversation import Conversation
from shared import tracking
from shared.contracts.envelope import Command
from shared.contracts.intake import ComplaintSubmitted
from shared.operation import Operation
from tests.support.room import Running, key, until

SECRET = key("sms callback")
THEFT = "Motor Canary saya dicuri orang"
PLACE = "depan pasar Canary"
TIME = "kemarin sore"


def number() -> str:
    return f"+62812{uuid4().int % 10**8:08}"


async def deliver(intake: Running, body: bytes, signature: str | None = None) -> httpx.Response:
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Signature": signature or signed, "Content-Type": "application/json"}
    return await intake.http.post("/channels/sms", content=body, headers=headers)


async def write(intake: Running, phone: str, text: str, id_: str | None = None) -> str | None:
    """What a phone gets back for what it writes."""
    body = json.dumps({"id": id_ or str(uuid4()), "from": phone, "text": text}).encode()
    response = await deliver(intake, body)
    assert response.status_code == 200, response.text
    reply: str | None = response.json()["reply"]
    return reply


async def kept(intake: Running, phone: str) -> Conversation:
    id_ = sms.phone_of(intake.app.state.desk, phone)
    case = (await intake.room.store(sms.COLLECTION).load([id_]))[id_].case
    assert case is not None
    found: Conversation = case
    return found


def code_of(reply: str | None) -> str:
    assert reply is not None
    code = reply.rsplit(" ", 1)[-1]
    assert tracking.normalise(code), reply
    return code


async def told(intake: Running, phone: str) -> Any:
    """The report that a phone's conversation led to, opened."""

    async def filed() -> str | None:
        return (await kept(intake, phone)).filed

    complaint = await until(filed, "the report is filed")
    event = await intake.says(ComplaintSubmitted, complaint)
    sealed = event.data.report.sealed
    return event, {part: intake.vault.open(part, complaint, getattr(sealed, part)) for part in ("narrative", "contact")}


async def test_a_conversation_asks_for_what_is_missing_and_ends_with_a_code(intake: Running) -> None:
    phone = number()
    assert "Apa yang terjadi" in str(await write(intake, phone, "halo"))
    assert "Di mana" in str(await write(intake, phone, THEFT))
    assert "Kapan" in str(await write(intake, phone, PLACE))
    code = code_of(await write(intake, phone, TIME))
    event, opened = await told(intake, phone)
    assert opened == {
        "narrative": {"text": f"halo\n{THEFT}\nWaktu: {TIME}", "place_text": PLACE, "lat": None, "lon": None},
        "contact": {"phone": phone, "email": None},
    }
    assert (event.data.report.channel, event.data.report.model) == ("sms", "B")
    assert event.data.tracking_lookup == tracking.lookup(code, intake.app.state.desk.settings.code_key)
    withdrawn = await intake.http.post("/tracking/withdrawal", json={"code": code})
    assert withdrawn.json()["complaint"] == event.subject


async def test_one_message_that_tells_everything_is_a_report_at_once(intake: Running) -> None:
    phone = number()
    code_of(await write(intake, phone, f"{THEFT} di pasar Canary {TIME}"))
    _, opened = await told(intake, phone)
    assert opened["narrative"]["text"] == f"{THEFT} di pasar Canary {TIME}"


async def test_a_message_that_is_delivered_again_has_one_effect_and_the_same_answer(intake: Running) -> None:
    phone, last = number(), str(uuid4())
    first = str(uuid4())
    asked = await write(intake, phone, THEFT, first)
    assert await write(intake, phone, THEFT, first) == asked
    await write(intake, phone, PLACE)
    assert await write(intake, phone, THEFT, first) is None, "it was answered, and something else since"
    replies = await asyncio.gather(*(write(intake, phone, TIME, last) for _ in range(5)))
    replies.append(await write(intake, phone, TIME, last))
    assert len(set(replies)) == 1
    event, _ = await told(intake, phone)
    code_of(replies[0])
    submitted = [e for e in intake.said if isinstance(e.data, ComplaintSubmitted) and e.subject == event.subject]
    assert len(submitted) == 1
    assert (await kept(intake, phone)).nth == 1


async def test_a_report_whose_process_died_before_it_was_filed_is_filed_all_the_same(intake: Running) -> None:
    phone = number()
    desk = intake.app.state.desk
    message = sms._read(desk, sms.phone_of(desk, phone), "sms-1", phone, f"{THEFT} di pasar Canary {TIME}")
    asked = Command("sms:died", sms.phone_of(desk, phone), "polres-sukamaju", message)
    await intake.room.unit(sms.COLLECTION).submit(Operation(asked, conversation.hear, asked.subject))
    assert (await kept(intake, phone)).state == "complete"
    # The next message finds it and files it first.
    assert "Apa yang terjadi" in str(await write(intake, phone, "halo"))
    event, _ = await told(intake, phone)
    assert event.data.report.channel == "sms"


async def test_what_is_complete_for_a_while_is_filed_by_itself_and_its_code_can_be_asked_for(intake: Running) -> None:
    phone = number()
    desk = intake.app.state.desk
    id_ = sms.phone_of(desk, phone)
    message = sms._read(desk, id_, "sms-1", phone, f"{THEFT} di pasar Canary {TIME}")
    asked = Command("sms:died", id_, "polres-sukamaju", message)
    await intake.room.unit(sms.COLLECTION).submit(Operation(asked, conversation.hear, id_))
    past = intake.room.clock() - timedelta(minutes=5)
    await intake.room.store(sms.COLLECTION).collection.update_one({"_id": id_}, {"$set": {"case.due": past}})
    event, _ = await told(intake, phone)
    code = code_of(await write(intake, phone, "STATUS"))
    assert event.data.tracking_lookup == tracking.lookup(code, desk.settings.code_key)


async def test_a_conversation_that_falls_silent_is_forgotten(intake: Running) -> None:
    phone = number()
    await write(intake, phone, THEFT)
    id_ = sms.phone_of(intake.app.state.desk, phone)
    past = intake.room.clock() - timedelta(minutes=5)
    await intake.room.store(sms.COLLECTION).collection.update_one({"_id": id_}, {"$set": {"case.due": past}})

    async def idle() -> bool:
        return (await kept(intake, phone)).state == "idle"

    await until(idle, "the conversation is forgotten")
    assert (await kept(intake, phone)).answers == ()


async def test_a_report_can_be_cancelled_while_it_is_told(intake: Running) -> None:
    phone = number()
    await write(intake, phone, THEFT)
    assert await write(intake, phone, "batal") == "Dibatalkan. Tidak ada yang dicatat."
    assert (await kept(intake, phone)).answers == ()
    assert "Belum ada" in str(await write(intake, phone, "status"))


async def test_a_number_that_pumps_messages_gets_no_more_replies(intake: Running) -> None:
    phone = number()
    replies = [await write(intake, phone, "STATUS") for _ in range(22)]
    assert "Batas SMS" in str(replies[20])
    assert replies[21] is None


async def test_nothing_personal_rests_unsealed(intake: Running) -> None:
    phone = number()
    await write(intake, phone, THEFT)
    await write(intake, phone, PLACE)
    rows = await intake.room.store(sms.COLLECTION).collection.find({}).to_list(None)
    stored = b"".join(encode(row) for row in rows)
    assert b"Canary" not in stored
    assert phone.encode() not in stored
    assert phone.removeprefix("+").encode() not in stored


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"id": "1", "from": "+628123456789", "text": "halo", "more": 1}', 422),
        (b'{"id": "1", "from": "TELCO", "text": "promo"}', 422),
        (b'{"id": "1", "from": "+628123456789"}', 422),
        (b'{"id": "1", "from": "+628123456789", "text": "\\u0000"}', 422),
        (b'{"id": "1", "from": "+628123456789", "text": "\\ud800"}', 422),
        (b"[]", 422),
        (b"{", 422),
        (b"\xff", 422),
    ],
)
async def test_nonsense_is_refused_with_a_problem(intake: Running, body: bytes, status: int) -> None:
    response = await deliver(intake, body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("signature", ["0" * 64, "x"])
async def test_a_message_without_the_gateways_signature_is_not_taken(intake: Running, signature: str) -> None:
    response = await deliver(intake, b'{"id": "1", "from": "+628123456789", "text": "halo"}', signature)
    assert response.status_code == 401
