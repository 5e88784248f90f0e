"""The smallest case there can be, and a process that keeps it: what the shell's own tests run on."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import aio_pika
from pymongo import ASCENDING, IndexModel
from uuid6 import uuid7

from shared import topology
from shared.bus import Bus
from shared.contracts import catalogue
from shared.contracts.envelope import Command, Decision, Envelope, Lane, Person
from shared.contracts.investigation import PatrolArrived
from shared.contracts.referral import ReferralDeclined
from shared.contracts.refusals import Conflict
from shared.mongo import Mongo
from shared.operation import Decide, Gather, Message, Operation, Outcome
from shared.settings import Settings
from shared.store import Store
from shared.unit import Unit
from tests.support.room import environment
from tests.support.servers import Servers

SERVICE = "classification"  # whose queues are borrowed
UNIQUE = IndexModel([("case.number", ASCENDING)], unique=True, partialFilterExpression={"case.number": {"$type": 2}})
DUE = IndexModel([("case.due", ASCENDING)], sparse=True)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a case was told, in order."""

    polres: str
    lane: Lane = "normal"
    notes: tuple[str, ...] = ()
    number: str | None = None
    due: datetime | None = None
    extra: Any = None

    def visible_to(self, person: Person) -> bool:
        return f"about {person.id}" not in self.notes


def said(message: Message) -> str:
    """The text of a message, be it a command or an event."""
    return str(message.data if isinstance(message, Command) else message.data.reason)


def note(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    """Writes the text down and tells of it; its event numbers the notes."""
    case = case or Tally(message.polres, message.lane)
    case = replace(case, notes=(*case.notes, said(message)))
    return Decision(case, (PatrolArrived(patrol=said(message), seconds=len(case.notes)),))


def refuse(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    raise Conflict("wrong_state", "This cannot be done now.")


def fail(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    raise ZeroDivisionError("a mistake that quotes Budi Santoso")


def command(text: str, case_id: str, message_id: str | None = None, lane: Lane = "normal") -> Command[str]:
    return Command(message_id or f"test:{uuid4()}", case_id, "polres-sukamaju", text, lane=lane)


def event(text: str, case_id: str, event_id: str | None = None, sequence: int = 1) -> Envelope[Any]:
    data = ReferralDeclined(reason=text)
    return Envelope[Any](
        id=event_id or str(uuid4()),
        type=data.wire,
        source="referral",
        subject=case_id,
        time=datetime.now(UTC),
        sequence=sequence,
        polres="polres-sukamaju",
        lane="normal",
        data=data,
    )


def asking(
    message: Message, decide: Decide = note, gather: Gather | None = None, expected: int | None = None
) -> Operation:
    return Operation(message, decide, message.subject, gather, expected)


def new_id() -> str:
    return str(uuid7())


def settings_for(servers: Servers, **changes: str) -> Settings:
    with patch.dict(os.environ, environment(servers) | {f"ADUAN_{name.upper()}": v for name, v in changes.items()}):
        return Settings()


@dataclass
class Spy:
    """Hears every event on the broker."""

    heard: list[Envelope[Any]] = field(default_factory=list)

    def of(self, case_id: str) -> list[Envelope[Any]]:
        """What was told of a case, not what it was told."""
        return [envelope for envelope in self.heard if envelope.subject == case_id and envelope.source == SERVICE]


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Spy]:
    async with await aio_pika.connect(url) as connection:
        channel, spy = await connection.channel(), Spy()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(topology.EVENTS_EXCHANGE, "#")

        async def listen(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            spy.heard.append(catalogue.read(message.type, message.body))

        await queue.consume(listen, no_ack=True)
        yield spy


@dataclass
class Process:
    """A unit with connections of its own, as another process has them."""

    mongo: Mongo
    bus: Bus
    unit: Unit[Tally]

    async def together(self, *operations: Operation) -> list[Outcome | BaseException]:
        """Submits the operations so that they come into one group. The unit must not have been started."""
        tasks = [asyncio.create_task(self.unit.submit(operation)) for operation in operations]
        await asyncio.sleep(0)
        self.unit.start()
        return await asyncio.gather(*tasks, return_exceptions=True)

    async def case(self, case_id: str) -> Any:
        return (await self.unit.store.load([case_id]))[case_id]

    async def row(self, case_id: str) -> dict[str, Any]:
        row: dict[str, Any] = await self.unit.store.collection.find_one({"_id": case_id})
        return row


@asynccontextmanager
async def process(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    indexes: Sequence[IndexModel] = (UNIQUE, DUE),
    started: bool = True,
) -> AsyncIterator[Process]:
    mongo = Mongo(
        settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}tally", settings.mongo_driver, "tally"
    )
    bus = Bus(settings.amqp_url.get_secret_value(), SERVICE)
    await bus.start()
    store: Store[Tally] = Store(mongo, "tallies", Tally, indexes)
    await store.prepare()
    unit: Unit[Tally] = Unit(SERVICE, store, bus.publish, clock)
    if started:
        unit.start()
    try:
        yield Process(mongo, bus, unit)
    finally:
        await unit.drain()
        await bus.stop()
        await mongo.close()


async def drop_databases(settings: Settings) -> None:
    """Takes the databases of a test off the server."""
    mongo = Mongo(settings.mongo_url.get_secret_value(), "admin", settings.mongo_driver, "tidy")
    listed = await mongo.database.command({"listDatabases": 1, "nameOnly": True})
    for name in (row["name"] for row in listed["databases"]):
        if name.startswith(settings.mongo_prefix):
            await mongo.database.client.drop_database(name)
    await mongo.close()
