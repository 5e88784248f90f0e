"""The unit of work: messages that arrive together are loaded, decided, written, published and answered together.

The cores never notice: each decision still sees one case and one message. Events and commands take the same way.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import NAMESPACE_URL, uuid5

from shared import telemetry
from shared.audit import Entry
from shared.contracts.envelope import Case, Command, Envelope, Event, Lane, instant, routing_key
from shared.contracts.refusals import Absent, Forbidden, Stale, Unavailable
from shared.groups import Groups
from shared.operation import Gather, Operation, Outcome, Waiting, name_of
from shared.store import Change, Document, LostRace, Outgoing, Store, Unreadable, WriteFailed
from shared.tombstone import Erased

RACES = 10  # times in a row that nothing but lost races is decided again

# Kept by name: pydantic forgets a class that nobody holds, and would make it anew for every event.
_EVENT = Envelope[Event]

C = TypeVar("C")


class Publish(Protocol):
    """Hands events to the broker, all under way at once; gives for each None, or why it is not confirmed."""

    async def __call__(self, events: Sequence[Outgoing]) -> Sequence[Exception | None]: ...


class Unit(Generic[C]):
    """Processes messages for the cases of one store, in one group after another per lane."""

    def __init__(self, source: str, store: Store[C], publish: Publish, clock: Callable[[], datetime]) -> None:
        self.store = store
        self._source = source
        self._publish = publish
        self._clock = clock
        urgent = Groups(store.name, self.commit, self.publish)
        normal = Groups(store.name, self.commit, self.publish, ahead=urgent)
        self._lanes: dict[Lane, Groups] = {"urgent": urgent, "normal": normal}

    async def submit(self, operation: Operation, lane: Lane | None = None) -> Outcome:
        """Processes one message and returns once its effect is durable; an event's also once its own events are out.

        Raises the Refusal of the decision, Stale, Taken, or whatever kept the message from being committed.
        """
        return await self._lanes[lane or operation.message.lane].submit(operation)

    def start(self) -> None:
        for lane in self._lanes.values():
            lane.start()

    async def drain(self) -> None:
        """Finishes what has been submitted, then stops."""
        for lane in self._lanes.values():
            await lane.drain()

    async def commit(self, group: list[Waiting]) -> None:
        """Decides and writes a group. Afterwards each member has its result."""
        races = 0
        while group and races < RACES:
            await self._round(group)
            left = [waiting for waiting in group if waiting.result is None]
            races = races + 1 if len(left) == len(group) else 0
            group = left
        for waiting in group:
            waiting.result = Unavailable("contended", "Too many changes to this complaint at once.")

    async def _round(self, group: list[Waiting]) -> None:
        documents = await self._load(group)
        ready = _first_round([w for w in group if w.result is None])
        await self._gather(ready, documents)
        now = instant(self._clock())
        changes: dict[str, Change[C]] = {}
        decided: dict[str, list[tuple[Waiting, Outcome | Exception]]] = {}
        for waiting in ready:
            if waiting.result is None:
                case_id = waiting.operation.case_id
                result = self._decide(waiting, documents[case_id], changes, now)
                decided.setdefault(case_id, []).append((waiting, result))
        written = await self._write(list(changes.values()))
        for case_id, members in decided.items():
            failure = written.get(case_id)
            for waiting, result in members:
                # What was refused on top of a write that failed has to be decided again, or fails with it.
                if failure is None:
                    waiting.result = result
                elif isinstance(failure, WriteFailed) or (len(members) == 1 and not isinstance(failure, LostRace)):
                    waiting.result = failure
                elif not isinstance(failure, LostRace):
                    # One of them is to blame; decided one by one, it fails and the others do not.
                    waiting.alone = True

    async def _load(self, group: list[Waiting]) -> dict[str, Document[C]]:
        """The documents of a group. A case that cannot be read fails its own messages, and no others."""
        ids = list(dict.fromkeys(waiting.operation.case_id for waiting in group))
        try:
            return await self.store.load(ids)
        except Unreadable as error:
            for waiting in group:
                if waiting.operation.case_id == error.case_id:
                    waiting.result = error
            return await self._load([waiting for waiting in group if waiting.result is None])

    async def _gather(self, ready: list[Waiting], documents: dict[str, Document[C]]) -> None:
        by_step: dict[Gather, list[Waiting]] = {}
        for waiting in ready:
            operation = waiting.operation
            document = documents[operation.case_id]
            if operation.gather and not document.erased and operation.message.id not in document.seen:
                by_step.setdefault(operation.gather, []).append(waiting)
        for step, members in by_step.items():
            await _gather_apart(step, members, documents)

    def _decide(
        self, waiting: Waiting, document: Document[C], changes: dict[str, Change[C]], now: datetime
    ) -> Outcome | Exception:
        operation, message = waiting.operation, waiting.operation.message
        waiting.publishes = []  # what an earlier round, which lost its race, would have told was never committed
        change = changes.get(document.id)
        case = change.case if change else document.case
        version = change.version if change else document.version
        asides = change.asides if change else document.asides
        if document.erased or isinstance(case, Erased):
            return self._nothing_left(waiting, document, version)
        if self._repeated(message.id, document, change):
            waiting.publishes = [(document.id, entry) for entry in document.outbox]
            return Outcome(case, version, repeated=True)
        stale = operation.expected is not None and not version - asides <= operation.expected <= version
        try:
            known = (waiting.known,) if operation.gather else ()
            decision = operation.decide(case, message, now, *known)
            if decision.case is None and decision.events:
                raise TypeError("a decision with events needs a case to keep them in")
            if stale:
                return _stale()
            if decision.case is None or (decision.case is case and not decision.events):
                return Outcome(case, version)
            sequence = max(change.sequence if change else document.sequence, message.sequence) + len(
                decision.events[:1]
            )
            events = self._events(decision.case, decision.events, waiting, sequence, now)
        except Exception as error:
            # A decision that fails, by refusal or by mistake, fails its own message and no other of the group. Somebody
            # who may not know of the case must not learn from its version that it is there.
            return _stale() if stale and not isinstance(error, (Absent, Forbidden)) else error
        if change is None:
            change = changes[document.id] = Change(document, decision.case, sequence)
        change.case, change.sequence = decision.case, sequence
        change.seen.append(message.id)
        change.asides = asides + 1 if decision.aside else 0
        change.outbox.extend(events)
        change.trail.append(audit_entry(operation, change.version, events, now))
        waiting.publishes = [(document.id, event) for event in events]
        return Outcome(decision.case, change.version)

    def _nothing_left(self, waiting: Waiting, document: Document[C], version: int) -> Outcome | Exception:
        """What comes of a message for a case that was erased: whoever asks is told that there is none."""
        if isinstance(waiting.operation.message, Command):
            return Absent()
        waiting.publishes = [(document.id, entry) for entry in document.outbox]
        return Outcome(None, version, repeated=True)

    def _repeated(self, message_id: str, document: Document[C], change: Change[C] | None) -> bool:
        return message_id in document.seen or (change is not None and message_id in change.seen)

    def _events(
        self, case: Case, events: Sequence[Event], waiting: Waiting, sequence: int, now: datetime
    ) -> list[Outgoing]:
        operation, message, counts = waiting.operation, waiting.operation.message, dict[str, int]()
        traceparent = waiting.traceparent or message.traceparent
        outgoing = []
        for data in events:
            nth = counts[data.wire] = counts.get(data.wire, 0) + 1
            envelope = _EVENT(
                id=str(uuid5(NAMESPACE_URL, f"{message.id}:{operation.case_id}:{data.wire}:{nth}")),
                type=data.wire,
                source=self._source,
                subject=operation.case_id,
                time=now,
                sequence=sequence,
                polres=case.polres,
                lane=case.lane,
                traceparent=traceparent,
                data=data,
            )
            body = envelope.model_dump_json(serialize_as_any=True)
            key = routing_key(data.wire, case.lane)
            outgoing.append(Outgoing(envelope.id, data.wire, key, body, now, traceparent))
        return outgoing

    async def _write(self, changes: list[Change[C]]) -> dict[str, Exception]:
        if not changes:
            return {}
        try:
            results = await self.store.commit(changes)
        except Exception as error:
            if len(changes) == 1 or isinstance(error, WriteFailed):
                return {change.document.id: error for change in changes}
            # One document that cannot be written must not take the group with it. A change that did get through shows
            # as a lost race now, and its messages as repeated in the next round.
            failures: dict[str, Exception] = {}
            for change in changes:
                failures |= await self._write([change])
            return failures
        return {c.document.id: error for c, error in zip(changes, results, strict=True) if error is not None}

    async def publish(self, group: Sequence[Waiting]) -> None:
        """Publishes what a committed group has to tell and clears the outboxes. What fails stays for the relay."""
        entries = {entry.id: (case_id, entry) for waiting in group for case_id, entry in waiting.publishes}
        if entries:
            await flush(self.store, self._publish, list(entries.values()))


async def flush(store: Store[Any], publish: Publish, entries: Sequence[tuple[str, Outgoing]]) -> int:
    """Publishes outbox entries and clears those that the broker confirmed. Returns how many it did not."""
    results = await publish([entry for _, entry in entries])
    published: dict[str, list[str]] = {}
    for (case_id, entry), failure in zip(entries, results, strict=True):
        if failure is None:
            published.setdefault(case_id, []).append(entry.id)
        else:
            telemetry.log.warning("publish_failed", type=entry.wire, complaint=case_id, error=type(failure).__name__)
    if published:
        await store.clear(published)
    return sum(result is not None for result in results)


def audit_entry(operation: Operation, version: int, events: Sequence[Outgoing], now: datetime) -> Entry:
    """What the audit keeps of a transition: who did what, by which message, and what was told of it."""
    message = operation.message
    if isinstance(message, Command):
        who, what = message.actor.id if message.actor else message.by, name_of(operation.decide)
    else:
        who, what = message.source, message.type
    said = [event.wire for event in events]
    return {"at": now, "who": who, "what": what, "message": message.id, "version": version, "said": said}


def _stale() -> Stale:
    return Stale("stale", "The complaint has changed since you read it; read it again.")


def _first_round(group: list[Waiting]) -> list[Waiting]:
    """The members that can be decided now. What a gather step finds may depend on the case, so a message that has one
    waits for the next round if another message of the group changes its case first."""
    ready: list[Waiting] = []
    touched: set[str] = set()
    blocked: set[str] = set()
    for waiting in group:
        case_id = waiting.operation.case_id
        if case_id in blocked or ((waiting.operation.gather or waiting.alone) and case_id in touched):
            blocked.add(case_id)
            continue
        touched.add(case_id)
        ready.append(waiting)
    return ready


async def _gather_apart(step: Gather, members: list[Waiting], documents: dict[str, Document[Any]]) -> None:
    asked = [(w.operation.message, documents[w.operation.case_id].case) for w in members]
    try:
        for waiting, known in zip(members, await step(asked), strict=True):
            waiting.known = known
    except Exception as error:
        if len(members) == 1:
            members[0].result = error
            return
        # A message that its step cannot bear must not keep the others from theirs.
        await asyncio.gather(*(_gather_apart(step, [waiting], documents) for waiting in members))
