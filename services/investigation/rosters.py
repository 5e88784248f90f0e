"""The rosters of officers and patrols: plain collections beside the cases, kept by an administrator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.investigation.choice import Officer, Patrol
from shared.mongo import Mongo

LARGEST = 2_000  # entries of a roster that are read at once

E = TypeVar("E", Officer, Patrol)


@dataclass(frozen=True)
class Roster(Generic[E]):
    """One collection of entries, each found by its Polres and id."""

    collection: Any
    codec: TypeAdapter[E]

    async def put(self, entry: E) -> None:
        await self.collection.replace_one({"_id": _key(entry.polres, entry.id)}, asdict(entry), upsert=True)

    async def add(self, entry: E) -> bool:
        """Puts an entry there; whether there was none."""
        try:
            await self.collection.insert_one({"_id": _key(entry.polres, entry.id), **asdict(entry)})
        except DuplicateKeyError:
            return False
        return True

    async def change(
        self, polres: str, id_: str, values: Mapping[str, object], before: Mapping[str, object] = MappingProxyType({})
    ) -> E | None:
        """The entry with these values changed; None where there is no such entry, or its values are not those that
        they were `before`."""
        row = await self.collection.find_one_and_update(
            {"_id": _key(polres, id_), **before}, {"$set": dict(values)}, return_document=ReturnDocument.AFTER
        )
        return self._read(row) if row else None

    async def get(self, polres: str, ids: Iterable[str]) -> dict[str, E]:
        """Those of the entries that there are, by id."""
        keys = [_key(polres, id_) for id_ in ids]
        return {entry.id: entry for entry in await self._find({"_id": {"$in": keys}}, len(keys) or 1)}

    async def of(self, polres: Sequence[str], limit: int = LARGEST, **values: object) -> list[E]:
        """The entries of these Polres with these values, by id."""
        return await self._find({"polres": {"$in": list(polres)}, **values}, limit)

    async def _find(self, query: dict[str, object], limit: int) -> list[E]:
        rows = await self.collection.find(query).sort([("_id", 1)]).limit(limit).to_list(limit)
        return [self._read(row) for row in rows]

    def _read(self, row: dict[str, Any]) -> E:
        return self.codec.validate_python({name: value for name, value in row.items() if name != "_id"})


def officers(mongo: Mongo) -> Roster[Officer]:
    return Roster(mongo["officers"], TypeAdapter(Officer))


def patrols(mongo: Mongo) -> Roster[Patrol]:
    return Roster(mongo["patrols"], TypeAdapter(Patrol))


async def names(mongo: Mongo, polres: str, ids: Iterable[str]) -> dict[str, str]:
    """What people call these officers and patrols."""
    ids = sorted(set(ids))
    officers_, patrols_ = await officers(mongo).get(polres, ids), await patrols(mongo).get(polres, ids)
    return {
        **{id_: officer.name for id_, officer in officers_.items()},
        **{id_: patrol.call_sign for id_, patrol in patrols_.items()},
    }


async def prepare(mongo: Mongo) -> None:
    """Creates the indexes; safe to repeat."""
    await mongo["officers"].create_index([("polres", 1), ("post", 1), ("on_leave", 1)])
    await mongo["patrols"].create_index([("polres", 1), ("status", 1)])
    await mongo["readings"].create_index([("complaint", 1), ("at", 1)])


async def record_reading(mongo: Mongo, complaint: str, person: str, what: str, at: datetime) -> None:
    """Keeps who read sealed parts of a complaint, before they are shown."""
    await mongo["readings"].insert_one({"complaint": complaint, "person": person, "what": what, "at": at})


def _key(polres: str, id_: str) -> str:
    return f"{polres}/{id_}"
