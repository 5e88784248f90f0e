"""One message at a time: read, decide, write state, inbox and outbox in a transaction, publish, delete."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from faststream.rabbit import RabbitBroker
from pymongo.errors import DuplicateKeyError, PyMongoError

from shared.contracts.envelope import Lane, instant
from shared.contracts.refusals import Stale
from shared.operation import Operation, Outcome, Waiting
from shared.store import Change, Document, Outgoing, Store, Taken
from shared.topology import EVENTS_EXCHANGE
from shared.unit import Unit


class NaiveUnit(Unit[Any]):
    """Answers to what the real unit answers to."""

    def __init__(self, source: str, store: Store[Any], publish: Any, clock: Callable[[], datetime]) -> None:
        super().__init__(source, store, publish, clock)
        database = store.collection.database
        self._inbox, self._outbox = database[f"{store.name}_inbox"], database[f"{store.name}_outbox"]
        self._broker: RabbitBroker | None = None

    def start(self) -> None:
        """Nothing works beside the message at hand."""

    async def drain(self) -> None:
        if self._broker:
            await self._broker.stop()

    async def submit(self, operation: Operation, lane: Lane | None = None) -> Outcome:
        while True:
            try:
                outcome, outgoing = await self._transact(operation)
                break
            except PyMongoError as error:
                # Two transactions met on one document: the later one is tried again.
                if not error.has_error_label("TransientTransactionError"):
                    raise
        for event in outgoing:
            await self._publish_one(event)
        return outcome

    async def _transact(self, operation: Operation) -> tuple[Outcome, list[Outgoing]]:
        client = self.store.collection.database.client
        async with await client.start_session() as session, session.start_transaction():
            row = await self.store.collection.find_one({"_id": operation.case_id}, session=session)
            document = self.store.read(row) if row else Document(operation.case_id)
            key = f"{operation.case_id}:{operation.message.id}"
            if await self._inbox.find_one({"_id": key}, session=session):
                return Outcome(document.case, document.version, repeated=True), []
            if operation.expected is not None and operation.expected != document.version:
                raise Stale("stale", "The complaint has changed since you read it; read it again.")
            change, outgoing = await self._decided(operation, document)
            if change is None:
                return Outcome(document.case, document.version), []
            await self._inbox.insert_one({"_id": key}, session=session)
            await self._save(change, document, session)
            if outgoing:
                rows = [{"_id": event.id, "body": event.body, "key": event.key} for event in outgoing]
                await self._outbox.insert_many(rows, session=session)
        return Outcome(change.case, change.version), outgoing

    async def _decided(
        self, operation: Operation, document: Document[Any]
    ) -> tuple[Change[Any] | None, list[Outgoing]]:
        known: tuple[Any, ...] = ()
        if operation.gather:
            known = tuple(await operation.gather([(operation.message, document.case)]))
        now = instant(self._clock())
        decision = operation.decide(document.case, operation.message, now, *known)
        if decision.case is None or (decision.case is document.case and not decision.events):
            return None, []
        sequence = max(document.sequence, operation.message.sequence) + len(decision.events[:1])
        waiting = Waiting(operation, asyncio.get_running_loop().create_future(), 0)
        events = self._events(decision.case, decision.events, waiting, sequence, now)
        return Change(document, decision.case, sequence, [operation.message.id]), events

    async def _save(self, change: Change[Any], document: Document[Any], session: Any) -> None:
        update = self.store._update(change)
        try:
            await self.store.collection.update_one(update._filter, update._doc, upsert=True, session=session)
        except DuplicateKeyError as error:
            key = next(iter((error.details or {}).get("keyPattern") or {"_id": 1}))
            raise (Taken(key) if key != "_id" else error) from None

    async def _publish_one(self, event: Outgoing) -> None:
        if self._broker is None:
            self._broker = RabbitBroker(os.environ["ADUAN_AMQP_URL"], logger=None)
            await self._broker.connect()
        await self._broker.publish(
            event.body.encode(),
            routing_key=event.key,
            exchange=EVENTS_EXCHANGE,
            persist=True,
            message_id=event.id,
            message_type=event.wire,
        )
        await self._outbox.delete_one({"_id": event.id})
