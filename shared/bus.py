"""The broker: publishing with confirms, and consuming two lanes with retries and parking.

FastStream consumes; publishing goes through aio-pika on a connection of its own, so that a broker that blocks
publishers under a memory or disk alarm does not also block acknowledgements.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

import aio_pika
from aio_pika.abc import AbstractRobustChannel, AbstractRobustConnection
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.utils import RabbitClientProperties
from pamqp.commands import Basic

from shared.contracts.envelope import LANES
from shared.contracts.refusals import Unavailable
from shared.retries import Receive, Retries, asked_to_stop
from shared.settings import process_name
from shared.store import Outgoing
from shared.topology import EVENTS_EXCHANGE, QUEUES_EXCHANGE, STREAMS, lane_queue

PREFETCH: Mapping[str, int] = {"urgent": 50, "normal": 200}
PUBLISH_SECONDS = 10.0  # aio-pika's own timeout is not honoured while the broker blocks publishers
GRACE_SECONDS = 15.0
STARTED_SECONDS = 5.0


class Bus:
    """Publishes: what it reports as done is confirmed by the broker and persistent."""

    def __init__(
        self, url: str, service: str, connect: Callable[..., Awaitable[Any]] = aio_pika.connect_robust
    ) -> None:
        self._url = url
        self._connect = connect
        self._service = service
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractRobustChannel | None = None
        self._events: AbstractRobustChannel | None = None
        self._under_way: dict[str, asyncio.Task[Exception | None]] = {}

    async def start(self) -> None:
        properties: dict[str, Any] = {"connection_name": f"{process_name(self._service)} publishes"}
        self._connection = await self._connect(
            self._url, client_properties=properties, timeout=STARTED_SECONDS, reconnect_interval=1
        )
        self._channel, self._events = [
            await self._connection.channel(publisher_confirms=True, on_return_raises=True) for _ in range(2)
        ]
        await self._find_streams(self._events)

    async def stop(self) -> None:
        if self._connection:
            await self._connection.close()

    async def _find_streams(self, events: AbstractRobustChannel) -> None:
        """Waits till the streams take events; aio-pika does it again before it gives a channel back to us.

        A broker that has just started takes messages before its streams have their writers, and confirms events that
        it has sent past the audit. RabbitMQ before 4.0 also mistakes later events for repeated ones and drops them from
        the stream when its writer changes and the channel has carried anything else; so events have one of their own.
        """
        async with asyncio.timeout(STARTED_SECONDS):
            while True:
                try:
                    for stream in STREAMS:
                        await events.declare_queue(stream, passive=True)
                    return
                except aio_pika.exceptions.ChannelNotFoundEntity:
                    await asyncio.sleep(0.1)

    @property
    def healthy(self) -> bool:
        channels = self._channel, self._events
        connected = self._connection is not None and self._connection.connected.is_set()
        return connected and all(channel is not None and not channel.is_closed for channel in channels)

    async def publish(self, events: Sequence[Outgoing]) -> list[Exception | None]:
        """Publishes events, all under way at once. Gives for each None, or why it is not confirmed."""
        return await asyncio.gather(*(self._attempt_once(event) for event in events))

    async def send(
        self,
        routing_key: str,
        body: bytes,
        *,
        exchange: str = QUEUES_EXCHANGE,
        message_id: str | None = None,
        type_: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, Any] | None = None,
    ) -> None:
        """Publishes one persistent message and waits for its confirm.

        Raises Unavailable when there is no connection or no confirm in time, DeliveryError when no queue takes it.
        """
        channel = self._events if exchange == EVENTS_EXCHANGE else self._channel
        if not self.healthy or channel is None:
            raise Unavailable("broker_away", "The message broker does not answer.")
        properties = Basic.Properties(
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=message_id,
            correlation_id=correlation_id,
            message_type=type_,
            headers=dict(headers or {}),
        )
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                await channel.ready()
                # Below aio-pika's `publish`, which sends a message only once the socket has taken the one before. The
                # confirm is what counts; the abstract class of these channels does not know `wait`.
                below: Any = await channel.get_underlay_channel()
                await below.basic_publish(
                    body,
                    exchange=exchange,
                    routing_key=routing_key,
                    properties=properties,
                    mandatory=True,
                    wait=False,
                )
        except TimeoutError:
            raise Unavailable("broker_slow", "The message broker did not confirm in time.") from None
        except asyncio.CancelledError:
            # A lost heartbeat surfaces as a cancellation that nobody asked for.
            if asked_to_stop():
                raise
            raise Unavailable("broker_away", "The connection to the message broker was lost.") from None

    def _attempt_once(self, event: Outgoing) -> asyncio.Task[Exception | None]:
        # What the broker returns as undeliverable is known by its id alone: of two with the same id under way at once,
        # one would count as confirmed.
        attempt = self._under_way.get(event.id)
        if attempt is None:
            attempt = self._under_way[event.id] = asyncio.create_task(self._attempt(event))
            attempt.add_done_callback(lambda _: self._under_way.pop(event.id))
        return attempt

    async def _attempt(self, event: Outgoing) -> Exception | None:
        headers = {"traceparent": event.traceparent} if event.traceparent else None
        try:
            await self.send(
                event.key,
                event.body.encode(),
                exchange=EVENTS_EXCHANGE,
                message_id=event.id,
                type_=event.wire,
                headers=headers,
            )
        except Exception as error:
            return error
        return None


class Consumer:
    """Reads a service's two lanes and deals with what they give."""

    def __init__(self, url: str, service: str, bus: Bus, receive: Receive) -> None:
        self._service = service
        self._retries = Retries(service, bus.send, receive)
        self._broker = RabbitBroker(
            url,
            logger=None,
            apply_types=False,
            timeout=STARTED_SECONDS,
            reconnect_interval=1,
            graceful_timeout=GRACE_SECONDS,
            ack_policy=AckPolicy.MANUAL,
            client_properties=cast(RabbitClientProperties, {"connection_name": f"{process_name(service)} consumes"}),
        )
        self._subscribers = [self._subscribe(lane) for lane in LANES]

    def _subscribe(self, lane: str) -> Any:
        queue = lane_queue(self._service, lane)
        subscriber = self._broker.subscriber(
            RabbitQueue(queue, durable=True, declare=False),
            channel=Channel(prefetch_count=PREFETCH[lane]),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
        )

        async def handle(message: RabbitMessage) -> None:
            await self._retries.deal_with(queue, message.raw_message)

        # The body is left as bytes: the contracts read it, once, with the errors that they define.
        subscriber(handle, decoder=_undecoded)
        return subscriber

    async def start(self) -> None:
        await self._broker.start()

    async def stop(self) -> None:
        """Takes no more messages and lets those under way finish."""
        for subscriber in filter(_is_consuming, self._subscribers):
            # FastStream alone would be given more until those under way are done, and leave them lying here.
            with suppress(aio_pika.exceptions.AMQPError, RuntimeError):  # a broker that is away gives none anyway
                await subscriber._queue_obj.cancel(subscriber._consumer_tag)
            subscriber._consumer_tag = None
        await self._broker.stop()

    def healthy(self) -> bool:
        """Whether both lanes are being read."""
        return all(_is_consuming(subscriber) for subscriber in self._subscribers)


async def _undecoded(message: Any) -> Any:
    # A plain function would be sent to a thread for each message.
    return message


def _is_consuming(subscriber: Any) -> bool:
    queue = subscriber._queue_obj
    if not subscriber.running or queue is None or queue.channel.is_closed:
        return False
    underlay = queue.channel._channel  # its public name is deprecated, the one that replaces it a coroutine
    return bool(underlay and underlay.channel.consumers)
