"""A database that keeps rows the way the store writes them: as copies, guarded, and not always answering."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import AutoReconnect, BulkWriteError

from tests.simulation.world import Mortal, World

Row = dict[str, Any]


class Rows:
    """The rows of one service, which outlive its processes."""

    def __init__(self, guarded: bool = True) -> None:
        self.rows: dict[str, Row] = {}
        self.emitted: dict[str, str] = {}  # bodies of the events that were ever committed, by their id
        self._guarded = guarded

    def read(self, query: Mapping[str, Any]) -> Iterator[Row]:
        return (_copied(row) for row in list(self.rows.values()) if _matches(row, query))

    def update(self, update: UpdateOne) -> Mapping[str, Any] | None:
        """Applies one update. Gives the reason where a unique index does not allow it."""
        wanted: Mapping[str, Any] = update._filter
        change: Any = update._doc
        row = self.rows.get(wanted["_id"])
        if "$pull" in change:
            gone = change["$pull"]["outbox"]["id"]["$in"]
            if row is not None:
                row["outbox"] = [entry for entry in row["outbox"] if entry["id"] not in gone]
            return None
        if self._guarded and row is not None and row["version"] != wanted["version"]:
            return {"_id": 1}
        number = change["$set"]["case"].get("number")
        if number and any(r["case"].get("number") == number and r is not row for r in self.rows.values()):
            return {"case.number": 1}
        row = row or {"_id": wanted["_id"], "seen": [], "outbox": [], "trail": []}
        seen, outbox = change["$push"]["seen"], change["$push"]["outbox"]["$each"]
        self.rows[row["_id"]] = {
            **row,
            **change["$set"],
            "case": dict(change["$set"]["case"]),
            "seen": [*row["seen"], *seen["$each"]][seen["$slice"] :],
            "outbox": [*row["outbox"], *(dict(entry) for entry in outbox)],
            "trail": [*row["trail"], *change["$push"]["trail"]["$each"]],
        }
        for entry in outbox:
            self.emitted[entry["id"]] = entry["body"]
        return None


class Collection:
    """The rows as one process reaches them."""

    def __init__(self, world: World, process: Mortal, rows: Rows) -> None:
        self._world = world
        self._process = process
        self._rows = rows

    def find(self, query: Mapping[str, Any], projection: Any = None) -> "Cursor":
        return Cursor(self, query)

    async def fetch(self, query: Mapping[str, Any]) -> list[Row]:
        name = f"find {next(iter(query))}"
        await self._reach(name)
        rows = list(self._rows.read(query))
        await self._return(name)
        return rows

    async def bulk_write(self, updates: Sequence[UpdateOne], ordered: bool) -> None:
        world = self._world
        name = "clear" if "$pull" in updates[0]._doc else "commit"
        await self._reach(name)
        errors = []
        cut = world.random.randrange(len(updates) + 1) if world.chance(world.failing / 2) else None
        for index, update in enumerate(updates[:cut]):
            refused = self._rows.update(update)
            world.note(self._process.name, name, case=update._filter["_id"][:4], version=update._filter.get("version"))
            if refused is not None:
                errors.append({"index": index, "code": 11000, "keyPattern": refused})
        if cut is not None:
            raise AutoReconnect("lost on the way")
        if name == "commit" and world.chance(world.failing / 2):
            raise BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]})
        await self._return(name)
        if errors:
            raise BulkWriteError({"writeErrors": errors, "writeConcernErrors": []})

    async def _reach(self, name: str) -> None:
        await self._world.gate(self._process, name, "before")
        if self._world.database_away or self._world.chance(self._world.failing):
            self._world.note(self._process.name, f"database away for {name}")
            raise AutoReconnect("not reached")

    async def _return(self, name: str) -> None:
        await self._world.gate(self._process, name, "after")
        if self._world.database_away or self._world.chance(self._world.failing / 2):
            self._world.note(self._process.name, f"database answer lost for {name}")
            raise AutoReconnect("answer lost")


class Cursor:
    def __init__(self, collection: Collection, query: Mapping[str, Any]) -> None:
        self._collection = collection
        self._query = query
        self._sort: Sequence[tuple[str, int]] = ()

    def sort(self, keys: Sequence[tuple[str, int]]) -> "Cursor":
        self._sort = keys
        return self

    def limit(self, limit: int) -> "Cursor":
        return self

    async def to_list(self, limit: int | None) -> list[Row]:
        rows = await self._collection.fetch(self._query)
        for path, _ascending in self._sort:
            rows.sort(key=lambda row: row["case"][path.removeprefix("case.")])
        return rows[:limit]


def _copied(row: Row) -> Row:
    # A trial case is flat and its values cannot be changed in place, so that one level is enough.
    return {**row, "case": dict(row["case"]), "seen": list(row["seen"]), "outbox": [dict(e) for e in row["outbox"]]}


def _matches(row: Row, query: Mapping[str, Any]) -> bool:
    for path, condition in query.items():
        if path == "_id":
            matched = row["_id"] in condition["$in"]
        elif path == "outbox.at":
            matched = any(entry["at"] < condition["$lt"] for entry in row["outbox"])
        elif path == "case.due":
            due = row["case"].get("due")
            matched = due is not None and due <= condition["$lte"]
        else:
            raise NotImplementedError(path)
        if not matched:
            return False
    return True
