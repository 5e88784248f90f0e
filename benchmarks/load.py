"""Messages put on the broker beforehand."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
from pydantic import SecretStr
from uuid6 import uuid7

from benchmarks.reports import reports
from benchmarks.system import System
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Envelope, Event, routing_key
from shared.contracts.intake import ComplaintSubmitted
from shared.contracts.verification import ComplaintVerified
from shared.sealing import Vault

_AT_ONCE = 500
_OF_ONE = 5  # events of one complaint in the audit stream


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


def submitted(system: System, count: int) -> list[Envelope[Event]]:
    """Reports as intake passes them on, with parts that the services can open."""
    keys = json.loads(system.environment["ADUAN_SEALING_KEYS"])
    vault = Vault({kid: SecretStr(key) for kid, key in keys.items()})
    return [_submitted(vault, json.loads(body)) for body in reports(count, 99)]


def _submitted(vault: Vault, report: dict[str, Any]) -> Envelope[Event]:
    complaint, where, reporter = str(uuid7()), report["where"], report["reporter"]
    narrative = {"text": report["what"], "place_text": where["text"], "lat": where["lat"], "lon": where["lon"]}
    event = ComplaintSubmitted(
        report=Report(
            register_number="LP/B/000001/BENCH",
            channel="web",
            identity_level="claimed",
            received_at=datetime.now(UTC),
            occurred_at=report["when"],
            village=where["village"],
            sealed=Sealed(
                narrative=vault.seal("narrative", complaint, narrative),
                identity=vault.seal("identity", complaint, {"name": reporter["name"]}),
                contact=vault.seal("contact", complaint, {"phone": reporter["phone"]}),
            ),
        )
    )
    return _envelope("intake", complaint, event)


def told(count: int) -> list[Envelope[Event]]:
    """Events as they stand in the audit stream, some of each complaint."""
    told_of = verified(count)
    return [event.model_copy(update={"subject": told_of[nth // _OF_ONE].subject}) for nth, event in enumerate(told_of)]


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


def fill(system: System, exchange: str, key: str | None, envelopes: Sequence[Envelope[Event]]) -> None:
    """Publishes the messages and waits for the confirms of all. Without a key, each goes out under its own."""
    messages = [
        aio_pika.Message(
            envelope.model_dump_json(serialize_as_any=True).encode(),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=envelope.id,
            type=envelope.type,
        )
        for envelope in envelopes
    ]
    keys = [key or routing_key(envelope.type, envelope.lane) for envelope in envelopes]
    asyncio.run(_fill(system.servers.amqp_url, exchange, list(zip(messages, keys, strict=True))))


async def _fill(url: str, exchange: str, messages: Sequence[tuple[aio_pika.Message, str]]) -> None:
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        for start in range(0, len(messages), _AT_ONCE):
            await asyncio.gather(*(target.publish(*message) for message in messages[start : start + _AT_ONCE]))


def waiting(system: System, queue: str) -> int:
    """Messages of a queue that nobody has taken yet."""
    return asyncio.run(_waiting(system.servers.amqp_url, queue))


async def _waiting(url: str, queue: str) -> int:
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return int(declared.declaration_result.message_count or 0)
