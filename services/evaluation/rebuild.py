"""Makes the records anew from the audit stream: `python -m services.evaluation.rebuild`, while the service runs or not.

What people said (feedback, findings) is no projection and stays as it is. The stream forgets after some weeks; records
of complaints whose beginning it no longer tells are kept, and whatever it still tells of them joins their facts. Since
facts may join in any order and any number of times, the result is the same as if the service had heard all of it live.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pymongo import ASCENDING, UpdateOne

from services.evaluation.consumers import handlers
from services.evaluation.course import begun
from services.evaluation.domain import Record, record_of
from services.evaluation.facts import united
from services.evaluation.queries import RECORD_INDEXES, RECORDS
from services.evaluation.settings import EvaluationSettings
from shared import audit, telemetry
from shared.contracts.envelope import instant
from shared.contracts.evaluation import HEARS
from shared.contracts.refusals import Refusal
from shared.handlers import dispatch
from shared.mongo import Mongo
from shared.retries import Receive
from shared.settings import process_name
from shared.store import Change, Document, Outgoing, Store
from shared.topology import AUDIT_STREAM, QUEUES_EXCHANGE
from shared.unit import Unit

BATCH = 200
SECONDS = 60.0  # that the stream may be silent before its end

Messages = asyncio.Queue[AbstractIncomingMessage]


@dataclass(slots=True)
class Rebuilt:
    """What came of it."""

    read: int = 0
    refused: int = 0
    kept: int = 0


async def rebuild(settings: EvaluationSettings, mongo: Mongo) -> Rebuilt:
    """Reads the stream into a fresh collection, puts that in the place of the old one, and then reads on: what the
    running service wrote into the old one meanwhile stands in the stream by then."""
    done = Rebuilt()
    old: Store[Record] = Store(mongo, RECORDS, Record, RECORD_INDEXES)
    fresh: Store[Record] = Store(mongo, f"{RECORDS}_{uuid4().hex[:8]}", Record, RECORD_INDEXES)
    fresh.name = RECORDS  # by which the audit knows the records that these become
    await old.prepare()
    try:
        await fresh.prepare()
        async with _stream(settings) as (channel, messages):
            async with _receiving(fresh, settings) as receive:
                await _read(messages, await _marked(channel), receive, done)
            await _keep_older(old, fresh, settings, done)
            await _keep_trails(old, fresh)
            await _renumber(fresh)
            await fresh.collection.rename(RECORDS, dropTarget=True)
            async with _receiving(old, settings) as receive:
                await _read(messages, await _marked(channel), receive, done)
    finally:
        # After the renaming there is none of that name any more, and dropping nothing does nothing.
        await fresh.collection.drop()
    return done


@asynccontextmanager
async def _stream(settings: EvaluationSettings) -> AsyncIterator[tuple[AbstractChannel, Messages]]:
    """The audit stream from its start. The library's own iterator would give back what it has left, which a stream
    refuses."""
    async with await aio_pika.connect(settings.amqp_url.get_secret_value()) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.set_qos(prefetch_count=2 * BATCH)
        stream = await channel.get_queue(AUDIT_STREAM)
        messages: Messages = asyncio.Queue()
        await stream.consume(messages.put, arguments={"x-stream-offset": "first"})
        yield channel, messages


async def _marked(channel: AbstractChannel) -> str:
    """Puts a mark at the end of the stream, so that it is known when all before has been read. Returns its id."""
    mark = f"rebuild:{uuid4()}"
    message = aio_pika.Message(b"", message_id=mark, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    queues = await channel.get_exchange(QUEUES_EXCHANGE, ensure=False)
    await queues.publish(message, AUDIT_STREAM)
    return mark


async def _read(messages: Messages, mark: str, receive: Receive, done: Rebuilt) -> None:
    """Reads until the mark. Raises TimeoutError where the broker falls silent before it."""
    batch: list[AbstractIncomingMessage] = []
    ended = False
    while not ended:
        async with asyncio.timeout(SECONDS):
            message = await messages.get()
        ended = message.message_id == mark
        batch.append(message)
        if len(batch) >= BATCH or ended:
            await _take(batch, receive, done)
            batch.clear()


async def _take(batch: Sequence[AbstractIncomingMessage], receive: Receive, done: Rebuilt) -> None:
    heard = [message for message in batch if message.type in HEARS]
    for message, result in zip(heard, await asyncio.gather(*map(receive, heard), return_exceptions=True), strict=True):
        done.read += 1
        if isinstance(result, Refusal):
            # The running service parked it, for the same reason.
            telemetry.log.warning("refused", message=message.message_id, reason=result.slug)
            done.refused += 1
        elif isinstance(result, BaseException):
            raise result
    for message in batch:
        await message.ack()


@asynccontextmanager
async def _receiving(store: Store[Record], settings: EvaluationSettings) -> AsyncIterator[Receive]:
    """Takes messages as the running service does."""
    unit: Unit[Record] = Unit("evaluation", store, _nothing_to_say, lambda: datetime.now(UTC))
    unit.start()
    try:
        yield dispatch(unit, handlers(settings.zone))
    finally:
        await unit.drain()


async def _nothing_to_say(events: Sequence[Outgoing]) -> Sequence[Exception | None]:
    return [None] * len(events)


async def _keep_older(old: Store[Record], fresh: Store[Record], settings: EvaluationSettings, done: Rebuilt) -> None:
    """Takes over the records whose beginning the stream no longer tells."""
    last = ""
    while documents := await old.find({"_id": {"$gt": last}}, sort=[("_id", ASCENDING)], limit=BATCH):
        last = documents[-1].id
        told = await fresh.load(document.id for document in documents)
        changes = []
        for document in documents:
            record = told[document.id].case
            if document.case and not (record and begun(record.facts)):
                facts = united(document.case.facts, record.facts if record else ())
                joined = record_of(document.case.polres, facts, settings.zone)
                changes.append(_change(told[document.id], joined, document.seen))
        if changes:
            failures = [failure for failure in await fresh.commit(changes) if failure]
            if failures:
                raise failures[0]
        done.kept += len(changes)


def _change(document: Document[Record], record: Record, seen: frozenset[str]) -> Change[Record]:
    return Change(document, record, document.sequence, sorted(seen - document.seen))


async def _keep_trails(old: Store[Record], fresh: Store[Record]) -> None:
    """The audit of a record goes on from what it was, with an entry that says that the record was made anew."""
    now, updates = instant(datetime.now(UTC)), []
    rebuilt = {"at": now, "who": "evaluation", "what": "rebuild", "message": "", "version": 0, "said": []}
    async for row in old.collection.find({}, {"trail": 1, "head": 1}).sort([("_id", ASCENDING)]):
        linked, head = audit.link(audit.chain_of_case(RECORDS, row["_id"]), audit.head_in(row), rebuilt)
        kept = {"trail": [*row.get("trail", ()), linked], "head": {"n": head.n, "hash": head.hash}}
        updates.append(UpdateOne({"_id": row["_id"]}, {"$set": kept}))
        if len(updates) >= BATCH:
            await fresh.collection.bulk_write(updates, ordered=False)
            updates.clear()
    if updates:
        await fresh.collection.bulk_write(updates, ordered=False)


async def _renumber(fresh: Store[Record]) -> None:
    """Versions that nobody can have read of the old records, so that whoever is about to write one loses the race, and
    whoever has added them up reads them anew."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    await fresh.collection.update_many({}, {"$inc": {"version": milliseconds}})


async def main() -> None:
    settings = EvaluationSettings()
    url, database = settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}evaluation"
    mongo = Mongo(url, database, settings.mongo_driver, process_name("evaluation rebuild"))
    telemetry.configure("evaluation", settings.log_level, settings.otlp_endpoint)
    try:
        done = await rebuild(settings, mongo)
    finally:
        await mongo.close()
    print(f"{done.read} events read, {done.refused} refused, {done.kept} older records kept")


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("usage: python -m services.evaluation.rebuild")
    asyncio.run(main())
