"""Processes that die or stop between the attempt and its result."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aio_pika
import httpx
import pytest
import pytest_asyncio

from services.notification.domain import Correspondence
from services.notification.main import app
from services.notification.queries import INDEXES
from shared import topology
from shared.mongo import Mongo
from shared.store import Store
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, Mails, settings_from
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.support.processes import ServiceProcess, free_port
from tests.support.room import CHANNELS, Running, until


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outside(surroundings: dict[str, str]) -> AsyncIterator[Running]:
    """What a test says to the broker, without a service in this process."""
    settings = settings_from(surroundings)
    url = settings.amqp_url.get_secret_value()
    await topology.declare(url, CHANNELS)
    async with await aio_pika.connect(url) as connection, httpx.AsyncClient() as http:
        channel = await connection.channel()
        for lane in ("urgent", "normal", "parked"):
            await (await channel.get_queue(f"notification.{lane}", ensure=False)).purge()
        yield Running(app(settings), http, settings, channel)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stored(outside: Running) -> AsyncIterator[Store[Correspondence]]:
    settings = outside.settings
    mongo = Mongo(
        settings.mongo_url.get_secret_value(),
        f"{settings.mongo_prefix}notification",
        settings.mongo_driver,
        "tests",
    )
    yield Store(mongo, "correspondence", Correspondence, INDEXES)
    await mongo.close()


@pytest.fixture
def service(surroundings: dict[str, str], tmp_path: Path) -> ServiceProcess:
    return ServiceProcess("services.notification.main:app", surroundings, tmp_path / "service.log")


async def becomes(stored: Store[Correspondence], reporter: Reporter, status: str) -> None:
    await become(stored, reporter, [status])


async def become(stored: Store[Correspondence], reporter: Reporter, statuses: list[str]) -> None:
    async def reached() -> bool:
        case = (await stored.load([reporter.complaint]))[reporter.complaint].case
        return case is not None and [message.status for message in case.messages] == statuses

    await until(reached, f"the messages become {statuses}", 30)


async def test_what_the_gateway_took_before_the_crash_is_not_sent_again(
    outside: Running, stored: Store[Correspondence], gateway: Gateway, service: ServiceProcess
) -> None:
    await gateway.behave(vanish=1, receipts="never")
    reporter = by_sms(outside)
    await service.start({"ADUAN_SEND_SECONDS": "1.3"})
    await service.ready()
    await outside.hear(reporter.submission(), reporter.complaint)

    async def taken() -> bool:
        return bool(await gateway.taken(to=reporter.number))

    await until(taken, "the gateway took it")
    await service.kill()
    await becomes(stored, reporter, "attempting")
    await service.start()
    await becomes(stored, reporter, "sent")
    assert len(await gateway.taken(to=reporter.number)) == 1
    await service.stop()


async def test_what_the_gateway_never_saw_before_the_crash_is_sent_after_it(
    outside: Running, stored: Store[Correspondence], gateway: Gateway, service: ServiceProcess
) -> None:
    await gateway.behave(receipts="never")
    reporter = by_sms(outside)
    asked = asyncio.Event()

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    port = free_port()
    async with await asyncio.start_server(swallow, "127.0.0.1", port):
        await service.start({"ADUAN_SMS_URL": f"http://127.0.0.1:{port}", "ADUAN_SEND_SECONDS": "1.3"})
        await service.ready()
        await outside.hear(reporter.submission(), reporter.complaint)
        await asyncio.wait_for(asked.wait(), 15)
        await service.kill()
    await becomes(stored, reporter, "attempting")
    await service.start()
    await becomes(stored, reporter, "sent")
    (taken,) = await gateway.taken(to=reporter.number)
    case = (await stored.load([reporter.complaint]))[reporter.complaint].case
    assert case is not None
    assert case.messages[0].id == taken["reference"]
    await service.stop()


async def test_what_waits_to_be_told_as_one_is_told_as_one_after_the_crash(
    outside: Running, stored: Store[Correspondence], gateway: Gateway, service: ServiceProcess
) -> None:
    await gateway.behave(receipts="never")
    reporter = by_sms(outside)
    await service.start({"ADUAN_DIGEST_SECONDS": "10"})
    await service.ready()
    for sequence, event in enumerate((reporter.submission(), samples.assigned(), samples.progressed("A1")), start=1):
        await outside.hear(event, reporter.complaint, sequence=sequence)
        await become(stored, reporter, ["sent", "queued", "queued"][:sequence])
    await service.kill()
    await become(stored, reporter, ["sent", "queued", "queued"])
    await service.start()
    await become(stored, reporter, ["sent", "dropped", "sent"])
    texts = [taken["text"] for taken in await gateway.taken(to=reporter.number)]
    assert [text for text in texts if "kabar baru" in text] == texts[1:]
    assert len(texts) == 2
    await service.stop()


async def test_a_process_that_is_told_to_stop_finishes_what_is_under_way(
    outside: Running, stored: Store[Correspondence], gateway: Gateway, service: ServiceProcess
) -> None:
    await gateway.behave(delay=0.8, receipts="never")
    reporter = by_sms(outside)
    await service.start()
    await service.ready()
    await outside.hear(reporter.submission(), reporter.complaint)
    await becomes(stored, reporter, "attempting")
    await service.stop()
    await becomes(stored, reporter, "sent")
    await gateway.behave(receipts="never")
    assert len(await gateway.taken(to=reporter.number)) == 1


async def test_a_mail_that_may_have_gone_out_before_the_crash_is_given_up(
    outside: Running, stored: Store[Correspondence], mails: Mails, service: ServiceProcess
) -> None:
    reporter = by_mail(outside)
    mails.box.holding.add(reporter.address)
    await service.start({"ADUAN_SEND_SECONDS": "1.3"})
    await service.ready()
    await outside.hear(reporter.submission(), reporter.complaint)
    await until(lambda: mails.to(reporter.address), "the mail server took it")
    await service.kill()
    await becomes(stored, reporter, "attempting")
    await service.start()
    await becomes(stored, reporter, "failed")
    assert len(mails.to(reporter.address)) == 1
    await service.stop()


async def test_no_personal_data_are_in_the_log_of_a_process_that_had_a_hard_life(
    outside: Running, gateway: Gateway, service: ServiceProcess, tmp_path: Path
) -> None:
    await gateway.behave(refuse=1, receipts="never")
    reporter = by_sms(outside)
    await service.start({"ADUAN_LOG_LEVEL": "debug"})
    await service.ready()
    await outside.hear(reporter.submission(), reporter.complaint)
    await outside.raw(b'{"phone": "%s"}' % reporter.number.encode(), "complaint.submitted.v1")
    log = tmp_path / "service.log"
    await until(lambda: "message_given_up" in log.read_text() and "parked" in log.read_text(), "both are logged")
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{service.url}/tracking", json={"code": reporter.code})
    assert answer.status_code == 200
    await service.stop()
    text = log.read_text()
    for secret in (reporter.number, reporter.number[1:], reporter.code):
        assert secret not in text
