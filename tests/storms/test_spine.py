"""One fault after another against all services; after each, the ledger must be without a finding.

Where it is simple, a row has a control: the same fault, with what stands against it taken away, must be seen.
"""

import asyncio
import signal
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from shared.contracts.catalogue import CONSUMERS
from shared.contracts.envelope import routing_key
from shared.topology import AUDIT_STREAM, EVENTS_EXCHANGE, lane_queue
from tests.faults.broker import call
from tests.faults.build import CLOCK, factory
from tests.faults.counting import AFTER, POINT
from tests.faults.ledger import SUBMITTED, Finding
from tests.faults.load import Load
from tests.faults.spine import STARTED, Spine, in_thread
from tests.faults.storm import settle
from tests.support.processes import ServiceProcess
from tests.support.room import until

CONTROL_SECONDS = 20.0  # after which what is still wrong stays so


@pytest.mark.parametrize("by", ["post", "fill_in"])
@pytest.mark.parametrize(("point", "committed"), [("before commit", 0), ("after commit", 1)])
async def test_intake_that_dies_over_a_report_gives_no_receipt_and_the_same_key_one_case(
    spine: Spine, load: Load, point: str, committed: int, by: str
) -> None:
    before = await spine.cases("intake").count_documents({})
    key, body, way = f"dies-{committed}-over-it-{by}", load.body(), getattr(load, by)
    await _dies_over(spine, way(key, body), point)
    assert await spine.cases("intake").count_documents({}) == before + committed
    await spine.services["intake"].start()
    for _ in range(2):
        await load.until_received(key, body, way)
    assert await spine.cases("intake").count_documents({}) == before + 1
    assert await settle(spine, load) == []


async def _dies_over(spine: Spine, asked: Awaitable[tuple[int, object]], point: str) -> None:
    intake = spine.services["intake"]
    await intake.kill()
    await intake.start({POINT: point, AFTER: "0"})
    await intake.ready(STARTED)
    status, _ = await asked
    assert status == 0, "a process that is dead answers nothing"
    assert await intake.dead() == -signal.SIGKILL


@pytest.mark.parametrize("by", ["post", "fill_in"])
async def test_a_reporter_who_asks_with_another_key_after_that_is_seen_to_have_two_cases(
    spine: Spine, load: Load, by: str
) -> None:
    """The control: what stands against two cases is the key."""
    key, body, way = f"dies-and-forgets-{by}", load.body(), getattr(load, by)
    await _dies_over(spine, way(key, body), "after commit")
    await spine.services["intake"].start()
    await load.until_received(f"{key}-anew", body, way)
    findings = await settle(spine, load, CONTROL_SECONDS)
    assert [finding.kind for finding in findings if "a second case of a report" in finding.what] == ["doubled"]
    load.asked += 1
    await load.until_received(key, body, way)
    assert await settle(spine, load) == []


async def test_under_a_disk_alarm_of_the_broker_reports_are_taken_in_and_told_of_afterwards(
    spine: Spine, load: Load
) -> None:
    await spine.ready()
    with disk_alarm(spine):
        await until(lambda: alarmed(spine), "the broker blocks publishers", 30)
        before = load.acknowledged
        await load.ask_many(6)
        assert load.acknowledged == before + 6
        assert await spine.unpublished() == 6
    assert await settle(spine, load) == []


@contextmanager
def disk_alarm(spine: Spine) -> Iterator[None]:
    call(spine.local.rabbitmq, f"rabbit_disk_monitor:set_disk_free_limit({10**15})")
    try:
        yield
    finally:
        call(spine.local.rabbitmq, f"rabbit_disk_monitor:set_disk_free_limit({10**8})")


async def alarmed(spine: Spine) -> bool:
    return (await spine.http.get(f"{spine.api}/health/checks/local-alarms")).status_code != 200


async def test_an_event_that_no_queue_takes_stays_in_the_outbox_till_the_bindings_are_back(
    spine: Spine, load: Load
) -> None:
    await spine.ready()
    assert await settle(spine, load) == []
    await _unbind(spine)
    await load.ask_many(3)
    await until(lambda: outbox_age(spine), "the metric tells how long it waits", 30)
    assert await spine.unpublished() == 3
    await spine.declare()
    assert await settle(spine, load) == []


async def test_an_outbox_that_loses_an_event_which_no_queue_took_is_seen(spine: Spine, load: Load) -> None:
    """The control: what stands against its loss is the outbox."""
    assert await settle(spine, load) == []
    cases = spine.cases("intake")
    await _unbind(spine)
    await load.ask_many(1)
    row = await cases.find_one({"outbox.0": {"$exists": True}})
    await cases.update_one({"_id": row["_id"]}, {"$set": {"outbox": []}})
    await spine.declare()
    findings = await settle(spine, load, CONTROL_SECONDS)
    assert Finding("lost", f"{row['_id']}: {SUBMITTED} happened and was never told") in findings
    await cases.update_one({"_id": row["_id"]}, {"$set": {"outbox": row["outbox"]}})
    assert await settle(spine, load) == []


HEARS_OF_REPORTS = tuple(service for service, hears in CONSUMERS.items() if SUBMITTED in hears)


async def _unbind(spine: Spine) -> None:
    """No queue takes a report's event any more."""
    key = routing_key(SUBMITTED, "normal")
    for queue, binding in ((AUDIT_STREAM, "#"), *((lane_queue(s, "normal"), key) for s in HEARS_OF_REPORTS)):
        url = f"{spine.api}/bindings/%2F/e/{EVENTS_EXCHANGE}/q/{queue}/{quote(binding, safe='')}"
        (await spine.http.delete(url)).raise_for_status()


async def outbox_age(spine: Spine) -> bool:
    text = (await spine.http.get(f"{spine.intake}/metrics")).text
    lines = [
        line for line in text.splitlines() if line.startswith("aduan_outbox_oldest_seconds") and "complaints" in line
    ]
    return any(float(line.split()[-1]) > 2 for line in lines)


async def test_a_service_that_freezes_and_thaws_doubles_nothing_while_another_works_on(
    spine: Spine, load: Load, tmp_path: Path
) -> None:
    await spine.ready()
    process = spine.services["verification"]._process
    assert process is not None
    other = ServiceProcess(factory("verification"), spine.own_settings("verification"), tmp_path / "other.log")
    before = await verified(spine)
    asking = asyncio.create_task(load.ask_many(20))
    try:
        await until(lambda: more_than(spine, before), "the first reports arrive", 60)
        process.send_signal(signal.SIGSTOP)
        await other.start()
        await other.ready(STARTED)
        await asking
        meanwhile = await verified(spine)
        await load.ask_many(8)
        await until(lambda: more_than(spine, meanwhile), "the other one works", 60)
        process.send_signal(signal.SIGCONT)
        assert await settle(spine, load) == []
    finally:
        process.send_signal(signal.SIGCONT)
        await other.kill()


async def test_a_freeze_so_long_that_another_gets_its_messages_doubles_nothing(
    spine: Spine, load: Load, tmp_path: Path
) -> None:
    await spine.ready()
    service = spine.services["verification"]
    await service.kill()
    # A broker that misses two heartbeats of a process gives its messages to others; usually that takes two minutes.
    await service.start({"ADUAN_AMQP_URL": f"{spine.own_settings('verification')['ADUAN_AMQP_URL']}?heartbeat=2"})
    await service.ready(STARTED)
    process = service._process
    assert process is not None
    name = f"verification-{process.pid}"
    await until(lambda: spine.connected(name), "the broker knows the process", 60)
    other = ServiceProcess(factory("verification"), spine.own_settings("verification"), tmp_path / "other.log")
    before = await verified(spine)
    asking = asyncio.create_task(load.ask_many(40))
    try:
        await until(lambda: more_than(spine, before), "the first reports arrive", 60)
        process.send_signal(signal.SIGSTOP)
        await until(lambda: gone(spine, name), "the broker has given up on the frozen process", 60)
        await other.start()
        await asking
        await until(lambda: more_than(spine, before + 39), "the other one has done all that was asked for", 120)
        process.send_signal(signal.SIGCONT)
        await service.ready(STARTED)
        await load.ask_many(4)
        assert await settle(spine, load) == []
    finally:
        process.send_signal(signal.SIGCONT)
        await other.kill()
        await service.kill()
        await service.start()


async def gone(spine: Spine, name: str) -> bool:
    return not await spine.connected(name)


async def verified(spine: Spine) -> int:
    count: int = await spine.cases("verification").count_documents({})
    return count


async def more_than(spine: Spine, count: int) -> bool:
    return await verified(spine) > count


async def test_clocks_that_are_a_day_wrong_either_way_change_nothing(spine: Spine, load: Load) -> None:
    wrong = {"verification": "24", "classification": "-24", "investigation": "-24"}
    for name, hours in wrong.items():
        await spine.services[name].kill()
        await spine.services[name].start({CLOCK: hours})
    began = datetime.now(UTC)
    await load.ask_many(8)
    assert await settle(spine, load) == []
    for name, hours in wrong.items():
        assert await _decided_at(spine, name, began + timedelta(hours=float(hours))), f"the clock of {name} is right"
    for name in wrong:
        await spine.services[name].kill()
        await spine.services[name].start()
    await load.ask_many(4)
    assert await settle(spine, load) == []


async def _decided_at(spine: Spine, service: str, moment: datetime) -> bool:
    """Whether the service has decided anything in the ten minutes from a moment on, by its own clock."""
    span = {"$gte": moment, "$lt": moment + timedelta(minutes=10)}
    return await spine.cases(service).find_one({"trail": {"$elemMatch": {"at": span}}}) is not None


async def test_a_rolling_restart_under_load_is_no_more_than_refused_connections_to_reporters(
    spine: Spine, load: Load
) -> None:
    await spine.ready()
    load.setbacks.clear()
    over = asyncio.Event()
    loading = asyncio.create_task(load.run(over, rate=5))
    for service in spine.services.values():
        await service.stop()
        await service.start()
        await service.ready(STARTED)
    over.set()
    await loading
    assert set(load.setbacks) <= {"ConnectError"}
    assert await settle(spine, load) == []


async def test_a_kill_in_place_of_a_restart_is_seen_by_reporters(spine: Spine, load: Load) -> None:
    """The control: what stands against broken connections is that a service finishes what it is at."""
    intake, over = spine.services["intake"], asyncio.Event()
    load.setbacks.clear()
    loading = asyncio.create_task(load.run(over, rate=20))

    async def broken() -> bool:
        await intake.kill()
        await intake.start()
        await intake.ready(STARTED)
        return not set(load.setbacks) <= {"ConnectError"}

    try:
        await until(broken, "a reporter meets more than a refused connection", 120)
    finally:
        over.set()
        await loading
    assert await settle(spine, load) == []


async def test_servers_that_are_killed_together_are_lived_through_by_every_service(spine: Spine, load: Load) -> None:
    await spine.ready()
    load.setbacks.clear()
    for server in (spine.local.rabbitmq, spine.local.mongodb):
        await in_thread(server.kill)
    asking = asyncio.create_task(load.ask_many(5))
    await until(lambda: load.setbacks, "a reporter is told to ask again", 60)
    await in_thread(spine.local.start)
    await spine.ready()
    await asking
    assert await settle(spine, load) == []
