"""Notices each query of a service that reads a whole collection, whatever made the service ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient


@contextmanager
def every_query_indexed(mongo_url: str, prefix: str, service: str) -> Iterator[None]:
    """Has the database note the plan of what it answers the service without an index.

    Raises AssertionError in the end if there is any. What others ask does not count, nor what is deleted.
    """
    with MongoClient[dict[str, Any]](mongo_url) as client:
        database = client[f"{prefix}{service}"]
        noted = {
            "planSummary": {"$regex": "COLLSCAN"},
            "appName": {"$regex": f"^{service}-[0-9]+$"},
            "op": {"$ne": "remove"},
            # Whether there is any document at all, as GridFS asks, reads one at most.
            "$nor": [{"command.filter": {}, "command.limit": 1}],
        }
        database.command({"profile": 1, "filter": noted})
        yield
        rows = list(database["system.profile"].find())
    scans = {f"{row['ns']}: {_asked(row['command'])}" for row in rows}
    assert not scans, "these queries use no index; declare one in INDEXES:\n" + "\n".join(sorted(scans))


def _asked(command: dict[str, Any]) -> str:
    return str({name: value for name, value in command.items() if name in ("filter", "query", "q", "pipeline", "sort")})
