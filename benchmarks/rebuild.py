"""A projection rebuilt: every event of the audit stream, from the first on, into a store that begins empty."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from benchmarks.hop import drained
from benchmarks.load import fill, told
from benchmarks.progress import say
from benchmarks.sizes import Sizes
from benchmarks.system import System
from shared.contracts.catalogue import EVENTS
from shared.contracts.envelope import Decision, Envelope, Lane
from shared.handlers import On, dispatch
from shared.mongo import Mongo
from shared.store import Outgoing, Store
from shared.topology import AUDIT_STREAM, EVENTS_EXCHANGE
from shared.unit import Unit

PROJECTION = "courses"
_PREFETCH = 500
_AT_ONCE = 200


@dataclass(frozen=True)
class Course:
    """What became of one complaint: each event with its time."""

    polres: str
    lane: Lane
    steps: tuple[tuple[str, datetime], ...] = ()


def follow(case: Course | None, message: Envelope[Any], now: datetime) -> Decision[Course]:
    course = case or Course(message.polres, message.lane)
    return Decision(replace(course, steps=(*course.steps, (message.type, message.time))))


async def _silent(events: Sequence[Outgoing]) -> list[Exception | None]:
    return [None for _ in events]


async def rebuild(amqp_url: str, mongo_url: str, database: str) -> None:
    """Reads the stream until it is ended from outside."""
    mongo = Mongo(mongo_url, database, "motor", "rebuild")
    store: Store[Course] = Store(mongo, PROJECTION, Course)
    await store.prepare()
    unit = Unit("rebuild", store, _silent, lambda: datetime.now(UTC))
    unit.start()
    receive = dispatch(unit, [On(event, follow) for event in EVENTS.values()])
    slots, under_way = asyncio.Semaphore(_AT_ONCE), set[asyncio.Task[None]]()
    async with await aio_pika.connect(amqp_url) as connection, await connection.channel() as channel:
        await channel.set_qos(prefetch_count=_PREFETCH)
        stream = await channel.get_queue(AUDIT_STREAM, ensure=False)

        async def handle(message: AbstractIncomingMessage) -> None:
            async with slots:
                await receive(message)
            await message.ack()

        async def listen(message: AbstractIncomingMessage) -> None:
            task = asyncio.create_task(handle(message))
            under_way.add(task)
            task.add_done_callback(under_way.discard)

        await stream.consume(listen, arguments={"x-stream-offset": "first"})
        await asyncio.Event().wait()


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    system.forget()
    fill(system, EVENTS_EXCHANGE, None, told(sizes.audited))
    rates = []
    for _ in range(sizes.repeats):
        name = f"rebuilt_{uuid4().hex[:8]}"
        courses = system.server[name][PROJECTION]
        steps = [{"$group": {"_id": None, "steps": {"$sum": {"$size": "$case.steps"}}}}]

        def count(courses: Any = courses, steps: Any = steps) -> int:
            return next((row["steps"] for row in courses.aggregate(steps)), 0)

        system.start_program("rebuild", "benchmarks.rebuild", name)
        rates.append(drained(count, sizes.audited)[0])
        system.stop_services()
        say(f"a projection is rebuilt at {rates[-1]:.0f} events a second")
    return {"rebuild_events_a_second": median(rates)}


if __name__ == "__main__":
    asyncio.run(rebuild(os.environ["ADUAN_AMQP_URL"], os.environ["ADUAN_MONGO_URL"], sys.argv[1]))
