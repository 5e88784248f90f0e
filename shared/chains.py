"""Chains of audit entries in a collection that is only ever added to: a document an entry."""

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel, InsertOne
from pymongo.errors import BulkWriteError

from shared import audit
from shared.audit import START, Entry, Head
from shared.mongo import Mongo

READS = "audit_reads"
MOVED = "audit_trails"  # what became too long for the documents of its cases

_RACES = 50
_PAUSE = 0.005
_DUPLICATE = 11000


class Contended(Exception):
    """Others were faster every time."""


class Chains:
    """All chains of one collection."""

    def __init__(self, mongo: Mongo, name: str) -> None:
        self.name = name
        self.collection = mongo[name]
        self._mongo = mongo

    async def prepare(self) -> None:
        index = IndexModel([("chain", ASCENDING), ("n", ASCENDING)], unique=True, name="chain")
        await self.collection.create_indexes([index])

    async def append(self, entries: Mapping[str, Entry]) -> None:
        """Adds one entry to each of several chains with one write. It is safe once this returns; several processes may
        do it. Raises Contended, or what kept it from being written."""
        left = dict(entries)
        for race in range(_RACES):
            heads = await self.heads(left)
            rows = [
                {"chain": chain, **audit.link(chain, heads.get(chain, START), entry)[0]}
                for chain, entry in left.items()
            ]
            lost = await self.insert(rows)
            left = {chain: left[chain] for chain in lost}
            if not left:
                return
            await asyncio.sleep(random.uniform(0, _PAUSE * min(race + 1, 10)))  # noqa: S311  # nosec B311
        raise Contended

    async def heads(self, chains: Iterable[str]) -> dict[str, Head]:
        """The last entries of these chains, of those that there are."""
        rows = await self._mongo.aggregate(
            self.name,
            [
                {"$match": {"chain": {"$in": list(chains)}}},
                {"$sort": {"chain": -1, "n": -1}},
                {"$group": {"_id": "$chain", "n": {"$first": "$n"}, "hash": {"$first": "$hash"}}},
            ],
        )
        return {row["_id"]: Head(row["n"], row["hash"]) for row in rows}

    async def insert(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Inserts linked entries. Returns the chains where an entry of that number was there already."""
        try:
            await self.collection.bulk_write([InsertOne(dict(row)) for row in rows], ordered=False)
        except BulkWriteError as error:
            failed = error.details["writeErrors"]
            if error.details.get("writeConcernErrors") or any(one.get("code") != _DUPLICATE for one in failed):
                raise
            return [rows[one["index"]]["chain"] for one in failed]
        return []

    async def entries(self, chain: str) -> list[Entry]:
        """A whole chain in its order."""
        rows: list[Entry] = (
            await self.collection.find({"chain": chain}, {"_id": 0, "chain": 0}).sort([("n", ASCENDING)]).to_list(None)
        )
        return rows
