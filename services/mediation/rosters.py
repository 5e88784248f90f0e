"""The roster of the villages' officers: a plain collection beside the cases, kept by an administrator."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.mediation.choice import Officer
from shared.mongo import Mongo

LARGEST = 2_000  # entries that are read at once

_CODEC = TypeAdapter(Officer)


class Roster:
    """The entries, each found by its Polres and id."""

    def __init__(self, mongo: Mongo) -> None:
        self._collection = mongo["officers"]

    async def put(self, officer: Officer) -> None:
        key = _key(officer.polres, officer.id)
        await self._collection.replace_one({"_id": key}, asdict(officer), upsert=True)

    async def get(self, polres: str, ids: Iterable[str]) -> dict[str, Officer]:
        """Those of the officers that there are, by id."""
        keys = [_key(polres, id_) for id_ in ids]
        return {officer.id: officer for officer in await self._find({"_id": {"$in": keys}}, len(keys) or 1)}

    async def of(self, polres: Sequence[str], limit: int = LARGEST, **values: object) -> list[Officer]:
        """The officers of these Polres with these values, by id."""
        return await self._find({"polres": {"$in": list(polres)}, **values}, limit)

    async def _find(self, query: dict[str, object], limit: int) -> list[Officer]:
        rows: list[dict[str, Any]] = await self._collection.find(query).sort([("_id", 1)]).limit(limit).to_list(limit)
        return [_CODEC.validate_python({name: value for name, value in row.items() if name != "_id"}) for row in rows]


async def prepare(mongo: Mongo) -> None:
    """Creates the indexes; safe to repeat."""
    await mongo["officers"].create_index([("polres", 1), ("villages", 1)])
    await mongo["officers"].create_index([("polres", 1), ("absent", 1), ("stand_in", 1)])
    await mongo["readings"].create_index([("complaint", 1), ("at", 1)])


async def record_reading(mongo: Mongo, complaint: str, person: str, what: str, at: datetime) -> None:
    """Keeps who read sealed parts of a complaint, before they are shown."""
    await mongo["readings"].insert_one({"complaint": complaint, "person": person, "what": what, "at": at})


def _key(polres: str, id_: str) -> str:
    return f"{polres}/{id_}"
