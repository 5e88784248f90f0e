"""What a process keeps of documents in memory, and how it notices that they are others by now.

Nothing is believed for being young: whoever looks asks the database first whether anything was written since. That is
answered from an index alone, by the number of the documents and the sum of their versions, which grow with every write.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any, Generic, TypeVar

from shared.room import Room

_AT_ONCE = 200  # documents; others are served between two lots

C = TypeVar("C")
K = TypeVar("K")
Versions = Mapping[str, int]  # by document


class Listing:
    """The documents that a query finds, each with its version, as of the last look.

    Where documents also leave the query, one may go and another come that has the same version: `apart` names a moment
    of theirs by which that is noticed.
    """

    def __init__(self, collection: str, query: Mapping[str, Any], apart: str | None = None) -> None:
        self._collection, self._query = collection, dict(query)
        marks: dict[str, Any] = {"count": {"$sum": 1}, "versions": {"$sum": "$version"}}
        if apart:
            marks["apart"] = {"$sum": {"$toLong": f"${apart}"}}
        self._pipeline = [{"$match": self._query}, {"$group": {"_id": None, **marks}}]
        self._marks: list[dict[str, Any]] = []
        self._versions: Versions = {}

    async def look(self, room: Room) -> Versions:
        """What there is now; the same object as long as nothing was written."""
        marks = await room.mongo.aggregate(self._collection, self._pipeline)
        if marks != self._marks:
            # Few versions are shared by many documents, and long lists are read faster than many rows.
            by_version = {"$group": {"_id": "$version", "ids": {"$push": "$_id"}}}
            rows = await room.mongo.aggregate(self._collection, [{"$match": self._query}, by_version])
            self._versions = {id_: row["_id"] for row in rows for id_ in row["ids"]}
            # What was written between the two is listed already, and looked at once more the next time.
            self._marks = marks
        return self._versions


class Mirror(Generic[C, K]):
    """What is kept of a collection's documents: each is read once for every version that somebody looks at."""

    def __init__(self, collection: str, keep: Callable[[C], K]) -> None:
        self._collection, self._keep = collection, keep
        self._kept: dict[str, tuple[int, K | None]] = {}

    async def of(self, room: Room, versions: Versions) -> Mapping[str, K]:
        """What is kept of these documents. Those that cannot be read are left out."""
        found: dict[str, K | None] = {}
        new = []
        for id_, version in versions.items():
            kept = self._kept.get(id_)
            if kept and kept[0] == version:
                found[id_] = kept[1]
            else:
                new.append(id_)
        for start in range(0, len(new), _AT_ONCE):
            lot = new[start : start + _AT_ONCE]
            read = {id_: (versions[id_], None) for id_ in lot} | await self._read(room, lot)
            self._kept.update(read)
            found.update((id_, kept) for id_, (_, kept) in read.items())
        return {id_: kept for id_, kept in found.items() if kept is not None}

    async def _read(self, room: Room, ids: list[str]) -> dict[str, tuple[int, K | None]]:
        documents = await room.store(self._collection).find({"_id": {"$in": ids}}, limit=len(ids))
        return {document.id: (document.version, self._keep(document.case)) for document in documents if document.case}

    def forget_but(self, ids: Container[str]) -> None:
        """Lets go of all others."""
        self._kept = {id_: kept for id_, kept in self._kept.items() if id_ in ids}
