"""A partner channel's broker user can do what it must and nothing else."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused

from deploy.broker import channel_user
from deploy.local.layout import CHANNELS
from deploy.local.state import State
from shared.topology import EVENTS_EXCHANGE, SUBMISSIONS_EXCHANGE, replies_queue

OWN, OTHER = CHANNELS


@pytest.fixture
async def channel(system: State) -> AsyncIterator[AbstractChannel]:
    password = json.loads(system.environment["ADUAN_CHANNEL_PASSWORDS"])[OWN]
    parts = urlsplit(system.environment["ADUAN_AMQP_URL"])
    place = f"{channel_user(OWN)}:{password}@{parts.hostname}:{parts.port}"
    async with await aio_pika.connect(urlunsplit(parts._replace(netloc=place))) as connection:
        yield await connection.channel(publisher_confirms=True)


async def _publish(channel: AbstractChannel, exchange: str, key: str) -> None:
    target = await channel.get_exchange(exchange, ensure=False)
    await target.publish(aio_pika.Message(b"{}"), key, mandatory=False)


async def _bind(channel: AbstractChannel) -> None:
    queue = await channel.get_queue(replies_queue(OWN), ensure=False)
    await queue.bind(EVENTS_EXCHANGE, "#")


async def _read(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).get(fail=False)


async def _declare(channel: AbstractChannel) -> None:
    await channel.declare_queue("a-queue-of-its-own")


REFUSED: dict[str, Callable[[AbstractChannel], Awaitable[object]]] = {
    "write under another channel's key": lambda c: _publish(c, SUBMISSIONS_EXCHANGE, f"{OTHER}.submit.normal"),
    "write an event": lambda c: _publish(c, EVENTS_EXCHANGE, "complaint.submitted.normal.v1"),
    "write to a service's queue": lambda c: c.default_exchange.publish(aio_pika.Message(b"{}"), "intake.normal"),
    "read another channel's replies": lambda c: _read(c, replies_queue(OTHER)),
    "read a service's lane": lambda c: _read(c, "verification.normal"),
    "read the audit": lambda c: _read(c, "audit"),
    "bind its queue to the events": _bind,
    "declare a queue": _declare,
    "delete its queue": lambda c: c.queue_delete(replies_queue(OWN)),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED.keys())
async def test_a_channel_is_refused_to(
    channel: AbstractChannel, attempt: Callable[[AbstractChannel], Awaitable[object]]
) -> None:
    with pytest.raises(ChannelAccessRefused):
        await attempt(channel)


async def test_a_channel_may_submit_and_read_its_replies(channel: AbstractChannel) -> None:
    """The control: the same calls go through where they are meant to."""
    await _publish(channel, SUBMISSIONS_EXCHANGE, f"{OWN}.submit.urgent")
    await _read(channel, replies_queue(OWN))
