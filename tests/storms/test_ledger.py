"""The controls: each checker sees what it is there to see, when real data are tampered with."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from shared import topology
from tests.faults.ledger import PROGRESSED, SUBMITTED, VERIFIED, Finding, check, gather
from tests.faults.load import Load, Receipt
from tests.faults.spine import Spine
from tests.faults.storm import settle
from tests.support.room import until


@dataclass
class Scene:
    """Reports that went through without a fault, and what is found wrong beyond what was so before."""

    spine: Spine
    load: Load
    victim: Receipt

    async def findings(self) -> set[Finding]:
        return set(check(await gather(self.spine, self.load)))

    @asynccontextmanager
    async def without_case(self, service: str) -> AsyncIterator[None]:
        cases = self.spine.cases(service)
        row = await cases.find_one_and_delete({"_id": self.victim.id})
        try:
            yield
        finally:
            await cases.insert_one(row)


@pytest.fixture(scope="module")
async def scene(spine: Spine, load: Load) -> Scene:
    await load.ask_many(10)
    await load.command()
    await until(lambda: answered(load), "the channel has its receipt", 60)
    assert await settle(spine, load) == []
    led = {row["_id"]: row["case"]["detective"]["id"] async for row in spine.cases("investigation").find({})}
    victim = next(given for given in load.receipts.values() if given.id in led)
    for milestone in ("inquiry_opened", "case_conference"):
        await load.officers.reach(victim.id, led[victim.id], milestone)
    waiting = await spine.cases("verification").find_one({"case.status": "waiting"})
    await load.officers.verify(waiting["_id"])
    assert await settle(spine, load) == []
    return Scene(spine, load, victim)


async def answered(load: Load) -> bool:
    await load.read_replies()
    return load.unanswered == 0


@pytest.mark.parametrize(
    "service", ["intake", "verification", "classification", "investigation", "notification", "evaluation"]
)
async def test_a_case_that_is_gone_is_lost(scene: Scene, service: str) -> None:
    before = await scene.findings()
    async with scene.without_case(service):
        new = await scene.findings() - before
    assert any(f.kind == "lost" and service in f.what and scene.victim.register_number in f.what for f in new), new
    await until(lambda: same(scene, before), "what is found is as before", 30)


async def test_a_case_that_nobody_was_given_a_receipt_for_is_doubled(scene: Scene) -> None:
    before = await scene.findings()
    receipt = scene.load.receipts.pop("forgotten", None)
    assert receipt is None
    cases = scene.spine.cases("intake")
    row = await cases.find_one({"_id": scene.victim.id})
    # What the unique indexes forbid has to differ.
    second = {**row, "_id": str(uuid4()), "case": {**row["case"], "request": "other", "tracking_lookup": "other"}}
    second["case"]["report"] = {**row["case"]["report"], "register_number": "other"}
    await cases.insert_one(second)
    try:
        new = await scene.findings() - before
    finally:
        await cases.delete_one({"_id": second["_id"]})
    assert any(f.kind == "doubled" and second["_id"] in f.what for f in new), new


@pytest.mark.parametrize("change", ["the case is gone", "the code leads nowhere"])
async def test_a_receipt_that_a_page_has_shown_and_that_leads_to_nothing_is_lost(scene: Scene, change: str) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("intake")
    number = next(given.register_number for given in scene.load.receipts.values() if not given.id)
    row = await cases.find_one_and_delete({"case.report.register_number": number})
    if change == "the code leads nowhere":
        await cases.insert_one({**row, "case": {**row["case"], "tracking_lookup": "other"}})
    try:
        new = await scene.findings() - before
    finally:
        await cases.replace_one({"_id": row["_id"]}, row, upsert=True)
    assert Finding("lost", f"{number}: acknowledged, but intake has no such case") in new
    assert await scene.findings() == before


@pytest.mark.parametrize("kept", [1, 3])
async def test_a_milestone_that_a_page_has_acknowledged_and_that_is_not_kept_once_is_found(
    scene: Scene, kept: int
) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("investigation")
    milestones = (await cases.find_one({"_id": scene.victim.id}))["case"]["milestones"]
    await _set(scene, {"case.milestones": (milestones * 2)[:kept]})
    try:
        new = await scene.findings() - before
    finally:
        await _set(scene, {"case.milestones": milestones})
    what = f"{scene.victim.id}: 2 milestones acknowledged by a page, {kept} kept"
    assert new == {Finding("lost", what) if kept < len(milestones) else Finding("doubled", what)}


async def _set(scene: Scene, values: Mapping[str, Any]) -> None:
    await scene.spine.cases("investigation").update_one({"_id": scene.victim.id}, {"$set": values})


async def test_a_report_that_a_page_has_let_pass_and_that_still_waits_is_lost(scene: Scene) -> None:
    before = await scene.findings()
    cases, (passed,) = scene.spine.cases("verification"), scene.load.officers.verified
    status = (await cases.find_one({"_id": passed}))["case"]["status"]
    await cases.update_one({"_id": passed}, {"$set": {"case.status": "waiting"}})
    try:
        new = await scene.findings() - before
    finally:
        await cases.update_one({"_id": passed}, {"$set": {"case.status": status}})
    assert Finding("lost", f"{passed}: a page has acknowledged that it is verified, and it still waits") in new


async def test_a_milestone_that_is_told_once_more_is_doubled(scene: Scene) -> None:
    before = await scene.findings()
    await tell_the_audit(scene, PROGRESSED, scene.victim.id)
    new = await scene.findings() - before
    assert Finding("doubled", f"{scene.victim.id}: 2 milestones acknowledged by a page, 3 told") in new


async def test_a_second_receipt_for_one_key_is_doubled(scene: Scene) -> None:
    before = await scene.findings()
    key, receipt = next(iter(scene.load.receipts.items()))
    scene.load._note(key, {"id": str(uuid4()), "register_number": "other", "tracking_code": receipt.tracking_code})
    try:
        new = await scene.findings() - before
    finally:
        scene.load.doubled.clear()
    assert any(f.kind == "doubled" and key in f.what for f in new), new


async def test_a_step_that_is_told_under_two_ids_is_doubled_and_the_second_was_heard_by_nobody(scene: Scene) -> None:
    before = await scene.findings()
    await tell_the_audit(scene, SUBMITTED, scene.victim.id)
    new = await scene.findings() - before
    assert Finding("doubled", f"{scene.victim.id}: {SUBMITTED} told 2 times") in new or any(
        f.kind == "doubled" and SUBMITTED in f.what for f in new
    )
    heard = [f for f in new if f.kind == "lost" and "never heard" in f.what]
    assert {f.what.split()[1] for f in heard} == {"verification", "notification", "evaluation"}


async def test_a_step_that_happened_and_was_never_told_is_lost(scene: Scene) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("verification")
    row = await cases.find_one({"_id": scene.victim.id})
    untold = str(uuid4())
    await cases.insert_one({**row, "_id": untold})
    try:
        new = await scene.findings() - before
    finally:
        await cases.delete_one({"_id": untold})
    # Its audit is another case's as well.
    assert {f for f in new if f.kind != "broken"} == {
        Finding("lost", f"{untold}: {VERIFIED} happened and was never told")
    }


async def test_a_step_without_its_entry_and_one_with_two_are_broken(scene: Scene) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("verification")
    row = await cases.find_one({"_id": scene.victim.id})
    for trail in (row["trail"][:-1], [*row["trail"], row["trail"][-1]]):
        await cases.update_one({"_id": row["_id"]}, {"$set": {"trail": trail}})
        try:
            new = await scene.findings() - before
        finally:
            await cases.update_one({"_id": row["_id"]}, {"$set": {"trail": row["trail"]}})
        assert {f.kind for f in new} <= {"broken", "doubled"}
        assert Finding("broken", f"verification {row['_id']}: {len(trail)} entries of {row['version']} steps") in new


@pytest.mark.parametrize("index", range(4))
async def test_personal_data_in_a_case_an_event_or_a_log_is_spilt(scene: Scene, index: int) -> None:
    before = await scene.findings()
    personal = f"so says {scene.load.personal[index]} and more"
    cases = scene.spine.cases("classification")
    await cases.update_one({"_id": scene.victim.id}, {"$set": {"case.remark": personal}})
    log = scene.spine.services["notification"]._log
    written = log.read_bytes() if log.exists() else b""
    log.write_bytes(written + personal.encode())
    try:
        await tell_the_audit(scene, "test.spilt", scene.victim.id, personal)
        new = await scene.findings() - before
    finally:
        await cases.update_one({"_id": scene.victim.id}, {"$unset": {"case.remark": ""}})
        log.write_bytes(written)
    assert {f.what.split(" has it in ")[0] for f in new if f.kind == "spilt"} == {
        "classification",
        "notification",
        "the audit",
    }


async def tell_the_audit(scene: Scene, wire: str, subject: str, more: str = "") -> None:
    """Puts an event into the audit stream and no other queue."""
    async with await aio_pika.connect(scene.spine.local.amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        message = aio_pika.Message(f'{{"subject":"{subject}"}}{more}'.encode(), type=wire, message_id=str(uuid4()))
        await channel.default_exchange.publish(message, topology.AUDIT_STREAM)


async def test_an_outbox_that_is_never_emptied_is_left(scene: Scene) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("verification")
    # Far ahead, so that the relay leaves it alone.
    entry = {"id": "x", "wire": SUBMITTED, "key": "x", "body": "{}", "at": datetime(9000, 1, 1, tzinfo=UTC)}
    await cases.update_one({"_id": scene.victim.id}, {"$push": {"outbox": entry}})
    try:
        new = await scene.findings() - before
    finally:
        await cases.update_one({"_id": scene.victim.id}, {"$set": {"outbox": []}})
    assert new == {Finding("left", "1 cases with something in the outbox")}


async def test_a_message_that_stays_in_a_queue_is_left(scene: Scene) -> None:
    before = await scene.findings()
    queue = topology.parked_queue("verification")
    async with await aio_pika.connect(scene.spine.local.amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.default_exchange.publish(aio_pika.Message(b"{}", message_id="stranger"), queue)
        await until(lambda: holds(scene, queue, 1), "the broker counts the message", 30)
        assert Finding("left", f"1 messages in {queue}") in await scene.findings()
        await (await channel.get_queue(queue, ensure=False)).purge()
    await until(lambda: holds(scene, queue, 0), "the queue counts as empty again", 30)
    await until(lambda: same(scene, before), "what is found is as before", 30)


async def test_an_event_that_was_told_and_is_in_no_case_is_lost(scene: Scene) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("classification")
    row = await cases.find_one({"_id": scene.victim.id})
    await cases.update_one({"_id": scene.victim.id}, {"$set": {"seen": []}})
    try:
        new = await scene.findings() - before
    finally:
        await cases.update_one({"_id": scene.victim.id}, {"$set": {"seen": row["seen"]}})
    assert any(f.kind == "lost" and "classification never heard" in f.what for f in new), new


async def test_an_sms_that_goes_out_twice_is_doubled(scene: Scene) -> None:
    before = await scene.findings()
    sent = (await scene.spine.sms())[0]
    await scene.spine.send_sms({name: sent[name] for name in ("reference", "to", "text")})
    new = await scene.findings() - before
    assert any(f.kind == "doubled" and sent["reference"] in f.what for f in new), new


async def test_an_sms_that_counts_as_sent_and_never_went_out_is_lost(scene: Scene) -> None:
    before = await scene.findings()
    cases = scene.spine.cases("notification")
    row = await cases.find_one({"case.messages.status": "delivered"})
    original = row["case"]["messages"][0]["id"]
    await cases.update_one({"_id": row["_id"]}, {"$set": {"case.messages.0.id": "never-sent"}})
    try:
        new = await scene.findings() - before
    finally:
        await cases.update_one({"_id": row["_id"]}, {"$set": {"case.messages.0.id": original}})
    assert any(f.kind == "lost" and "never-sent" in f.what for f in new), new


async def same(scene: Scene, before: set[Finding]) -> bool:
    # The broker's counts of its queues are some seconds old.
    return await scene.findings() == before


async def holds(scene: Scene, queue: str, count: int) -> bool:
    # Not by the ledger, which reads what is parked: a message that is read too often is dropped by the broker.
    return (await scene.spine.queues()).get(queue) == count
