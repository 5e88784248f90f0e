"""Erasures that outlive the databases: `python -m shared.erased list` shows them all, as lines of JSON, and
`again [file]` tells every service of them once more, as must be done after a database was restored from a backup.

They stand in a stream of their own on the broker, which forgets nothing; `list` into a file keeps them elsewhere too.
A service that has erased a complaint already does nothing.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.contracts import catalogue
from shared.contracts.catalogue import CONSUMERS
from shared.contracts.intake import ComplaintErased
from shared.settings import BrokerSettings
from shared.topology import ERASED_STREAM, lane_queue

SECONDS = 30.0  # that the stream may be silent before its end
_MARK = "mark:"


async def erasures(url: str) -> list[bytes]:
    """The events of all erasures, as they were published, the oldest first."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.set_qos(prefetch_count=500)
        stream = await channel.get_queue(ERASED_STREAM)
        arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        await stream.consume(arrived.put, arguments={"x-stream-offset": "first"})
        mark = await _marked(channel)
        bodies: list[bytes] = []
        while True:
            async with asyncio.timeout(SECONDS):
                message = await arrived.get()
            await message.ack()
            if message.message_id == mark:
                return bodies
            if message.type == ComplaintErased.wire:
                bodies.append(message.body)


async def _marked(channel: AbstractChannel) -> str:
    """Puts a mark at the end of the stream, so that it is known when all before has been read. Returns its id."""
    mark = f"{_MARK}{uuid4()}"
    message = aio_pika.Message(b"", message_id=mark, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await channel.default_exchange.publish(message, ERASED_STREAM)
    return mark


async def again(url: str, bodies: Sequence[bytes]) -> int:
    """Gives every service every erasure again, by its own queue. Returns how many erasures there are. Raises Invalid
    for what is none."""
    told = {body: catalogue.read(ComplaintErased.wire, body) for body in bodies}
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        for body, envelope in told.items():
            for service, hears in CONSUMERS.items():
                if ComplaintErased.wire not in hears:
                    continue
                message = aio_pika.Message(
                    body,
                    content_type="application/json",
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                    message_id=envelope.id,
                    type=envelope.type,
                )
                async with asyncio.timeout(SECONDS):
                    await channel.default_exchange.publish(message, lane_queue(service, envelope.lane))
    return len(told)


def _main(arguments: Sequence[str]) -> None:
    if list(arguments[:1]) not in (["list"], ["again"]) or len(arguments) > (2 if arguments[0] == "again" else 1):
        sys.exit("usage: python -m shared.erased list | again [file]")
    url = BrokerSettings().amqp_url.get_secret_value()
    bodies = Path(arguments[1]).read_bytes().splitlines() if arguments[1:] else asyncio.run(erasures(url))
    if arguments[0] == "list":
        sys.stdout.writelines(f"{body.decode()}\n" for body in bodies)
    else:
        print(f"{asyncio.run(again(url, bodies))} erasures told again to every service")


if __name__ == "__main__":
    _main(sys.argv[1:])
