"""One service on real servers, its HTTP client, and a spy on everything it says."""

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import uuid4

import aio_pika
import httpx
from aio_pika.abc import AbstractChannel
from fastapi import FastAPI
from uuid6 import uuid7

from deploy.local.layout import PARTS
from shared import topology
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event, Lane, Person, routing_key
from shared.room import Room
from shared.sealing import Vault
from shared.settings import Settings
from tests.support.provider import the_provider
from tests.support.servers import Servers

DEADLINE = 15.0
CHANNELS = ("kelurahan-digital", "other-partner")

S = TypeVar("S", bound=Settings)


def key(name: str) -> str:
    """A key for tests: always the same for a name, and used nowhere else."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"test key {name}".encode()).digest()).decode()


SEALING_KEYS = {f"{part}.1": key(part) for part in sorted({part for own in PARTS.values() for part in own})}


def environment(servers: Servers) -> dict[str, str]:
    """The settings of a service in a test, with databases of its own."""
    return {
        "ADUAN_POLRES": "polres-sukamaju",
        "ADUAN_AMQP_URL": servers.amqp_url,
        "ADUAN_MONGO_URL": servers.mongo_url,
        "ADUAN_MONGO_PREFIX": f"test_{uuid4().hex[:8]}_",
        "ADUAN_SEALING_KEYS": json.dumps(SEALING_KEYS),
        "ADUAN_OIDC_ISSUER": the_provider().url,
        "ADUAN_CODE_KEY": key("code"),
        "ADUAN_CHANNELS": json.dumps(CHANNELS),
        "ADUAN_CHANNEL_KEYS": json.dumps({"1": key("channel")}),
        "ADUAN_LOG_LEVEL": "warning",
        # All tests have one address.
        "ADUAN_QUOTA_FACTOR": "1000",
    }


def settings_from(kind: type[S], servers: Servers, **more: str) -> S:
    """A service's settings in a test; `more` are further variables."""
    with patch.dict(os.environ, environment(servers) | more):
        return kind()


def signed(person: Person) -> dict[str, str]:
    """The headers of a person's request, with the reason that whoever reads sealed data has to give."""
    return {"Authorization": f"Bearer {the_provider().token(person)}", "Access-Reason": "handling the case"}


async def until(condition: Callable[[], Any], what: str, seconds: float = DEADLINE) -> Any:
    """Waits till the condition (plain or async) gives something true, and returns that."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        await asyncio.sleep(0.02)


@dataclass
class Running:
    """A running service as a test sees it."""

    app: FastAPI
    http: httpx.AsyncClient
    settings: Settings
    channel: AbstractChannel
    said: list[Envelope[Any]] = field(default_factory=list)

    @property
    def room(self) -> Room:
        room: Room = self.app.state.room
        return room

    @property
    def vault(self) -> Vault:
        return Vault(self.settings.sealing_keys)

    def token(self, *roles: str, person: str = "officer-1", units: tuple[str, ...] = ()) -> dict[str, str]:
        """The headers of somebody with these roles, who says why the case is looked at."""
        return signed(Person(person, frozenset(roles), frozenset(units)))

    async def hear(
        self,
        event: Event,
        subject: str | None = None,
        *,
        lane: Lane = "normal",
        sequence: int = 1,
        event_id: str | None = None,
    ) -> Envelope[Any]:
        """Publishes an event as its producer would."""
        producer = next(name for name, says in catalogue.PRODUCERS.items() if type(event) in says)
        envelope = Envelope[Event](
            id=event_id or str(uuid4()),
            type=event.wire,
            source=producer,
            subject=subject or str(uuid7()),
            time=datetime.now(UTC),
            sequence=sequence,
            polres=self.settings.polres,
            lane=lane,
            data=event,
        )
        await self.raw(envelope.model_dump_json(serialize_as_any=True).encode(), event.wire, lane, envelope.id)
        return envelope

    async def raw(self, body: bytes, wire: str, lane: Lane = "normal", message_id: str | None = None) -> None:
        """Publishes any bytes as if they were an event of that type."""
        exchange = await self.channel.get_exchange(topology.EVENTS_EXCHANGE, ensure=False)
        message = aio_pika.Message(
            body, type=wire, message_id=message_id or str(uuid4()), content_type="application/json"
        )
        await exchange.publish(message, routing_key(wire, lane))

    def of(self, event: type[Event], subject: str) -> list[Envelope[Any]]:
        """What the service has said of a complaint so far, of one type."""
        return [e for e in self.said if e.type == event.wire and e.subject == subject]

    async def says(self, event: type[Event], subject: str, count: int = 1) -> Envelope[Any]:
        """Waits till the service has said it that often, and returns the latest."""
        await until(lambda: len(self.of(event, subject)) >= count, f"{count} × {event.wire} of {subject}")
        return self.of(event, subject)[-1]

    async def parked(self) -> int:
        """How many messages of this service are parked."""
        queue = await self.channel.declare_queue(topology.parked_queue(self.room.name), passive=True)
        return queue.declaration_result.message_count or 0


@asynccontextmanager
async def running(
    app: FastAPI, settings: Settings, service: str, extra_headers: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """Runs a service's app in this process, on a broker emptied of what earlier tests left."""
    url = settings.amqp_url.get_secret_value()
    await topology.declare(url, CHANNELS)
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        for queue in topology.topology(CHANNELS).queues:
            if queue.name not in topology.STREAMS:
                await (await channel.get_queue(queue.name, ensure=False)).purge()
        spy = await channel.declare_queue(exclusive=True)
        await spy.bind(topology.EVENTS_EXCHANGE, "#")
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://aduan.test", headers=extra_headers) as http,
        ):
            service_running = Running(app, http, settings, channel)

            async def listen(message: aio_pika.abc.AbstractIncomingMessage) -> None:
                envelope = catalogue.read(message.type, message.body)
                if envelope.source == service:
                    service_running.said.append(envelope)

            await spy.consume(listen, no_ack=True)
            yield service_running
