"""Messages put on the broker beforehand."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
from uuid6 import uuid7

from benchmarks.system import System
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Envelope, Event
from shared.contracts.verification import ComplaintVerified

_AT_ONCE = 500


def verified(count: int) -> list[Envelope[Event]]:
    """Events about so many different complaints, as large as real ones."""
    seal = "x" * 500
    report = Report(
        register_number="LP/B/000001/BENCH",
        channel="web",
        identity_level="claimed",
        received_at=datetime.now(UTC),
        sealed=Sealed(narrative=seal, identity=seal, contact=seal),
    )
    return [_envelope("verification", str(uuid7()), ComplaintVerified(report=report)) for _ in range(count)]


def _envelope(source: str, complaint: str, event: Event) -> Envelope[Event]:
    return Envelope[Event](
        id=str(uuid4()),
        type=event.wire,
        source=source,
        subject=complaint,
        time=datetime.now(UTC),
        sequence=1,
        polres="polres-sukamaju",
        lane="normal",
        data=event,
    )


def fill(system: System, exchange: str, key: str, envelopes: Sequence[Envelope[Event]]) -> None:
    """Publishes the messages and waits for the confirms of all."""
    messages = [
        aio_pika.Message(
            envelope.model_dump_json(serialize_as_any=True).encode(),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=envelope.id,
            type=envelope.type,
        )
        for envelope in envelopes
    ]
    asyncio.run(_fill(system.servers.amqp_url, exchange, key, messages))


async def _fill(url: str, exchange: str, key: str, messages: Sequence[aio_pika.Message]) -> None:
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        for start in range(0, len(messages), _AT_ONCE):
            await asyncio.gather(*(target.publish(message, key) for message in messages[start : start + _AT_ONCE]))


def waiting(system: System, queue: str) -> int:
    """Messages of a queue that nobody has taken yet."""
    return asyncio.run(_waiting(system.servers.amqp_url, queue))


async def _waiting(url: str, queue: str) -> int:
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return int(declared.declaration_result.message_count or 0)
