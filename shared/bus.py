"""The broker: publishing with confirms, and consuming two lanes with retries and parking.

FastStream consumes; publishing goes through aio-pika on a connection of its own, so that a broker that blocks
publishers under a memory or disk alarm does not also block acknowledgements.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage, AbstractRobustChannel, AbstractRobustConnection
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.utils import RabbitClientProperties

from shared import telemetry
from shared.contracts.catalogue import EVENTS
from shared.contracts.envelope import LANES
from shared.contracts.refusals import Refusal, TooEarly, Unavailable
from shared.settings import process_name
from shared.store import Outgoing
from shared.topology import EVENTS_EXCHANGE, RETRY_SECONDS, lane_queue, parked_queue, retry_exchange

PREFETCH: Mapping[str, int] = {"urgent": 50, "normal": 200}
PUBLISH_SECONDS = 10.0  # aio-pika's own timeout is not honoured while the broker blocks publishers
GRACE_SECONDS = 15.0
STARTED_SECONDS = 5.0
ATTEMPT, ORIGIN, REASON, PARKED_AT = "x-attempt", "x-origin", "x-reason", "x-parked-at"
FIRST_EXCHANGE, FIRST_KEY = "x-first-exchange", "x-first-key"

Receive = Callable[[AbstractIncomingMessage], Awaitable[None]]


class Bus:
    """Publishes: what it reports as done is confirmed by the broker and persistent."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractRobustChannel | None = None
        self._exchanges: dict[str, AbstractExchange] = {}
        self._under_way: dict[str, asyncio.Task[Exception | None]] = {}

    async def start(self) -> None:
        properties: dict[str, Any] = {"connection_name": f"{process_name(self._service)} publishes"}
        self._connection = await aio_pika.connect_robust(
            self._url, client_properties=properties, timeout=STARTED_SECONDS, reconnect_interval=1
        )
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._channel = channel

    async def stop(self) -> None:
        if self._connection:
            await self._connection.close()

    @property
    def healthy(self) -> bool:
        return bool(
            self._connection and self._connection.connected.is_set() and self._channel and not self._channel.is_closed
        )

    async def publish(self, events: Sequence[Outgoing]) -> list[Exception | None]:
        """Publishes events, all under way at once. Gives for each None, or why it is not confirmed."""
        return await asyncio.gather(*(self._attempt_once(event) for event in events))

    async def send(
        self,
        routing_key: str,
        body: bytes,
        *,
        exchange: str = "",
        message_id: str | None = None,
        type_: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, Any] | None = None,
    ) -> None:
        """Publishes one persistent message and waits for its confirm.

        Raises Unavailable when there is no connection or no confirm in time, DeliveryError when no queue takes it.
        """
        if not self.healthy or self._channel is None:
            raise Unavailable("broker_away", "The message broker does not answer.")
        message = aio_pika.Message(
            body,
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=message_id,
            correlation_id=correlation_id,
            type=type_,
            headers=dict(headers or {}),
        )
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                await (await self._exchange(self._channel, exchange)).publish(message, routing_key)
        except TimeoutError:
            raise Unavailable("broker_slow", "The message broker did not confirm in time.") from None
        except asyncio.CancelledError:
            # A lost heartbeat surfaces as a cancellation that nobody asked for.
            if _asked_to_stop():
                raise
            raise Unavailable("broker_away", "The connection to the message broker was lost.") from None

    async def _exchange(self, channel: AbstractRobustChannel, name: str) -> AbstractExchange:
        if not name:
            return channel.default_exchange
        if name not in self._exchanges:
            self._exchanges[name] = await channel.get_exchange(name, ensure=False)
        return self._exchanges[name]

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
    """Reads a service's two lanes. What `receive` raises decides: a refusal parks the message at once, anything else
    sends it to the next retry tier and, after the last, parks it. A message is acknowledged once it is dealt with."""

    def __init__(self, url: str, service: str, bus: Bus, receive: Receive) -> None:
        self._service = service
        self._bus = bus
        self._receive = receive
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
            await self._deal_with(queue, message.raw_message)

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

    async def _deal_with(self, queue: str, message: AbstractIncomingMessage) -> None:
        started = perf_counter()
        try:
            outcome = await self._outcome(queue, message)
            await message.ack()
        except asyncio.CancelledError:
            if _asked_to_stop():
                raise
            outcome = "connection_lost"
        except Exception as error:
            # The message stays with the broker, which brings it back, at the latest over a new connection.
            telemetry.log.warning(
                "not_acknowledged", queue=queue, message=message.message_id, error=type(error).__name__
            )
            outcome = "returned"
            await _give_back(message)
        # A type that no contract knows is a sender's own text, and there may be any number of them.
        telemetry.MESSAGES.labels(queue, message.type if message.type in EVENTS else "other", outcome).inc()
        telemetry.HANDLING.labels(queue).observe(perf_counter() - started)

    async def _outcome(self, queue: str, message: AbstractIncomingMessage) -> str:
        try:
            await self._receive(message)
        except asyncio.CancelledError:
            if _asked_to_stop():
                raise
            return await self._retry(queue, message, "connection_lost")
        except (TooEarly, Unavailable) as early:
            return await self._retry(queue, message, early.slug)
        except Refusal as refusal:
            return await self._park(queue, message, refusal.slug)
        except Exception as error:
            telemetry.log.exception("message_failed", queue=queue, message=message.message_id, type=message.type)
            return await self._retry(queue, message, type(error).__name__)
        return "done"

    async def _retry(self, queue: str, message: AbstractIncomingMessage, reason: str) -> str:
        attempt = _attempts(message)
        if attempt >= len(RETRY_SECONDS):
            return await self._park(queue, message, reason)
        await self._pass_on(queue, message, retry_exchange(RETRY_SECONDS[attempt]), {ATTEMPT: attempt + 1})
        return "retried"

    async def _park(self, queue: str, message: AbstractIncomingMessage, reason: str) -> str:
        headers = {ORIGIN: queue, REASON: reason, PARKED_AT: datetime.now(UTC).isoformat(timespec="seconds")}
        await self._pass_on(parked_queue(self._service), message, "", headers)
        telemetry.PARKED.labels(queue, reason).inc()
        telemetry.log.error("parked", queue=queue, message=message.message_id, type=message.type, reason=reason)
        return "parked"

    async def _pass_on(
        self, routing_key: str, message: AbstractIncomingMessage, exchange: str, headers: Mapping[str, Any]
    ) -> None:
        kept = {key: value for key, value in message.headers.items() if key == "traceparent"}
        first = dict(zip((FIRST_EXCHANGE, FIRST_KEY), first_published(message), strict=True))
        await self._bus.send(
            routing_key,
            message.body,
            exchange=exchange,
            message_id=message.message_id,
            type_=message.type,
            correlation_id=message.correlation_id,
            headers={**kept, **headers, ORIGIN: headers.get(ORIGIN, routing_key), **first},
        )


def first_published(message: AbstractIncomingMessage) -> tuple[str, str]:
    """The exchange and routing key that a message was first published with, however often it was retried or replayed.

    The headers count only on what came through the default exchange, which no partner may write to.
    """
    exchange, key = message.headers.get(FIRST_EXCHANGE), message.headers.get(FIRST_KEY)
    if not message.exchange and isinstance(exchange, str) and isinstance(key, str):
        return exchange, key
    return message.exchange or "", message.routing_key or ""


async def _undecoded(message: Any) -> Any:
    # A plain function would be sent to a thread for each message.
    return message


def _attempts(message: AbstractIncomingMessage) -> int:
    attempt = message.headers.get(ATTEMPT)
    return attempt if isinstance(attempt, int) and attempt >= 0 else 0


async def _give_back(message: AbstractIncomingMessage) -> None:
    # A second's pause keeps a message that can neither be handled nor passed on from spinning.
    await asyncio.sleep(1)
    try:
        await message.nack(requeue=True)
    except (aio_pika.exceptions.AMQPError, RuntimeError) as error:
        telemetry.log.info("returned_by_broker", message=message.message_id, error=type(error).__name__)


def _asked_to_stop() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _is_consuming(subscriber: Any) -> bool:
    queue = subscriber._queue_obj
    if not subscriber.running or queue is None or queue.channel.is_closed:
        return False
    underlay = queue.channel._channel  # its public name is deprecated, the one that replaces it a coroutine
    return bool(underlay and underlay.channel.consumers)
