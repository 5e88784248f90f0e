"""What becomes of a message that was delivered: it is acknowledged, tried again later, or parked for a person.

What `receive` raises decides: a refusal parks the message at once, anything else sends it to the next retry tier and,
after the last, parks it. It is acknowledged once it is dealt with, and never before.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Protocol

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from shared import telemetry
from shared.contracts.catalogue import EVENTS
from shared.contracts.refusals import Refusal, TooEarly, Unavailable
from shared.topology import QUEUES_EXCHANGE, RETRY_SECONDS, parked_queue, retry_exchange

ATTEMPT, ORIGIN, REASON, PARKED_AT = "x-attempt", "x-origin", "x-reason", "x-parked-at"
FIRST_EXCHANGE, FIRST_KEY = "x-first-exchange", "x-first-key"

Receive = Callable[[AbstractIncomingMessage], Awaitable[None]]


class Send(Protocol):
    """Publishes one persistent message and returns once the broker has confirmed it."""

    async def __call__(
        self,
        routing_key: str,
        body: bytes,
        *,
        exchange: str = QUEUES_EXCHANGE,
        message_id: str | None = None,
        type_: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, Any] | None = None,
    ) -> None: ...


class Retries:
    """Deals with the messages of one service's queues."""

    def __init__(self, service: str, send: Send, receive: Receive) -> None:
        self._service = service
        self._send = send
        self._receive = receive

    async def deal_with(self, queue: str, message: AbstractIncomingMessage) -> None:
        started = perf_counter()
        try:
            outcome = await self._outcome(queue, message)
            await message.ack()
        except asyncio.CancelledError:
            if asked_to_stop():
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
            if asked_to_stop():
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
        await self._pass_on(parked_queue(self._service), message, QUEUES_EXCHANGE, headers)
        telemetry.PARKED.labels(queue, reason).inc()
        telemetry.log.error("parked", queue=queue, message=message.message_id, type=message.type, reason=reason)
        return "parked"

    async def _pass_on(
        self, routing_key: str, message: AbstractIncomingMessage, exchange: str, headers: Mapping[str, Any]
    ) -> None:
        kept = {key: value for key, value in message.headers.items() if key == "traceparent"}
        first = dict(zip((FIRST_EXCHANGE, FIRST_KEY), first_published(message), strict=True))
        await self._send(
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

    The headers count only on what came through `queues`, where none but a retry tier and a replay reach a lane.
    """
    exchange, key = message.headers.get(FIRST_EXCHANGE), message.headers.get(FIRST_KEY)
    if message.exchange == QUEUES_EXCHANGE and isinstance(exchange, str) and isinstance(key, str):
        return exchange, key
    return message.exchange or "", message.routing_key or ""


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


def asked_to_stop() -> bool:
    """Whether somebody cancelled this task; a lost connection shows as a cancellation that nobody asked for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
