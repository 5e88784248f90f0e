"""Partner channels on a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from shared import topology
from shared.contracts.intake import ComplaintSubmitted
from shared.retries import FIRST_EXCHANGE, FIRST_KEY
from tests.services.intake.partner import CHANNEL, OTHER, Partner, command, sealed
from tests.services.intake.samples import CANARIES
from tests.support.room import Running, until


def named(reply: dict[str, Any]) -> list[str]:
    assert reply["type"] == "complaint.problem.v1"
    return [error["field"] for error in reply["data"]["errors"]]


async def count(intake: Running) -> int:
    found: int = await intake.room.store().collection.count_documents({})
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def partner(intake: Running) -> AsyncIterator[Partner]:
    made = Partner(intake.channel, CHANNEL)
    await made.listen()
    yield made


async def test_a_command_becomes_a_complaint_and_its_channel_gets_the_receipt(
    intake: Running, partner: Partner
) -> None:
    id_ = str(uuid4())
    await partner.submit(id_)
    reply = await partner.reply(id_)
    assert (reply["type"], reply["command"]) == ("complaint.receipt.v1", id_)
    told = await intake.says(ComplaintSubmitted, reply["data"]["id"])
    assert (told.data.report.channel, told.data.report.channel_name, told.lane) == ("partner", CHANNEL, "normal")
    assert told.data.report.register_number == reply["data"]["register_number"]
    withdrawal = await intake.http.post("/tracking/withdrawal", json={"code": reply["data"]["tracking_code"]})
    assert withdrawal.json()["complaint"] == reply["data"]["id"]


async def test_the_lane_of_the_key_is_the_lane_of_the_complaint(intake: Running, partner: Partner) -> None:
    id_ = str(uuid4())
    await partner.submit(id_, "urgent")
    assert (await intake.says(ComplaintSubmitted, (await partner.reply(id_))["data"]["id"])).lane == "urgent"


async def test_a_command_that_comes_twice_gets_the_same_receipt_and_one_complaint(
    intake: Running, partner: Partner
) -> None:
    id_, before = str(uuid4()), await count(intake)
    await asyncio.gather(*(partner.submit(id_) for _ in range(5)))
    await partner.reply(id_, 5)
    assert len({json.dumps(reply) for reply in partner.of(id_)}) == 1
    assert await count(intake) == before + 1


async def test_the_same_id_from_two_channels_is_two_commands(intake: Running, partner: Partner) -> None:
    id_ = str(uuid4())
    other = Partner(intake.channel, OTHER)
    await other.listen()
    await partner.submit(id_)
    await other.submit(id_)
    mine, theirs = await partner.reply(id_), await other.reply(id_)
    assert mine["data"]["id"] != theirs["data"]["id"]
    assert (len(partner.of(id_)), len(other.of(id_))) == (1, 1)


async def test_the_same_id_for_a_different_report_is_a_problem(intake: Running, partner: Partner) -> None:
    id_ = str(uuid4())
    await partner.submit(id_)
    await partner.reply(id_)
    await partner.submit(id_, what="Sesuatu yang lain.")
    reply = await partner.reply(id_, 2)
    assert (named(reply), reply["data"]["slug"]) == (["id"], "idempotency_key_reused")


async def test_one_invalid_command_of_a_batch_gets_a_problem_and_the_others_their_receipts(
    intake: Running, partner: Partner
) -> None:
    before, gone = await count(intake), await intake.parked()
    ids = [str(uuid4()) for _ in range(20)]
    for number, id_ in enumerate(ids):
        reporter = {"nik": CANARIES[0]} if number == 7 else {}
        await partner.submit(id_, reporter=reporter)
    replies = [await partner.reply(id_) for id_ in ids]
    assert [n for n, reply in enumerate(replies) if reply["type"] == "complaint.problem.v1"] == [7]
    assert named(replies[7]) == ["data.reporter.nik"]
    assert "Canary" not in json.dumps(replies[7])
    assert await count(intake) == before + 19
    assert await intake.parked() == gone


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", ["body"]),
        (b"\xff\xfe", ["body"]),
        (b"{", ["body"]),
        (b"[]", ["body"]),
        (b"[" * 10_000, ["body"]),
        (b'{"id":"c-1","type":"complaint.submit.v1","data":"\\ud800"}', ["body"]),
        (sealed("c-1", b'{"what":"\\ud800"}'), ["data.body"]),
        (sealed("c-1", b"\xff\xfe"), ["data.body"]),
        (sealed("c-1", b"[" * 10_000), ["data.body"]),
        (sealed("c-1", b'{"what":"x","where":{"lat":NaN,"lon":1}}'), ["data.where.lat"]),
        (sealed("c-1", {"what": "x", "channel": "web"}), ["data.channel"]),
        (sealed("c-1", {"what": {"$ne": 1}}), ["data.what"]),
        (b'{"id":"c-1","type":"complaint.submit.v1","data":"x","reply_to":"elsewhere"}', ["reply_to"]),
        (b'{"id":"c 1","type":"complaint.submit.v1","data":"x"}', ["id"]),
        (b'{"id":"c-1","type":"complaint.verified.v1","data":"x"}', ["type"]),
        (b'{"id":"c-1","type":"complaint.submit.v1"}', ["data"]),
        (sealed("c-1", {"what": "x", "when": "2999-01-01T00:00:00Z"}), ["data.when"]),
        (b'{"id":"c-1","type":"complaint.submit.v1","data":{"what":"in the clear"}}', ["data"]),
        (b'{"id":"c-1","type":"complaint.submit.v1","data":"in the clear"}', ["data"]),
        (sealed("c-2", {"what": "x"}).replace(b"c-2", b"c-1", 1), ["data"]),
    ],
)
async def test_a_bad_command_is_a_problem_of_its_sender(
    intake: Running, partner: Partner, body: bytes, fields: list[str]
) -> None:
    before, gone, correlation = await count(intake), await intake.parked(), str(uuid4())
    await partner.publish(body, correlation_id=correlation, reply_to="intake.parked")
    assert named(await partner.reply(correlation)) == fields
    assert (await count(intake), await intake.parked()) == (before, gone)


async def test_a_command_that_is_too_large_is_a_problem_of_its_sender(intake: Running, partner: Partner) -> None:
    correlation = str(uuid4())
    await partner.publish(command("c-1", what="x" * 100_000), correlation_id=correlation)
    assert (await partner.reply(correlation))["data"]["slug"] == "too_large"


async def test_what_can_be_laid_to_no_channel_is_parked_and_the_next_is_received(
    intake: Running, partner: Partner
) -> None:
    gone, id_ = await intake.parked(), str(uuid4())
    forged = {FIRST_EXCHANGE: topology.SUBMISSIONS_EXCHANGE, FIRST_KEY: f"{CHANNEL}.submit.normal"}
    await partner.publish(command("c-1"), "nobody.submit.normal")
    await partner.publish(command("c-2"), "nobody.submit.urgent", headers=forged)
    await partner.submit(id_)
    await partner.reply(id_)
    await until(lambda: _parked(intake, gone + 2), "both are parked")
    assert not partner.of("c-2")


async def _parked(intake: Running, expected: int) -> bool:
    return await intake.parked() == expected
