"""Kill -9 at the worst moments: nothing that was confirmed is lost, and nothing is done twice.

Every test here uses the same checker, and the last one shows that the checker sees what it is there to see.
"""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from uuid6 import uuid7

from deploy.local.servers import LocalServers
from shared import topology
from shared.bus import Bus
from shared.contracts.classification import ComplaintClassified
from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope, Event, routing_key
from shared.contracts.verification import ComplaintVerified
from shared.mongo import Mongo
from shared.store import Outgoing
from tests.faults.broker import read_audit
from tests.faults.counting import AFTER, FORGETFUL, POINT, POINTS, SERVICE
from tests.faults.nursery import ForkedService, Nursery
from tests.support.processes import ServiceProcess
from tests.support.room import environment, until
from tests.support.servers import Servers

COMPLAINTS, MESSAGES = 40, 600
SETTLED = 90.0


class Load:
    """Messages that were confirmed by the broker, and what has become of them."""

    def __init__(self, local: LocalServers, settings: dict[str, str]) -> None:
        self.local = local
        self.settings = settings
        self.confirmed: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.subjects = [str(uuid7()) for _ in range(COMPLAINTS)]

    async def publish(self, seed: int, messages: int = MESSAGES, pause: float = 0.0) -> None:
        """Publishes until so many are confirmed; what is not confirmed is published again under the same id."""
        chance = random.Random(seed)
        bus = Bus(self.local.amqp_url, "load")
        await bus.start()
        waiting = [self._message(chance.choice(self.subjects)) for _ in range(messages)]
        while waiting:
            chunk, waiting = waiting[:50], waiting[50:]
            results = await bus.publish([event for _, event in chunk])
            waiting += [message for message, failure in zip(chunk, results, strict=True) if failure is not None]
            self.confirmed.update(
                subject for (subject, _), failure in zip(chunk, results, strict=True) if failure is None
            )
            await asyncio.sleep(pause or (0.2 if any(results) else 0))
        await bus.stop()

    def _message(self, subject: str) -> tuple[str, Outgoing]:
        report = Report(register_number="1", channel="web", identity_level="anonymous", received_at=datetime.now(UTC))
        envelope = Envelope[Event](
            id=str(uuid4()),
            type=ComplaintVerified.wire,
            source="verification",
            subject=subject,
            time=datetime.now(UTC),
            sequence=1,
            polres="polres",
            lane="normal",
            data=ComplaintVerified(report=report),
        )
        key = routing_key(ComplaintVerified.wire, "normal")
        body = envelope.model_dump_json(serialize_as_any=True)
        return subject, Outgoing(envelope.id, ComplaintVerified.wire, key, body, datetime.now(UTC))

    async def counted(self) -> Counter[str]:
        """Effects by complaint, read from the database and not from the service."""
        database = f"{self.settings['ADUAN_MONGO_PREFIX']}{SERVICE}"
        mongo = Mongo(self.local.mongo_url, database, "motor", "checker")
        rows = await mongo["counts"].find({}).to_list(None)
        await mongo.close()
        return Counter({row["_id"]: row["case"]["times"] for row in rows})

    async def unpublished(self) -> int:
        database = f"{self.settings['ADUAN_MONGO_PREFIX']}{SERVICE}"
        mongo = Mongo(self.local.mongo_url, database, "motor", "checker")
        left: int = await mongo["counts"].count_documents({"outbox.0": {"$exists": True}})
        await mongo.close()
        return left

    async def settled(self) -> bool:
        """Whether every confirmed message has had an effect and every event of it is out."""
        # By complaint, not in total: what was done twice must not stand in for what is still to be done.
        return not self.confirmed - await self.counted() and await self.unpublished() == 0

    async def read_said(self) -> None:
        """Reads what the audit stream has of each complaint; what was published twice under its id is one."""
        told = await read_audit(self.local.amqp_url)
        self.said = Counter(event.subject for event in told if event.wire == ComplaintClassified.wire)


def check(load: Load, counted: Counter[str]) -> None:
    """Every confirmed message had exactly one effect and told of it exactly once."""
    lost = load.confirmed - counted
    doubled = counted - load.confirmed
    assert not lost, f"{lost.total()} effects lost"
    assert not doubled, f"{doubled.total()} effects doubled"
    assert load.said == load.confirmed, "each effect is told once"


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServers]:
    """Servers of this module's own, since it kills them."""
    with LocalServers(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture
async def load(local: LocalServers) -> Load:
    await topology.declare(local.amqp_url)
    async with await aio_pika.connect(local.amqp_url) as connection, connection.channel() as channel:
        # The audit stream keeps what earlier tests said, so each test begins with a new one.
        await channel.queue_delete(topology.AUDIT_STREAM)
    await topology.declare(local.amqp_url)
    return Load(local, environment(Servers(local.amqp_url, local.mongo_url)))


@pytest.fixture(scope="module")
async def nursery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nursery]:
    opened = await Nursery.open(tmp_path_factory.mktemp("nursery") / "nursery.log")
    yield opened
    await opened.close()


@pytest.fixture
async def counter(load: Load, nursery: Nursery, tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    process = ForkedService(nursery, "tests.faults.counting:app", load.settings, tmp_path / "counter.log")
    yield process
    await process.kill()


async def settle(load: Load) -> None:
    await until(load.settled, "everything confirmed has had its effect", SETTLED)
    await load.read_said()


@pytest.mark.parametrize("point", POINTS)
async def test_a_process_that_dies_at_the_worst_moment_loses_and_doubles_nothing(
    load: Load, counter: ServiceProcess, point: str
) -> None:
    publishing = asyncio.create_task(load.publish(seed=1, pause=0.05))
    for after in (0, 3, 5):
        await counter.start({POINT: point, AFTER: str(after)})
        assert await counter.dead() == -signal.SIGKILL
    await counter.start()
    await publishing
    await settle(load)
    check(load, await load.counted())


async def test_a_broker_that_dies_under_load_loses_and_doubles_nothing(
    load: Load, counter: ServiceProcess, local: LocalServers
) -> None:
    await counter.start()
    await counter.ready()
    publishing = asyncio.create_task(load.publish(seed=2, pause=0.1))
    await until(lambda: load.confirmed.total() > MESSAGES // 4, "a quarter is confirmed")
    await asyncio.to_thread(local.rabbitmq.kill)
    await asyncio.to_thread(local.rabbitmq.start)
    await counter.ready(seconds=30)
    await publishing
    await settle(load)
    check(load, await load.counted())


async def test_the_checker_sees_what_a_service_without_memory_does_twice(load: Load, counter: ServiceProcess) -> None:
    """The control: with `seen` switched off, dying before the acknowledgement must show as doubled effects."""
    publishing = asyncio.create_task(load.publish(seed=3, pause=0.05))
    for _ in range(2):
        await counter.start({FORGETFUL: "1", POINT: "before ack", AFTER: "5"})
        await counter.dead()
    await counter.start({FORGETFUL: "1"})
    await publishing
    await until(load.settled, "everything confirmed has had its effect", SETTLED)
    with pytest.raises(AssertionError, match="doubled"):
        check(load, await load.counted())
