"""A tally that hears events on the lanes of a service, and what stands in that service's queues."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared import topology
from shared.bus import Consumer
from shared.contracts.envelope import Envelope, Lane, routing_key
from shared.contracts.referral import ReferralDeclined
from shared.handlers import On, dispatch
from shared.retries import Receive
from shared.settings import Settings
from tests.shared.tally import SERVICE, Process, event, new_id, note, process
from tests.support.room import CHANNELS, until

WIRE = ReferralDeclined.wire
HEARING = (On(ReferralDeclined, note),)


@dataclass
class Lanes:
    """A broker connection that is nobody's service."""

    channel: AbstractChannel

    async def send(
        self, body: bytes, message_id: str, *, wire: str | None = WIRE, lane: Lane = "normal", **more: Any
    ) -> None:
        exchange = await self.channel.get_exchange(topology.EVENTS_EXCHANGE, ensure=False)
        message = aio_pika.Message(body, message_id=message_id, type=wire, **more)
        await exchange.publish(message, routing_key(WIRE, lane))

    async def tell(self, text: str, case_id: str | None = None, lane: Lane = "normal", **more: Any) -> Envelope[Any]:
        """Publishes an event that the service hears."""
        envelope = event(text, case_id or new_id(), str(uuid4())).model_copy(update={"lane": lane})
        await self.send(envelope.model_dump_json().encode(), envelope.id, lane=lane, **more)
        return envelope

    async def waiting(self, queue: str) -> int:
        declared = await self.channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0

    async def take(self, queue: str) -> AbstractIncomingMessage:
        """Takes one message off a queue, once there is one."""
        source = await self.channel.get_queue(queue, ensure=False)
        message: AbstractIncomingMessage = await until(lambda: source.get(no_ack=True, fail=False), f"{queue} has one")
        return message

    async def delete(self, queue: str) -> None:
        await (await self.channel.get_queue(queue, ensure=False)).delete(if_unused=False, if_empty=False)

    async def unroute(self, wire: str) -> None:
        """Leaves an event of the normal lane without any queue, till the topology is declared again."""
        keys = ("#", routing_key(wire, "normal"))
        for queue in topology.topology(CHANNELS).queues:
            for exchange, key in queue.bindings:
                if exchange == topology.EVENTS_EXCHANGE and key in keys:
                    await (await self.channel.get_queue(queue.name)).unbind(exchange, key)

    async def empty(self) -> None:
        for queue in topology.topology(CHANNELS).queues:
            if queue.name not in topology.STREAMS:
                await (await self.channel.get_queue(queue.name, ensure=False)).purge()


@asynccontextmanager
async def lanes(settings: Settings) -> AsyncIterator[Lanes]:
    """The queues, declared and empty."""
    url = settings.amqp_url.get_secret_value()
    await topology.declare(url, CHANNELS)
    async with await aio_pika.connect(url) as connection:
        made = Lanes(await connection.channel())
        await made.empty()
        yield made
        await topology.declare(url, CHANNELS)
        await made.empty()


@asynccontextmanager
async def consuming(
    settings: Settings,
    handlers: Sequence[On] = HEARING,
    wrap: Callable[[Receive], Receive] = lambda receive: receive,
) -> AsyncIterator[tuple[Process, Consumer]]:
    """A process that reads both lanes. What it is told goes through `wrap`, then to the handlers."""
    async with process(settings) as it:
        url = settings.amqp_url.get_secret_value()
        consumer = Consumer(url, SERVICE, it.bus, wrap(dispatch(it.unit, handlers)))
        await consumer.start()
        try:
            yield it, consumer
        finally:
            await consumer.stop()
