"""Rosters: plain entries beside the cases, which somebody keeps. As with a case, the one write that changes an entry
adds to the chain of who did what to it and when; `make audit` recomputes both kinds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, TypeAdapter
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from shared import audit
from shared.audit import Entry
from shared.contracts.envelope import Person, instant
from shared.contracts.refusals import Absent, Conflict, Stale, Unavailable
from shared.mongo import Mongo
from shared.store import BY_TRAIL, Store

LARGEST = 2_000  # entries of a roster that are read at once
SHOWN = 50  # of what happened to an entry, the newest
NO = {"$ne": True}  # of what entries from before do not have

_RACES = 50


class Enrolled(Protocol):
    """A dataclass of what a roster has of somebody. Who was taken off stays, since the past tells of them."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...

    @property
    def retired(self) -> bool: ...


E = TypeVar("E", bound=Enrolled)
# From the entry as it is, None where there is none: what is done, and the entry afterwards. What the audit need not
# keep has no name.
Decide = Callable[[E | None], tuple[str | None, E]]


class Roster(Generic[E]):
    """The entries of one collection."""

    def __init__(self, mongo: Mongo, name: str, entry: type[E]) -> None:
        self._mongo = mongo
        self._name = name
        self._collection = mongo[name]
        self._codec: TypeAdapter[E] = _codec_of(entry)

    async def prepare(self, *keys: Sequence[tuple[str, int]]) -> None:
        """Creates the indexes; safe to repeat."""
        await self._collection.create_indexes([BY_TRAIL, *(IndexModel(list(key)) for key in keys)])

    async def at(self, key: str) -> E | None:
        """The entry of this key."""
        return next(iter(await self.find({"_id": key}, 1)), None)

    async def find(self, query: Mapping[str, Any], limit: int = LARGEST) -> list[E]:
        """The entries that match, by key."""
        rows = await self._collection.find(query, {"trail": 0}).sort([("_id", 1)]).limit(limit).to_list(limit)
        return [self._codec.validate_python(row) for row in rows]

    async def change(self, key: str, person: Person, now: datetime, decide: Decide[E]) -> E:
        """Decides on the entry as it is, and writes what is decided with who did it. Raises what the decision raises,
        and Unavailable."""
        for _ in range(_RACES):
            row = await self._collection.find_one({"_id": key}, {"trail": 0})
            before = self._codec.validate_python(row) if row else None
            what, after = decide(before)
            stood = asdict(before) if before else {}
            changed = {n: value for n, value in asdict(after).items() if n not in stood or stood[n] != value}
            done = what and {"at": instant(now), "who": person.id, "what": what, "fields": sorted(changed)}
            if not changed or await self._write(key, row, changed, done or None):
                return after
        raise Unavailable("contended", "Too many changes to this entry at once.")

    async def history(self, key: str) -> list[Entry]:
        """Who did what to an entry, the latest first."""
        entries, _ = await Store(self._mongo, self._name, object).trail(key)
        return entries[: -SHOWN - 1 : -1]

    async def _write(
        self, key: str, row: Mapping[str, Any] | None, changed: Mapping[str, Any], done: Entry | None
    ) -> bool:
        """Whether the entry was still that; what is done to it moves its head."""
        before = audit.head_in(row or {})
        linked, head = audit.link(audit.chain_of_case(self._name, key), before, done) if done else (None, before)
        values = {**changed, "head": asdict(head)} if linked else dict(changed)
        if row is None:
            try:
                await self._collection.insert_one({"_id": key, **values, "trail": [linked] if linked else []})
            except DuplicateKeyError:
                return False
            return True
        update = {"$set": values, **({"$push": {"trail": linked}} if linked else {})}
        written = await self._collection.update_one({"_id": key, "head.n": before.n or None}, update)
        return bool(written.matched_count)


class OfficeRoster(Roster[E]):
    """Of entries that belong to an office each, with their id there."""

    async def get(self, polres: str, ids: Iterable[str]) -> dict[str, E]:
        """Those of the entries that there are, by id."""
        keys = [key_of(polres, id_) for id_ in ids]
        return {entry.id: entry for entry in await self.find({"_id": {"$in": keys}}, len(keys) or 1)}

    async def of(self, polres: Sequence[str], limit: int = LARGEST, **values: object) -> list[E]:
        """The entries of these offices with these values, by id."""
        return await self.find({"polres": {"$in": list(polres)}, **values}, limit)


def key_of(polres: str, id_: str) -> str:
    """The key of an office's entry."""
    return f"{polres}/{id_}"


def added(before: E | None, entry: E) -> tuple[str | None, E]:
    """Puts on a roster who is not on it; one that came to be there by the same form is no other. Raises Conflict."""
    if before is None or before.retired:
        return "add", entry
    if before != entry:
        raise Conflict("id_taken", "There is an entry with this id.", "id")
    return None, before


def put(before: E | None, entry: E) -> tuple[str | None, E]:
    """Puts on a roster, whatever was there."""
    return "add" if before is None or before.retired else "change", entry


def rewritten(before: E | None, entry: E, shown: Callable[[E], BaseModel], seen: int) -> tuple[str | None, E]:
    """Changes the entry that somebody saw; whoever was taken off is back. What is so already was sent twice. Raises
    Absent, and Stale where a form would not show any more what its sender saw."""
    stood = there(before)
    if stood == entry:
        return None, stood
    if number_of(shown(stood)) != seen:
        raise Stale("entry_changed", "The entry has changed since you opened it.")
    return put(stood, entry)


def taken_off(before: E | None, **values: object) -> tuple[str | None, E]:
    """Takes somebody off a roster, with these values. Raises Absent."""
    return "take_off", replace(there(before), retired=True, **values)


def there(before: E | None) -> E:
    """The entry of somebody who is on the roster, or was. Raises Absent."""
    if before is None:
        raise Absent("not_on_roster", "There is no such entry on the roster.")
    return before


def standing(before: E | None) -> E:
    """The entry of somebody who is on the roster. Raises Absent."""
    return there(None if before is None or before.retired else before)


def number_of(shown: BaseModel) -> int:
    """A number for what a form shows, so that whoever sends it changes only what they saw."""
    return int.from_bytes(sha256(shown.model_dump_json().encode()).digest()[:4])


@cache
def _codec_of(entry: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(entry)
