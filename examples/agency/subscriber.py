"""An agency's side of a referral, to be copied: reads the agency's own queue and answers on its own routing key.

It needs aio-pika, and what the office gave the agency: AGENCY_AMQP_URL (amqp://agency-<name>:<password>@<host>/) and
AGENCY_NAME. This example accepts what is in AGENCY_ACCEPTS (categories, or * for all), says after AGENCY_SECONDS that
it is under way and after as long again that it is done, and declines everything else. An agency puts its own system
there. It keeps nothing on disk, so when it starts it asks for all that it has been offered or has accepted.
"""

import asyncio
import json
import os
import uuid
from datetime import UTC, datetime
from typing import Any

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage

NAME = os.environ["AGENCY_NAME"]
ACCEPTS = os.environ.get("AGENCY_ACCEPTS", "*").split(",")
SECONDS = float(os.environ.get("AGENCY_SECONDS", "1"))


class Subscriber:
    """Answers offers. What it has taken would be a table of the agency's own system."""

    def __init__(self, exchange: AbstractExchange) -> None:
        self._exchange = exchange
        self._taken: dict[str, asyncio.Task[None]] = {}

    async def receive(self, message: AbstractIncomingMessage) -> None:
        """Handles one message and acknowledges it once its answer is confirmed. The same one may come twice."""
        kind = str(message.headers.get("cloudEvents:type"))
        data = json.loads(message.body)
        number = data.get("referral")
        print(datetime.now(UTC).isoformat(timespec="seconds"), kind, number or data.get("slug"), flush=True)
        if kind == "referral.offer.v1" and number not in self._taken:
            await self._consider(number, data)
        elif kind == "referral.withdrawn.v1" and number in self._taken:
            self._taken[number].cancel()  # it is somebody else's, or nobody's, now
        await message.ack()

    async def _consider(self, number: str, offer: dict[str, Any]) -> None:
        if offer["state"] == "accepted":
            self._taken[number] = asyncio.create_task(self._work(number))
            return
        if "*" not in ACCEPTS and offer["category"] not in ACCEPTS:
            await self._answer("decline", number, reason="not_ours")
            return
        await self._answer("accept", number, reference=f"{NAME[:6].upper()}-{number[-4:]}")
        self._taken[number] = asyncio.create_task(self._work(number))

    async def _work(self, number: str) -> None:
        await asyncio.sleep(SECONDS)
        await self._answer("update", number, step="in_progress", words="Petugas kami sudah berangkat ke lokasi.")
        await asyncio.sleep(SECONDS)
        await self._answer("complete", number, outcome="resolved", words="Penanganan di lokasi sudah selesai.")

    async def _answer(self, verb: str, number: str, **data: Any) -> None:
        # The same for the same answer, however often it is sent: the office takes it in once.
        id_ = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number}|{verb}|{data.get('step', '')}"))
        await self.send(verb, id_, {"referral": number, **data})

    async def send(self, verb: str, id_: str, data: dict[str, Any]) -> None:
        """Publishes a CloudEvent in binary mode; returns once the broker has confirmed it."""
        event = {
            "specversion": "1.0",
            "id": id_,
            "type": f"referral.{verb}.v1",
            "source": f"/{NAME}",
            "time": datetime.now(UTC).isoformat(),
        }
        message = aio_pika.Message(
            json.dumps(data).encode(),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=id_,
            headers={f"cloudEvents:{name}": value for name, value in event.items()},
        )
        await self._exchange.publish(message, f"{NAME}.reply.normal")


async def main() -> None:
    connection = await aio_pika.connect_robust(os.environ["AGENCY_AMQP_URL"])
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.set_qos(prefetch_count=10)
        # Neither is declared: the office has made them, and this user may not.
        exchange = await channel.get_exchange("agency-replies", ensure=False)
        queue = await channel.get_queue(f"partner.{NAME}.referrals", ensure=False)
        subscriber = Subscriber(exchange)
        await queue.consume(subscriber.receive)
        await subscriber.send("resend", str(uuid.uuid4()), {})
        print("listening", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
