"""What services gave up on: `python -m shared.parked list` shows it, `replay [service …]` gives it back to its queue.

A replayed message keeps its id, so one that had taken effect after all takes none now.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, HeadersType

from shared.contracts.catalogue import CONSUMERS
from shared.contracts.envelope import LANES
from shared.retries import FIRST_EXCHANGE, FIRST_KEY, ORIGIN, PARKED_AT, REASON
from shared.settings import BrokerSettings
from shared.topology import QUEUES_EXCHANGE, lane_queue, parked_queue

_SECONDS = 10.0


async def show(url: str, services: Sequence[str]) -> int:
    """Prints a line for each parked message, never its body. Returns how many there are."""
    count = 0
    async with await aio_pika.connect(url) as connection:
        for service in services:
            # Unacknowledged messages go back to the queue when the channel closes.
            async with connection.channel() as channel:
                async for message in messages(channel, service):
                    count += 1
                    print(_line(service, message))
    print(f"{count} parked")
    return count


async def replay(url: str, services: Sequence[str]) -> int:
    """Publishes each parked message to the queue that it came from, and takes it off once that is confirmed."""
    count = 0
    async with await aio_pika.connect(url) as connection:
        for service in services:
            async with connection.channel(publisher_confirms=True, on_return_raises=True) as channel:
                queues = await channel.get_exchange(QUEUES_EXCHANGE, ensure=False)
                async for message in messages(channel, service):
                    again = aio_pika.Message(
                        message.body,
                        content_type=message.content_type,
                        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                        message_id=message.message_id,
                        correlation_id=message.correlation_id,
                        type=message.type,
                        headers=_kept(message),
                    )
                    async with asyncio.timeout(_SECONDS):
                        await queues.publish(again, _origin(service, message))
                    await message.ack()
                    count += 1
    print(f"{count} replayed")
    return count


async def messages(channel: AbstractChannel, service: str) -> AsyncIterator[AbstractIncomingMessage]:
    """What is in the queue now; what arrives while reading waits for the next time."""
    queue = await channel.declare_queue(parked_queue(service), passive=True)
    for _ in range(queue.declaration_result.message_count or 0):
        message = await queue.get(fail=False)
        if message is None:
            return
        yield message


def _origin(service: str, message: AbstractIncomingMessage) -> str:
    """The lane that gave the message up; where the broker parked it after too many redeliveries, it says so itself."""
    queue = _death(message).get("queue") or message.headers.get(ORIGIN)
    lanes = [lane_queue(service, lane) for lane in LANES]
    # A header may be a sender's own, and must not choose another service's queue.
    return str(queue) if queue in lanes else lanes[-1]


def _kept(message: AbstractIncomingMessage) -> HeadersType:
    """The headers that a replay keeps: the trace, and how the message was first published."""
    kept = {k: v for k, v in message.headers.items() if k in ("traceparent", FIRST_EXCHANGE, FIRST_KEY)}
    death = _death(message)
    exchange, keys = death.get("exchange"), death.get("routing-keys")
    if exchange and exchange != QUEUES_EXCHANGE and isinstance(keys, list) and keys:
        # The broker gave it up on its first way through, so its other headers are still those of its sender.
        kept |= {FIRST_EXCHANGE: exchange, FIRST_KEY: keys[0]}
    return kept


def _death(message: AbstractIncomingMessage) -> Mapping[str, Any]:
    """What the broker noted when it gave the message up after too many redeliveries; empty where a service did."""
    deaths = message.headers.get("x-death")
    first = deaths[0] if isinstance(deaths, list) and deaths else None
    return first if isinstance(first, dict) else {}


def _line(service: str, message: AbstractIncomingMessage) -> str:
    parked_at = message.headers.get(PARKED_AT, "")
    reason = message.headers.get(REASON, "delivery limit")
    line = f"{service:16} {parked_at!s:26} {message.type or '?':40} {message.message_id or '?':38} {reason!s}"
    # A sender's line breaks and terminal codes stay text.
    return "".join(character if character.isprintable() else "?" for character in line)


def _main(arguments: Sequence[str]) -> None:
    action, services = (arguments[0] if arguments else ""), arguments[1:] or sorted(CONSUMERS)
    unknown = set(services) - set(CONSUMERS)
    if action not in ("list", "replay") or unknown:
        sys.exit(f"usage: python -m shared.parked list|replay [service …], of: {', '.join(sorted(CONSUMERS))}")
    url = BrokerSettings().amqp_url.get_secret_value()
    asyncio.run(show(url, services) if action == "list" else replay(url, services))


if __name__ == "__main__":
    _main(sys.argv[1:])
