"""A partner channel as a test plays it."""

import json
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pydantic import SecretStr

from deploy.demo.sealed_command import sealed_command
from services.intake.channel_keys import ChannelKeys
from shared import topology
from tests.services.intake.samples import spoken
from tests.support.room import key, until

CHANNEL, OTHER = "kelurahan-digital", "other-partner"


class Partner:
    """A partner channel: submits, and collects what comes back."""

    def __init__(self, channel: AbstractChannel, name: str) -> None:
        self.channel = channel
        self.name = name
        self.replies: list[AbstractIncomingMessage] = []

    async def listen(self) -> None:
        queue = await self.channel.get_queue(topology.replies_queue(self.name), ensure=False)
        await queue.consume(self._collect, no_ack=True)

    async def _collect(self, message: AbstractIncomingMessage) -> None:
        self.replies.append(message)

    async def publish(self, body: bytes, key: str | None = None, **properties: Any) -> None:
        exchange = await self.channel.get_exchange(topology.SUBMISSIONS_EXCHANGE, ensure=False)
        await exchange.publish(aio_pika.Message(body, **properties), key or f"{self.name}.submit.normal")

    async def submit(self, id_: str, lane: str = "normal", **changes: Any) -> None:
        await self.publish(command(id_, **changes), f"{self.name}.submit.{lane}")

    async def reply(self, id_: str, count: int = 1) -> dict[str, Any]:
        """The latest answer to a command, once there are that many."""
        await until(lambda: len(self.of(id_)) >= count, f"{count} replies to {id_}")
        return self.of(id_)[-1]

    def of(self, id_: str) -> list[dict[str, Any]]:
        return [json.loads(message.body) for message in self.replies if message.correlation_id == id_]


def command(id_: str, **changes: Any) -> bytes:
    return sealed(id_, spoken(**changes))


def sealed(id_: str, report: Any) -> bytes:
    """A command as a channel seals it; a report that is given as bytes is sealed as it is."""
    keys = ChannelKeys({"1": SecretStr(key("channel"))}).public()
    return json.dumps(sealed_command(keys, id_, report)).encode()
