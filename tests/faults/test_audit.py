"""The audit stream has every event that was confirmed, also when the broker has just started or loses its writer."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sized
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import aio_pika
import pytest

from deploy.local.process import free_ports
from deploy.local.rabbitmq import RabbitMQ, RabbitPorts
from shared import topology
from shared.bus import Bus
from shared.contracts.envelope import routing_key
from shared.contracts.intake import ComplaintSubmitted
from shared.store import Outgoing
from tests.faults.broker import AUDIT, call, read_audit
from tests.support.room import until

WIRE = ComplaintSubmitted.wire
KEY = routing_key(WIRE, "normal")
PARKED = topology.parked_queue("verification")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    started = RabbitMQ(tmp_path_factory.mktemp("broker"), RabbitPorts(*free_ports(4)))
    started.start()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
async def bus(broker: RabbitMQ) -> AsyncIterator[Bus]:
    await topology.declare(broker.url)
    made = Bus(broker.url, "intake")
    yield made
    await made.stop()


def event() -> Outgoing:
    return Outgoing(str(uuid4()), WIRE, KEY, "{}", datetime.now(UTC))


@contextmanager
def without_writer(broker: RabbitMQ) -> Iterator[None]:
    """As a broker is for a moment after its start: it takes messages, and its stream is not there yet."""
    call(broker, f"mnesia:dirty_delete(rabbit_queue, {AUDIT})")
    try:
        yield
    finally:
        queue = f"hd(mnesia:dirty_read(rabbit_durable_queue, {AUDIT}))"
        call(broker, f"rabbit_amqqueue:ensure_rabbit_queue_record_is_initialized({queue})")


async def missing(broker: RabbitMQ, confirmed: set[str]) -> set[str]:
    return confirmed - {told.id for told in await read_audit(broker.url)}


async def test_a_service_that_starts_before_the_stream_is_there_waits_for_it(broker: RabbitMQ, bus: Bus) -> None:
    with without_writer(broker):
        starting = asyncio.create_task(bus.start())
        await asyncio.sleep(0.5)
        assert not starting.done()
    await starting
    sent = event()
    assert await bus.publish([sent]) == [None]
    assert not await missing(broker, {sent.id})


async def test_no_event_is_confirmed_over_a_new_connection_before_the_stream_is_there(
    broker: RabbitMQ, bus: Bus
) -> None:
    await bus.start()
    confirmed: set[str] = set()

    async def publish() -> bool:
        sent = event()
        if await bus.publish([sent]) == [None]:
            confirmed.add(sent.id)
        return sent.id in confirmed

    with without_writer(broker):
        call(broker, 'rabbit_networking:close_all_connections(<<"test">>)')
        await until(lambda: not bus.healthy, "the connection is lost")
        publishing = asyncio.create_task(until(publish, "an event is confirmed again", 60))
        await asyncio.sleep(2.5)
        assert not confirmed
    await publishing
    assert confirmed
    assert not await missing(broker, confirmed)


async def test_the_control_a_plain_channel_is_told_that_an_event_is_kept_which_the_stream_has_not(
    broker: RabbitMQ, bus: Bus
) -> None:
    await bus.start()
    with without_writer(broker):
        async with await aio_pika.connect(broker.url) as connection, connection.channel() as channel:
            exchange = await channel.get_exchange(topology.EVENTS_EXCHANGE, ensure=False)
            message = aio_pika.Message(b"{}", message_id=str(uuid4()), type=WIRE)
            await exchange.publish(message, KEY)
    assert await missing(broker, {message.message_id or ""}) == {message.message_id}


async def test_a_stream_that_gets_another_writer_has_every_confirmed_event(broker: RabbitMQ, bus: Bus) -> None:
    await bus.start()
    assert not await missing(broker, await through_writers(broker, bus))


async def test_the_control_events_on_a_channel_that_parks_messages_as_well_are_dropped_before_rabbitmq_4(
    broker: RabbitMQ, bus: Bus
) -> None:
    await bus.start()
    bus._events = bus._channel
    lost = await missing(broker, await through_writers(broker, bus))
    major = int(call(broker, "rabbit_misc:version()").strip('"').partition(".")[0])
    assert bool(lost) == (major < 4)


async def through_writers(broker: RabbitMQ, bus: Bus) -> set[str]:
    """The ids of what was confirmed while messages were parked and the stream's writer was killed again and again."""
    confirmed: set[str] = set()
    over = False

    async def publish() -> None:
        while not over:
            sent = [event() for _ in range(3)]
            results = await bus.publish(sent)
            confirmed.update(e.id for e, failure in zip(sent, results, strict=True) if failure is None)

    await bus.send(PARKED, b"{}", message_id=str(uuid4()))
    publishing = [asyncio.create_task(publish()) for _ in range(3)]
    for _ in range(4):
        goal = len(confirmed) + 30
        await until(partial(_more_than, confirmed, goal), "events are confirmed", 30)
        call(broker, f"begin {{ok, Q}} = rabbit_amqqueue:lookup({AUDIT}), exit(amqqueue:get_pid(Q), kill) end")
    goal = len(confirmed) + 30
    await until(partial(_more_than, confirmed, goal), "events are confirmed", 30)
    over = True
    await asyncio.gather(*publishing)
    return confirmed


def _more_than(confirmed: Sized, count: int) -> bool:
    return len(confirmed) > count
