"""A broker: lanes, retry tiers and parked queues in virtual time; it delivers at least once and in any order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from aio_pika.exceptions import ChannelInvalidStateError, DeliveryError
from pamqp.base import Frame
from pamqp.commands import Basic

from shared.topology import EVENTS_EXCHANGE, QUEUES_EXCHANGE, RETRY_SECONDS, retry_exchange
from tests.simulation.world import Mortal, World

_TIERS = {retry_exchange(seconds): float(seconds) for seconds in RETRY_SECONDS}

Deliver = Callable[[str, Any], Awaitable[None]]


@dataclass(frozen=True)
class Stored:
    """A message as it stands in a queue."""

    exchange: str
    routing_key: str
    message_id: str
    type: str
    body: bytes
    headers: Mapping[str, Any]
    redelivered: bool = False


@dataclass(eq=False)
class Link:
    """The connections of one process. With a new epoch, what was delivered before can no longer be answered."""

    process: Mortal
    spawn: Callable[[Awaitable[None]], None]
    deliver: Deliver
    queues: tuple[str, ...]
    prefetch: int
    up: bool = True
    reading: bool = True
    epoch: int = 0
    unacked: dict["Incoming", str] = field(default_factory=dict)

    def room(self, queue: str) -> bool:
        return self.up and self.reading and sum(q == queue for q in self.unacked.values()) < self.prefetch


class Broker:
    """Keeps what was confirmed until it is acknowledged."""

    def __init__(self, world: World, bindings: Mapping[str, tuple[str, ...]]) -> None:
        self.world = world
        self.bindings = bindings
        self.ready: dict[str, list[Stored]] = {}
        self.published: dict[str, set[bytes]] = {}
        self.links: list[Link] = []
        self.held = 0

    def connect(self, link: Link) -> None:
        self.links.append(link)
        for queue in link.queues:
            self._pump(queue)

    def drop(self, link: Link, for_good: bool) -> None:
        """The connections of a process break; what it had not acknowledged is given out again."""
        link.up = False
        link.epoch += 1
        if for_good and link in self.links:
            self.links.remove(link)
        back, link.unacked = link.unacked, {}
        for incoming, queue in back.items():
            self.put(queue, replace(incoming.stored, redelivered=True))

    def blink(self, link: Link) -> None:
        """The connections of a process break and come back."""
        self.world.note(link.process.name, "loses its connections to the broker")
        self.drop(link, for_good=False)
        self.world.loop.call_later(self.world.random.random() + 0.1, self.restore, link)

    def restore(self, link: Link) -> None:
        if link in self.links and not self.world.broker_away:
            link.up = True
            for queue in link.queues:
                self._pump(queue)

    def route(self, exchange: str, routing_key: str, stored: Stored) -> None:
        """Takes a message over. From now on it must not be lost."""
        if exchange == EVENTS_EXCHANGE:
            self.published.setdefault(stored.message_id, set()).add(stored.body)
            for queue in self.bindings[routing_key]:
                self.put(queue, stored)
                if self.world.chance(self.world.duplicating):
                    self._later(self.world.random.random() * 8, queue, stored)
        elif exchange in _TIERS:
            # What leaves a tier is given back to the lane that its routing key names.
            self._later(_TIERS[exchange], routing_key, replace(stored, exchange=QUEUES_EXCHANGE))
        else:
            self.put(routing_key, stored)

    def put(self, queue: str, stored: Stored) -> None:
        self.ready.setdefault(queue, []).append(stored)
        self._pump(queue)

    def done(self, link: Link, incoming: "Incoming") -> str | None:
        """A message is answered. Gives its queue, or None where it no longer belongs to the connection."""
        queue = link.unacked.pop(incoming, None)
        if queue is not None:
            self._pump(queue)
        return queue

    def empty(self) -> bool:
        """Whether nothing is left but what is parked."""
        waiting = any(messages for queue, messages in self.ready.items() if not queue.endswith(".parked"))
        return not waiting and not self.held and not any(link.unacked for link in self.links)

    def _later(self, seconds: float, queue: str, stored: Stored) -> None:
        self.held += 1
        self.world.loop.call_later(seconds, self._release, queue, stored)

    def _release(self, queue: str, stored: Stored) -> None:
        self.held -= 1
        self.put(queue, stored)

    def _pump(self, queue: str) -> None:
        messages, random = self.ready.get(queue), self.world.random
        while messages:
            free = [link for link in self.links if queue in link.queues and link.room(queue)]
            if not free:
                return
            link = random.choice(free)
            stored = messages.pop(random.randrange(len(messages)))
            incoming = Incoming(self, link, stored)
            link.unacked[incoming] = queue
            self.world.loop.call_later(self.world.latency(), partial(self._deliver, queue, link, incoming))

    def _deliver(self, queue: str, link: Link, incoming: "Incoming") -> None:
        if incoming.epoch == link.epoch and link.process.alive:
            stored = incoming.stored
            self.world.note(link.process.name, f"gets {stored.type}", id=stored.message_id[:8], queue=queue)
            link.spawn(link.deliver(queue, incoming))


class Incoming:
    """A delivered message, with what aio-pika's has and the shell uses."""

    def __init__(self, broker: Broker, link: Link, stored: Stored) -> None:
        self.stored = stored
        self.epoch = link.epoch
        self.exchange, self.routing_key = stored.exchange, stored.routing_key
        self.message_id, self.type, self.body = stored.message_id, stored.type, stored.body
        self.headers, self.redelivered = stored.headers, stored.redelivered
        self.correlation_id = None
        self._broker = broker
        self._link = link

    async def ack(self) -> None:
        await self._answer("ack")

    async def nack(self, requeue: bool = True) -> None:
        await self._answer("nack", back=True)

    async def _answer(self, name: str, back: bool = False) -> None:
        world, process = self._broker.world, self._link.process
        await world.gate(process, name, "before")
        if self.epoch == self._link.epoch and world.chance(world.failing / 4):
            self._broker.blink(self._link)
        if self.epoch != self._link.epoch:
            raise ChannelInvalidStateError
        world.note(process.name, name, id=self.message_id[:8])
        if world.chance(world.failing / 4):
            # Nobody confirms an answer, so one that never arrives looks like one that did.
            self._broker.blink(self._link)
            return
        queue = self._broker.done(self._link, self)
        if back and queue is not None:
            # At once: a process that dies after its answer takes nothing back.
            self._broker.put(queue, replace(self.stored, redelivered=True))
        await world.gate(process, name, "after")


class Channel:
    """What a process publishes through."""

    def __init__(self, broker: Broker, link: Link) -> None:
        self._broker = broker
        self._link = link

    @property
    def is_closed(self) -> bool:
        return not self._link.up

    async def ready(self) -> None:
        """It is restored together with its connection."""

    async def declare_queue(self, name: str, passive: bool) -> None:
        """All queues are there from the beginning."""

    async def get_underlay_channel(self) -> "Channel":
        return self

    async def basic_publish(
        self, body: bytes, *, exchange: str, routing_key: str, properties: Basic.Properties, mandatory: bool, wait: bool
    ) -> None:
        """Returns once the broker has confirmed; it may have the message although this fails."""
        world, link = self._broker.world, self._link
        what = "publish" if exchange == EVENTS_EXCHANGE else "pass on"
        epoch = link.epoch
        await world.gate(link.process, what, "before")
        if epoch != link.epoch or world.chance(world.failing):
            await self._lose("before", what)
        stored = Stored(
            exchange,
            routing_key,
            properties.message_id or "",
            properties.message_type or "",
            body,
            dict(properties.headers or {}),
        )
        target = f"{exchange}/{routing_key}"
        world.note(link.process.name, what, type=stored.type, id=stored.message_id[:8], to=target)
        self._broker.route(exchange, routing_key, stored)
        await world.gate(link.process, what, "after")
        if epoch != link.epoch or world.chance(world.failing):
            await self._lose("after", what)

    async def _lose(self, when: str, what: str) -> None:
        world = self._broker.world
        kind = world.random.choice(("closed", "cancelled", "silent", "returned"))
        world.note(self._link.process.name, f"{what} fails {when} its effect: {kind}")
        if kind == "returned" and when == "before":
            raise DeliveryError(None, Frame())
        if kind == "silent":
            await asyncio.sleep(60)
        if kind == "cancelled":
            # This is how a lost heartbeat looks to a publisher.
            raise asyncio.CancelledError
        raise ChannelInvalidStateError


class Connection:
    """Tells whether there is one, and opens channels."""

    def __init__(self, broker: Broker, link: Link) -> None:
        self._broker = broker
        self._link = link

    async def channel(self, publisher_confirms: bool, on_return_raises: bool) -> Channel:
        return Channel(self._broker, self._link)

    @property
    def connected(self) -> "Connection":
        return self

    def is_set(self) -> bool:
        return self._link.up
