"""What reporters are told, from the event to the gateway and the mail server."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from uuid6 import uuid7

from shared.contracts.notification import NotificationFailed, NotificationSent
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, Mails, at_rest
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.support.room import Running, until


async def test_a_reporter_is_told_by_sms_that_the_report_was_received(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    said = await notification.says(NotificationSent, reporter.complaint)
    assert (said.data.medium, said.data.template) == ("sms", "received")
    (taken,) = await gateway.taken(to=reporter.number)
    assert taken["reference"] == said.data.message
    assert taken["text"] == "Laporan Anda 002811/2026 sudah kami terima. Lacak di aduan.test"


async def test_a_reporter_without_a_phone_is_told_by_mail(notification: Running, mails: Mails) -> None:
    reporter = by_mail(notification)
    await reporter.hears(reporter.submission(language="en"))
    said = await notification.says(NotificationSent, reporter.complaint)
    (mail,) = mails.to(reporter.address)
    assert mail.message_id == f"<{said.data.message}@aduan.test>"
    assert mail.subject == "We have received your report 002811/2026"
    assert "aduan.test" in mail.text


async def test_a_reporter_without_any_contact_has_the_timeline(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.rejected())
    assert await reporter.statuses() == []
    assert [line["key"] for line in (await reporter.track())["timeline"]] == ["received", "rejected"]


async def test_a_whole_story_is_told_in_order_and_each_step_once(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    story = [
        reporter.submission(),
        samples.asked(),
        samples.supplemented(),
        samples.verified(),
        samples.classified(),
        samples.assigned(),
        samples.progressed("A3"),
        samples.concluded(),
    ]
    expected = 0
    for event in story:
        await reporter.hears(event)
        expected += event.wire.split(".")[1] not in ("supplemented", "classified")
        await until(lambda n=expected: len(notification.of(NotificationSent, reporter.complaint)) == n, event.wire)  # type: ignore[misc]
    templates = [said.data.template for said in notification.of(NotificationSent, reporter.complaint)]
    assert templates == ["received", "clarification", "verified", "assigned", "letter", "concluded"]
    assert len(await gateway.taken(to=reporter.number)) == 6


async def test_what_is_due_at_once_is_read_in_its_order(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await at_rest(notification)
    await gateway.behave(delay=0.3, receipts="never")
    try:
        await reporter.hears(reporter.submission(), samples.dispatched(), samples.assigned())
        await notification.says(NotificationSent, reporter.complaint, 3)
    finally:
        await gateway.behave()
    texts = [taken["text"] for taken in await gateway.taken(to=reporter.number)]
    parts = ("sudah kami terima", "sedang ditangani petugas", "sudah ada petugas")
    assert [part in text for part, text in zip(parts, texts, strict=True)] == [True] * 3


async def test_what_comes_first_and_brings_no_report_waits(notification: Running) -> None:
    reporter = Reporter(notification)
    await notification.hear(samples.assigned(), reporter.complaint, sequence=4)
    await reporter.hears(reporter.submission())

    async def both() -> bool:
        case = await reporter.case()
        return case is not None and {line.key for line in case.timeline} == {"received", "assigned"}

    await until(both, "the early event came back from its retry tier", 20)


async def test_the_same_event_twice_sends_one_message(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    for _ in range(3):
        await notification.hear(reporter.submission(), reporter.complaint, event_id=f"same-{reporter.complaint}")
    await notification.hear(reporter.submission(), reporter.complaint, event_id=f"again-{reporter.complaint}")
    await notification.says(NotificationSent, reporter.complaint)
    await reporter.hears(samples.assigned(), samples.classified())
    await notification.says(NotificationSent, reporter.complaint, 2)
    assert len(await gateway.taken(to=reporter.number)) == 2


async def test_personal_data_are_found_nowhere_in_the_clear(
    notification: Running, gateway: Gateway, capfd: pytest.CaptureFixture[str]
) -> None:
    reporter = by_sms(notification)
    reporter.contact["email"] = reporter.address
    words = f"Canary {uuid4().hex}"
    await at_rest(notification)
    await gateway.behave(refuse=1)
    await reporter.hears(reporter.submission(), samples.asked(notice=reporter.seal(words)))
    await notification.says(NotificationFailed, reporter.complaint)
    assert (await reporter.track())["question"]["notice"] == words
    stored = await notification.room.mongo["correspondence"].find_one({"_id": reporter.complaint})
    allowances = await notification.room.mongo["allowances"].find({}).to_list(None)
    metrics = (await notification.http.get("/metrics")).text
    said = [event.model_dump_json() for event in notification.said if event.subject == reporter.complaint]
    out, err = capfd.readouterr()
    assert "message_given_up" in out
    for secret in (reporter.number, reporter.number[3:], reporter.address, reporter.code, words):
        for place in (str(stored), str(allowances), metrics, str(said), out, err):
            assert secret not in place


async def test_the_indexes_serve_the_queries(notification: Running) -> None:
    collection = notification.room.mongo["correspondence"]
    queries: list[dict[str, Any]] = [
        {"case.lane": "urgent", "case.due": {"$lte": datetime.now(UTC)}, "case.messages.medium": "sms"},
        {"case.lookup": "ab" * 32},
        {"case.linked_to": {"$in": [str(uuid7())]}},
        {"case.messages.id": str(uuid4())},
        {"polres": {"$in": ["polres-sukamaju"]}, "case.unreached_since": {"$ne": None}},
    ]
    for query in queries:
        plan = await collection.find(query).explain()
        assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])
