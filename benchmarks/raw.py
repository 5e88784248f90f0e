"""What the trial service does, written by hand without a shell: aio-pika, bulk writes and nothing else.

It parses, stores and says as much for each message, in groups of the same size. It does not check for repeats, decide
lost races again, retry or park: that is what the shell costs.
"""

import asyncio
import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import aio_pika
import uvloop
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import UpdateOne, WriteConcern

from benchmarks.trial import CLASSIFIED, SERVICE
from shared.contracts.classification import ComplaintClassified
from shared.contracts.envelope import routing_key
from shared.topology import EVENTS_EXCHANGE, lane_queue

GROUP, WAIT, PREFETCH = 100, 0.002, 200
_CLASSIFICATION = CLASSIFIED.model_dump(mode="json")


def _handled(message: AbstractIncomingMessage) -> tuple[str, UpdateOne, aio_pika.Message]:
    heard = json.loads(message.body)
    now, complaint, wire = datetime.now(UTC), heard["subject"], ComplaintClassified.wire
    said = {
        **heard,
        "id": str(uuid5(NAMESPACE_URL, f"{heard['id']}:{complaint}:{wire}:1")),
        "type": wire,
        "source": SERVICE,
        "time": now.isoformat(),
        "sequence": heard["sequence"] + 1,
        "data": {"report": heard["data"]["report"], "classification": _CLASSIFICATION},
    }
    body, key = json.dumps(said, separators=(",", ":")), routing_key(wire, "normal")
    entry = {"id": said["id"], "wire": wire, "key": key, "body": body, "at": now, "traceparent": None}
    case = {"polres": heard["polres"], "lane": heard["lane"], "times": 1}
    stored = {"version": 1, "sequence": said["sequence"], "polres": heard["polres"], "case": case}
    update = UpdateOne({"_id": complaint}, {"$set": stored, "$push": {"seen": heard["id"], "outbox": entry}}, True)
    persistent = aio_pika.DeliveryMode.PERSISTENT
    out = aio_pika.Message(
        body.encode(), content_type="application/json", delivery_mode=persistent, message_id=said["id"], type=wire
    )
    return complaint, update, out


async def _publish(
    group: list[AbstractIncomingMessage], done: list[Any], collection: Any, exchange: AbstractExchange
) -> None:
    key = routing_key(ComplaintClassified.wire, "normal")
    await asyncio.gather(*(exchange.publish(out, key) for _, _, out in done))
    clear = [
        UpdateOne({"_id": complaint}, {"$pull": {"outbox": {"id": {"$in": [out.message_id]}}}})
        for complaint, _, out in done
    ]
    await collection.bulk_write(clear, ordered=False)
    for message in group:
        await message.ack()


async def main() -> None:
    client: Any = AsyncIOMotorClient(os.environ["ADUAN_MONGO_URL"], tz_aware=True)
    database = client.get_database(
        f"{os.environ['ADUAN_MONGO_PREFIX']}{SERVICE}", write_concern=WriteConcern(w="majority", j=True)
    )
    collection, arrived = database["counts"], asyncio.Queue[AbstractIncomingMessage]()
    await collection.create_index([("outbox.at", 1)], sparse=True)
    connection = await aio_pika.connect(os.environ["ADUAN_AMQP_URL"])
    channel, publishing = await connection.channel(), await connection.channel(publisher_confirms=True)
    await channel.set_qos(prefetch_count=PREFETCH)
    exchange = await publishing.get_exchange(EVENTS_EXCHANGE, ensure=False)
    queue = await channel.get_queue(lane_queue(SERVICE, "normal"), ensure=False)
    await queue.consume(arrived.put)
    under_way: set[asyncio.Task[None]] = set()
    while True:
        group = [await arrived.get()]
        if arrived.qsize() < GROUP - 1:
            await asyncio.sleep(WAIT)
        while len(group) < GROUP and not arrived.empty():
            group.append(arrived.get_nowait())
        done = [_handled(message) for message in group]
        await collection.bulk_write([update for _, update, _ in done], ordered=False)
        task = asyncio.create_task(_publish(group, done, collection, exchange))
        under_way.add(task)
        task.add_done_callback(under_way.discard)


if __name__ == "__main__":
    uvloop.run(main())
