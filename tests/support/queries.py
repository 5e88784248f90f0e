"""Notices each query of a service that reads a whole collection, whatever made the service ask it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient

from shared.settings import Settings, process_name


@asynccontextmanager
async def every_query_indexed(settings: Settings, service: str) -> AsyncIterator[None]:
    """Has the database note the plan of what it answers without an index. Raises AssertionError in the end if there is
    any; what a test deletes through the service's own connection, to begin anew, does not count."""
    async with AsyncMongoClient[dict[str, Any]](settings.mongo_url.get_secret_value()) as client:
        database = client[f"{settings.mongo_prefix}{service}"]
        noted = {"planSummary": {"$regex": "COLLSCAN"}, "appName": process_name(service), "op": {"$ne": "remove"}}
        await database.command({"profile": 1, "filter": noted})
        yield
        rows = await database["system.profile"].find().to_list(None)
    scans = {f"{row['ns']}: {_asked(row['command'])}" for row in rows}
    assert not scans, "these queries use no index; declare one in INDEXES:\n" + "\n".join(sorted(scans))


def _asked(command: dict[str, Any]) -> str:
    return str({name: value for name, value in command.items() if name in ("filter", "query", "q", "pipeline", "sort")})
