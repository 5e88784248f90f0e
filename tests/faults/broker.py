"""What only the broker itself can be asked: a call inside it, and what its audit stream holds."""

import asyncio
import subprocess
from dataclasses import dataclass, field
from uuid import uuid4

import aio_pika

from deploy.local.rabbitmq import RabbitMQ
from shared.topology import AUDIT_STREAM

MARK = "test.read_until_here"
READ_SECONDS = 300.0
AUDIT = f'rabbit_misc:r(<<"/">>, queue, <<"{AUDIT_STREAM}">>)'


@dataclass(frozen=True)
class Told:
    """One event in the audit stream; what was published twice under its id is one."""

    id: str
    wire: str
    subject: str
    body: bytes = field(repr=False)


def call(broker: RabbitMQ, erlang: str) -> str:
    """Evaluates an Erlang expression inside the broker and gives its value as text."""
    done = subprocess.run(
        ["erl_call", "-n", broker._node, "-e"],
        input=f"{erlang}.\n",
        env=broker._environment(),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    said = done.stdout.strip()
    assert said.startswith("{ok, "), f"erl_call (Debian: erlang-base) reaches into the broker: {said} {done.stderr}"
    return said.removeprefix("{ok, ").removesuffix("}")


async def read_audit(url: str) -> frozenset[Told]:
    """The audit stream from its beginning to a mark that is put at its end."""
    mark, told = str(uuid4()), set[Told]()
    reached = asyncio.Event()

    async def read(found: aio_pika.abc.AbstractIncomingMessage) -> None:
        await found.ack()
        if found.message_id == mark:
            reached.set()
        elif found.type != MARK:
            told.add(Told(found.message_id or "", found.type or "", _subject(found.body), found.body))

    async with await aio_pika.connect(url) as connection, connection.channel(publisher_confirms=True) as channel:
        message = aio_pika.Message(b"{}", type=MARK, message_id=mark)
        await channel.default_exchange.publish(message, AUDIT_STREAM)
        await channel.set_qos(prefetch_count=200)
        stream = await channel.get_queue(AUDIT_STREAM, ensure=False)
        tag = await stream.consume(read, arguments={"x-stream-offset": "first"})
        async with asyncio.timeout(READ_SECONDS):
            await reached.wait()
        await stream.cancel(tag)
    return frozenset(told)


def _subject(body: bytes) -> str:
    return body.partition(b'"subject":"')[2][:36].decode()
