"""Cases in MongoDB: state, processed ids, unpublished events and the audit in one document, so that one write commits
all.

A document is `{_id, version, asides, sequence, polres, case, seen, outbox, trail, head}`. Every write is guarded by the
version it read. The trail is written with the case and never read with it; what makes it long is moved away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.errors import BulkWriteError, ConnectionFailure

from shared import audit, telemetry
from shared.audit import START, Entry, Head
from shared.chains import MOVED, Chains
from shared.mongo import Mongo
from shared.tombstone import Erased

SEEN_KEPT = 200  # ids of processed messages kept per case; a case sees a few dozen in its life
TRAIL_LONG = 200  # entries from which on the older ones are moved out of the document
TRAIL_KEPT = 50
LONG_TRAIL = "long_trail"  # the index that finds them
BY_TRAIL = IndexModel([(f"trail.{TRAIL_LONG}.n", ASCENDING)], name=LONG_TRAIL, sparse=True)
_MOVED_AT_ONCE = 20  # cases
_CASE = {"trail": 0}
_DUPLICATE = 11000
_TOMBSTONE = TypeAdapter(Erased)

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that is committed and waits to be published, exactly as it will go out."""

    id: str
    wire: str
    key: str
    body: str
    at: datetime
    traceparent: str | None = None


@dataclass(slots=True)
class Document(Generic[C]):
    """A case as it was read. Version 0 is a case that does not exist yet; of an erased one the tombstone is left. The
    last `asides` versions were asides: whoever saw the one before them has seen all that counts."""

    id: str
    version: int = 0
    asides: int = 0
    sequence: int = 0
    case: C | None = None
    seen: frozenset[str] = frozenset()
    outbox: tuple[Outgoing, ...] = ()
    head: Head = START
    erased: Erased | None = None


@dataclass(slots=True)
class Change(Generic[C]):
    """What one write will do to one document."""

    document: Document[C]
    case: C
    sequence: int
    seen: list[str] = field(default_factory=list)
    outbox: list[Outgoing] = field(default_factory=list)
    trail: list[Entry] = field(default_factory=list)  # one for each message
    asides: int = 0

    @property
    def version(self) -> int:
        """Counts messages, not writes: between two of one write the case has a version of its own."""
        return self.document.version + len(self.seen)


class LostRace(Exception):
    """Somebody else wrote the case since it was read; decide again on the fresh one."""


class Taken(Exception):
    """A unique value of the new case belongs to another one."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is taken")
        self.key = key


class Unreadable(Exception):
    """What is stored is no case that this version of the service knows."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"case {case_id} cannot be read")
        self.case_id = case_id


class WriteFailed(Exception):
    """The database refused the write, or could not promise that it lasts. It may have happened; ask again to know."""


class Store(Generic[C]):
    """The cases of one collection."""

    def __init__(self, mongo: Mongo, collection: str, case: type[C], indexes: Sequence[IndexModel] = ()) -> None:
        self.name = collection
        self.collection = mongo[collection]
        self._codec: TypeAdapter[C] = TypeAdapter(case)
        self._moved = Chains(mongo, MOVED)
        self._indexes = [
            IndexModel([("outbox.at", ASCENDING)], name="outbox", sparse=True),
            BY_TRAIL,
            *indexes,
        ]

    async def prepare(self) -> None:
        """Creates the indexes; safe to repeat and from several processes at once."""
        await self.collection.create_indexes(self._indexes)
        await self._moved.prepare()

    async def load(self, ids: Iterable[str]) -> dict[str, Document[C]]:
        """The documents with these ids; an id without one gets an empty document. Raises Unreadable."""
        wanted = list(ids)
        rows = await self.collection.find({"_id": {"$in": wanted}}, _CASE).to_list(None)
        found = {row["_id"]: self.read(row) for row in rows}
        return {id_: found.get(id_) or Document(id_) for id_ in wanted}

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]] = (), limit: int = 100
    ) -> list[Document[C]]:
        """Documents that match, for worklists and look-ups. `limit` bounds what is read.

        One that cannot be read is left out and logged, since a list must not fail for it; so is one that was erased.
        """
        cursor = self.collection.find(query, _CASE)
        if sort:
            cursor = cursor.sort(list(sort))
        documents = []
        for row in await cursor.limit(limit).to_list(limit):
            try:
                document = self.read(row)
            except Unreadable as error:
                telemetry.log.error("unreadable", store=self.name, complaint=error.case_id)
                continue
            if not document.erased:
                documents.append(document)
        return documents

    async def find_one(self, query: Mapping[str, Any]) -> Document[C] | None:
        row = await self.collection.find_one(query, _CASE)
        document = self.read(row) if row else None
        return document if document and not document.erased else None

    async def trail(self, case_id: str) -> tuple[list[Entry], Head]:
        """What happened to a case, whole and in its order, and the head that is kept beside it."""
        row = await self.collection.find_one({"_id": case_id}, {"trail": 1, "head": 1}) or {}
        moved = await self._moved.entries(audit.chain_of_case(self.name, case_id))
        # What is moved between the two reads is in both; read the other way round, it would be in neither.
        return audit.merged(row.get("trail", []), moved), audit.head_in(row)

    async def shorten(self) -> int:
        """Moves the older entries of long trails out of the documents. Returns of how many cases. It may break off
        anywhere and run in several processes: an entry is only taken out where it stands in the other place."""
        long = {f"trail.{TRAIL_LONG}.n": {"$exists": True}}
        rows = await self.collection.find(long, {"trail": 1}).limit(_MOVED_AT_ONCE).to_list(_MOVED_AT_ONCE)
        for row in rows:
            old = row["trail"][:-TRAIL_KEPT]
            chain = audit.chain_of_case(self.name, row["_id"])
            await self._moved.insert([{"chain": chain, **entry} for entry in old])
            await self.collection.update_one({"_id": row["_id"]}, {"$pull": {"trail": {"n": {"$lte": old[-1]["n"]}}}})
        return len(rows)

    async def commit(self, changes: Sequence[Change[C]]) -> list[Exception | None]:
        """Writes all changes as one unordered group; each gets None or the reason why it alone was not written.

        Raises WriteFailed where that holds for all, and the driver's error where one cannot even be sent.
        """
        outcomes: list[Exception | None] = [None] * len(changes)
        try:
            await self.collection.bulk_write([self._update(change) for change in changes], ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise WriteFailed("the database could not promise that the writes last") from error
            for failed in error.details["writeErrors"]:
                outcomes[failed["index"]] = _reason(failed)
        except ConnectionFailure as error:
            raise WriteFailed("the database does not answer") from error
        return outcomes

    async def clear(self, published: Mapping[str, Sequence[str]]) -> None:
        """Takes published events (ids by case id) out of the outboxes."""
        await self.collection.bulk_write(
            [
                UpdateOne({"_id": id_}, {"$pull": {"outbox": {"id": {"$in": list(ids)}}}})
                for id_, ids in published.items()
            ],
            ordered=False,
        )

    async def unpublished(self, before: datetime, limit: int) -> list[tuple[str, tuple[Outgoing, ...]]]:
        """Cases whose outbox holds something committed before the moment, with what it holds."""
        rows = await self.collection.find({"outbox.at": {"$lt": before}}, {"outbox": 1}).limit(limit).to_list(limit)
        return [(row["_id"], tuple(Outgoing(**entry) for entry in row["outbox"])) for row in rows]

    def read(self, row: Mapping[str, Any]) -> Document[C]:
        try:
            state = row["case"]
            erased = "erased_at" in state
            return Document(
                id=row["_id"],
                version=row["version"],
                asides=row.get("asides", 0),
                sequence=row["sequence"],
                case=None if erased else self._codec.validate_python(state),
                seen=frozenset(row["seen"]),
                outbox=tuple(Outgoing(**entry) for entry in row["outbox"]),
                head=audit.head_in(row),
                erased=_TOMBSTONE.validate_python(state) if erased else None,
            )
        except (KeyError, TypeError, ValidationError):
            # The cause would quote what is stored.
            raise Unreadable(row["_id"]) from None

    def _update(self, change: Change[C]) -> UpdateOne:
        document = change.document
        # What is not as the case declares could be stored, but never be read again.
        codec: TypeAdapter[Any] = _TOMBSTONE if isinstance(change.case, Erased) else self._codec
        state = codec.dump_python(change.case, warnings="error")
        entries = [
            {"id": o.id, "wire": o.wire, "key": o.key, "body": o.body, "at": o.at, "traceparent": o.traceparent}
            for o in change.outbox
        ]
        trail, head, chain = [], document.head, audit.chain_of_case(self.name, document.id)
        for entry in change.trail:
            linked, head = audit.link(chain, head, entry)
            trail.append(linked)
        # With upsert, a version that has moved on shows as a duplicate key on _id instead of as nothing at all.
        return UpdateOne(
            {"_id": document.id, "version": document.version},
            {
                "$set": {
                    "version": change.version,
                    "asides": change.asides,
                    "sequence": change.sequence,
                    "polres": state["polres"],
                    "case": state,
                    "head": {"n": head.n, "hash": head.hash},
                },
                "$push": {
                    "seen": {"$each": change.seen, "$slice": -SEEN_KEPT},
                    "outbox": {"$each": entries},
                    "trail": {"$each": trail},
                },
            },
            upsert=True,
        )


def _reason(failed: Mapping[str, Any]) -> Exception:
    if failed.get("code") != _DUPLICATE:
        return WriteFailed(f"the database refused the write with code {failed.get('code')}")
    key = next(iter(failed.get("keyPattern") or {"_id": 1}))
    return LostRace() if key == "_id" else Taken(key)
