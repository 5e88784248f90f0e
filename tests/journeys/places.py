"""Every place in which something could lie open, and what lies there."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aio_pika
import httpx
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient

from deploy.local.layout import process_names
from deploy.local.state import State
from shared.topology import STREAMS
from tests.journeys.canaries import Canaries, Kind, forms
from tests.shared.collector import Collector

_MOST = 10_000  # messages read of a queue
_STREAM_SECONDS = 60.0
_MARK = "test.read_until_here"


@dataclass(frozen=True)
class Found:
    place: str
    kind: Kind
    canary: str = field(repr=False)


@dataclass(frozen=True)
class Run:
    """A running system, and what was seen of it from outside."""

    state: State
    folder: Path
    collector: Collector
    urls: list[str]

    async def places(self) -> AsyncIterator[tuple[str, bytes]]:
        """The name of each place, and all that lies there."""
        for log in (*self.folder.glob("logs/*.log"), *self.folder.glob("data/*/*.log")):
            yield f"log {log.stem}", log.read_bytes()
        yield "urls", "\n".join(self.urls).encode()
        yield "traces", "\n".join(span.text for span in self.collector.spans).encode()
        async with httpx.AsyncClient(timeout=60) as http:
            async for place in self._over_http(http):
                yield place
        async for place in self._streams():
            yield place
        async for place in self._databases():
            yield place

    async def _over_http(self, http: httpx.AsyncClient) -> AsyncIterator[tuple[str, bytes]]:
        for service in process_names():
            yield f"metrics {service}", (await http.get(f"{self.state.url(service)}/metrics")).content
        token = {"Authorization": f"Bearer {self.state.environment['ADUAN_SMS_TOKEN']}"}
        yield "sms", (await http.get(f"{self.state.url('sms_gateway')}/messages", headers=token)).content
        yield "mail", (await http.get(f"{self.state.url('mailbox')}/messages")).content
        api = self.state.environment["ADUAN_BROKER_API"]
        for queue in (await http.get(f"{api}/api/queues")).raise_for_status().json():
            if queue["name"] not in STREAMS:
                yield f"queue {queue['name']}", b"\n".join(await _messages(http, api, queue["name"]))

    async def _streams(self) -> AsyncIterator[tuple[str, bytes]]:
        """Each stream up to a mark that is put at its end: bodies, headers and properties."""
        for name in STREAMS:
            async with await aio_pika.connect(self.state.environment["ADUAN_AMQP_URL"]) as connection:
                yield f"{name} stream", b"\n".join(await _held(connection, name))

    async def _databases(self) -> AsyncIterator[tuple[str, bytes]]:
        """Every document of every database, the database's own log of writes among them."""
        options: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument)
        async with AsyncMongoClient[Any](self.state.environment["ADUAN_MONGO_URL"]) as client:
            for name in await client.list_database_names():
                database = client.get_database(name, codec_options=options)
                for collection in await database.list_collection_names():
                    if name in ("admin", "config", "local") and collection != "oplog.rs":
                        continue  # what the server keeps for itself, which not even its administrator may read whole
                    rows = [bytes(row.raw) async for row in database[collection].find({})]
                    yield f"database {name}.{collection}", b"\n".join(rows)


async def _held(connection: aio_pika.abc.AbstractConnection, name: str) -> list[bytes]:
    held: list[bytes] = []
    reached = asyncio.Event()

    async def read(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        await message.ack()
        held.extend((message.body, repr(message.info()).encode()))
        if message.type == _MARK:
            reached.set()

    async with connection.channel() as channel:
        await channel.default_exchange.publish(aio_pika.Message(b"{}", type=_MARK), name)
        await channel.set_qos(prefetch_count=200)
        stream = await channel.get_queue(name, ensure=False)
        tag = await stream.consume(read, arguments={"x-stream-offset": "first"})
        async with asyncio.timeout(_STREAM_SECONDS):
            await reached.wait()
        await stream.cancel(tag)
    return held


async def _messages(http: httpx.AsyncClient, api: str, queue: str) -> Iterable[bytes]:
    """What is in a queue; it stays there."""
    asked = {"count": _MOST, "ackmode": "ack_requeue_true", "encoding": "base64"}
    answer = await http.post(f"{api}/api/queues/%2F/{quote(queue, safe='')}/get", json=asked)
    listed: list[Mapping[str, Any]] = answer.raise_for_status().json()
    return [b64decode(message["payload"]) + json.dumps(message["properties"]).encode() for message in listed]


async def search(run: Run, canaries: Canaries) -> set[Found]:
    """Where which canary lies open."""
    wanted = [(form, canary) for canary in canaries for form in forms(canary)]
    found = set()
    async for place, content in run.places():
        small = content.lower()
        found |= {Found(place, canaries[canary], canary) for form, canary in wanted if form in small}
    return found
