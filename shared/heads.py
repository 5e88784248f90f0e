"""The heads of all chains of a database, exported to where nobody who can write to the database can write.

What is in an exported file cannot be taken back: a chain that was cut short or written anew as a whole is told by it.
"""

import asyncio
import hashlib
import hmac
import json
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from shared import audit
from shared.audit import Head
from shared.chains import READS
from shared.mongo import Mongo
from shared.settings import key_bytes
from shared.store import LONG_TRAIL

Heads = dict[str, Head]


class BadHeads(Exception):
    """A file of heads is not as it was exported."""


async def stores(mongo: Mongo) -> list[str]:
    """The collections of a database that hold cases or entries of rosters, known by the index that each of them has."""
    names = [name for name in await mongo.database.list_collection_names() if not name.startswith("system.")]
    return [name for name in sorted(names) if LONG_TRAIL in await mongo[name].index_information()]


async def of_cases(mongo: Mongo, collection: str) -> AsyncIterator[tuple[str, Head]]:
    """The heads that stand beside the chains of cases, in the order of their ids."""
    async for row in mongo[collection].find({}, {"head": 1}).sort([("_id", 1)]):
        yield audit.chain_of_case(collection, str(row["_id"])), audit.head_in(row)


async def of_reads(mongo: Mongo) -> AsyncIterator[tuple[str, Head]]:
    last: tuple[str, Head] | None = None
    async for row in mongo[READS].find({}, {"_id": 0, "chain": 1, "n": 1, "hash": 1}).sort([("chain", 1), ("n", 1)]):
        if last and last[0] != row["chain"]:
            yield last
        last = row["chain"], Head(row["n"], row["hash"])
    if last:
        yield last


async def heads_of(mongo: Mongo) -> Heads:
    """The heads of the chains of a database, by the names of the chains."""
    found = {chain: head async for chain, head in of_reads(mongo)}
    for collection in await stores(mongo):
        found |= {chain: head async for chain, head in of_cases(mongo, collection)}
    return found


def write(path: Path, service: str, heads: Heads, at: datetime, key: SecretStr) -> None:
    """Writes a file of heads, whole or not at all. The signature covers the rest of the file."""
    listed = {chain: [head.n, head.hash] for chain, head in sorted(heads.items())}
    content: dict[str, Any] = {
        "service": service,
        "at": at.isoformat(timespec="seconds"),
        "count": len(listed),
        "digest": hashlib.sha256(_plain(listed)).hexdigest(),
        "heads": listed,
    }
    content["signature"] = _signature(content, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, indent=0))
    fresh.replace(path)


def read(path: Path, key: SecretStr) -> tuple[str, Heads]:
    """The service of an exported file and its heads. Raises BadHeads."""
    try:
        content = json.loads(path.read_text())
        signature = content.pop("signature")
        if not hmac.compare_digest(signature, _signature(content, key)):
            raise BadHeads(f"{path} does not bear the signature of the key")
        heads = {chain: Head(n, hashed) for chain, (n, hashed) in content["heads"].items()}
        return content["service"], heads
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadHeads(f"{path} is no file of heads") from None


async def export_hourly(mongo: Mongo, service: str, folder: Path, key: SecretStr, now: datetime) -> bool:
    """Writes the file of this hour unless it is there; several processes may try. Returns whether it did."""
    path = folder / f"{service}-{now:%Y%m%dT%H}.json"
    if await asyncio.to_thread(path.exists):
        return False
    found = await heads_of(mongo)
    await asyncio.to_thread(write, path, service, found, now, key)
    return True


def _signature(content: dict[str, Any], key: SecretStr) -> str:
    return hmac.new(key_bytes(key), _plain(content), hashlib.sha256).hexdigest()


def _plain(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
