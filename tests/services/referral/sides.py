"""An agency's side of a referral, with nothing but its own account on the broker."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, FieldValue

from shared.settings import Settings
from shared.topology import AGENCY_REPLIES_EXCHANGE, agency_user, referrals_queue
from tests.support.room import until


def own_url(settings: Settings, slug: str, password: str) -> str:
    """The broker's address with the agency's credentials in place of ours."""
    parts = urlsplit(settings.amqp_url.get_secret_value())
    place = f"{agency_user(slug)}:{password}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=place))


@dataclass
class AgencySide:
    """What an agency has been told, and its way to answer."""

    slug: str
    channel: AbstractChannel
    told: list[AbstractIncomingMessage] = field(default_factory=list)
    _tag: str | None = None

    @classmethod
    @asynccontextmanager
    async def connected(cls, settings: Settings, slug: str, password: str) -> AsyncIterator["AgencySide"]:
        async with await aio_pika.connect(own_url(settings, slug, password)) as connection:
            side = cls(slug, await connection.channel(publisher_confirms=True, on_return_raises=True))
            await side.listen()
            yield side

    async def listen(self) -> None:
        queue = await self.channel.get_queue(referrals_queue(self.slug), ensure=False)
        self._tag = await queue.consume(self._collect)

    async def go_away(self) -> None:
        queue = await self.channel.get_queue(referrals_queue(self.slug), ensure=False)
        await queue.cancel(self._tag or "")

    async def _collect(self, message: AbstractIncomingMessage) -> None:
        self.told.append(message)
        await message.ack()

    def of(self, type_: str, number: str) -> list[dict[str, Any]]:
        """The contents of what it was told of a referral, of one type."""
        found = [m for m in self.told if m.headers["cloudEvents:type"] == type_]
        return [data for data in map(_data, found) if data.get("referral") == number]

    async def hears(self, type_: str, number: str, count: int = 1) -> dict[str, Any]:
        await until(lambda: len(self.of(type_, number)) >= count, f"{count} × {type_} of {number} for {self.slug}")
        return self.of(type_, number)[-1]

    async def problem(self, id_: str) -> dict[str, Any]:
        """The problem that its message with this id has led to."""

        def found() -> list[AbstractIncomingMessage]:
            return [m for m in self.told if m.correlation_id == id_]

        await until(found, f"a problem with {id_} for {self.slug}")
        assert found()[-1].headers["cloudEvents:type"] == "referral.problem.v1"
        return _data(found()[-1])

    async def say(self, verb: str, number: str | None = None, id_: str | None = None, **data: Any) -> str:
        """Publishes an answer, confirmed. Gives its id."""
        id_ = id_ or str(uuid4())
        content = {**({"referral": number} if number else {}), **data}
        await self.publish(json.dumps(content).encode(), f"referral.{verb}.v1", id_)
        return id_

    async def publish(
        self, body: bytes, type_: str | None, id_: str, key: str | None = None, **properties: Any
    ) -> None:
        exchange = await self.channel.get_exchange(AGENCY_REPLIES_EXCHANGE, ensure=False)
        headers = {"cloudEvents:specversion": "1.0", "cloudEvents:id": id_, "cloudEvents:type": type_}
        known: dict[str, FieldValue] = {name: value for name, value in headers.items() if value is not None}
        message = aio_pika.Message(body, content_type="application/json", headers=known, **properties)
        await exchange.publish(message, key or f"{self.slug}.reply.normal")


def _data(message: AbstractIncomingMessage) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(message.body)
    return content
