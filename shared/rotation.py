"""Key rotation: `python -m shared.rotation rotate` seals anew what rests under an older key, `check` says what does.

Needs the keys of all parts and reaches every service's database. May run while the services do, once they all have the
new key, and may be broken off and begun again. An older key may go once `check` finds nothing under it any more.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import aio_pika
from pymongo import ASCENDING

from shared.chains import MOVED, READS
from shared.contracts.catalogue import CONSUMERS
from shared.mongo import Collection, Mongo
from shared.parked import messages
from shared.reads import PART as AUDIT
from shared.sealing import SEALED, Unsealable, Vault, header_of
from shared.settings import Settings, process_name

PAGE = 200
PASSES = 10

Found = tuple[str, str]  # where in the document, and the sealed text


@dataclass(slots=True)
class Rotated:
    """What came of it: texts sealed anew, those that were changed in the same moment, those that no key here opens."""

    renewed: int = 0
    raced: int = 0
    unopened: int = 0


@dataclass(slots=True)
class Needed:
    """How many texts rest under each key: in databases, and in what is parked on the broker."""

    stored: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)


async def rotate(mongo: Mongo, vault: Vault) -> Rotated:
    """Seals anew what rests in one database, until nothing more is found to do.

    Only the texts are written, and each only if it is still the one that was read: a service that writes its own copy
    of the document in the same moment puts the older text back, which the next pass finds.
    """
    done = Rotated()
    for _ in range(PASSES):
        now = await _pass(mongo, vault)
        done.renewed += now.renewed
        done.raced += now.raced
        done.unopened = now.unopened
        if not now.renewed and not now.raced:
            break
    return done


async def _pass(mongo: Mongo, vault: Vault) -> Rotated:
    done = Rotated()
    async for collection, row in _rows(mongo):
        changes: dict[str, Found] = {}
        for path, text in _sealed(row):
            try:
                renewed = vault.renewed(text)
            except Unsealable:
                done.unopened += 1
                continue
            if renewed:
                changes[path] = text, renewed
        if not changes:
            continue
        unchanged = {"_id": row["_id"], **{path: old for path, (old, _) in changes.items()}}
        result = await collection.update_one(unchanged, {"$set": {path: new for path, (_, new) in changes.items()}})
        if result.matched_count:
            done.renewed += len(changes)
        else:
            done.raced += len(changes)
    return done


async def needed(mongo: Mongo) -> Counter[str]:
    """How many texts of one database rest under each key, also those of events that are not published yet."""
    found: Counter[str] = Counter()
    async for _, row in _rows(mongo):
        for _, text in _texts(row):
            found.update(_kids(text))
    return found


async def needed_by_parked(url: str) -> Counter[str]:
    """The same for what services gave up on, which still waits on the broker for a person."""
    found: Counter[str] = Counter()
    async with await aio_pika.connect(url) as connection:
        for service in sorted(CONSUMERS):
            async with connection.channel() as channel:
                async for message in messages(channel, service):
                    found.update(_kids(message.body.decode(errors="replace")))
    return found


def _kids(text: str) -> Iterator[str]:
    for match in SEALED.finditer(text):
        try:
            yield header_of(match.group())["kid"]
        except Unsealable:
            continue


async def _rows(mongo: Mongo) -> AsyncIterator[tuple[Collection, dict[str, Any]]]:
    """Every document of a database, without the contents of files: their keys stand beside them."""
    for name in sorted(await mongo.database.list_collection_names()):
        # What the audit keeps is covered by its hashes: sealed anew, it would look tampered with.
        if name.startswith("system.") or name.endswith(".chunks") or name in (READS, MOVED):
            continue
        query: dict[str, Any] = {}
        while rows := await mongo[name].find(query).sort([("_id", ASCENDING)]).limit(PAGE).to_list(PAGE):
            for row in rows:
                yield mongo[name], row
            query = {"_id": {"$gt": rows[-1]["_id"]}}


def _sealed(row: dict[str, Any]) -> Iterator[Found]:
    return ((path, text) for path, text in _texts(row) if SEALED.fullmatch(text))


def _texts(part: Any, path: str = "") -> Iterator[Found]:
    """Every text in a document, however deep, with the path by which the database finds it."""
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _texts(value, f"{path}.{name}" if path else name)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _texts(value, f"{path}.{place}")


async def _main(action: str) -> int:
    settings = Settings()
    vault = Vault(settings.sealing_keys)
    found = Needed()
    for service in sorted(CONSUMERS):
        database = f"{settings.mongo_prefix}{service}"
        mongo = Mongo(settings.mongo_url.get_secret_value(), database, settings.mongo_driver, process_name("rotation"))
        try:
            if action == "rotate":
                done = await rotate(mongo, vault)
                print(f"{service:18} {done.renewed} sealed anew, {done.raced} tried again, {done.unopened} unopened")
            found.stored += await needed(mongo)
        finally:
            await mongo.close()
    found.parked = await needed_by_parked(settings.amqp_url.get_secret_value())
    return _report(vault, found)


def _report(vault: Vault, found: Needed) -> int:
    """Says of each key whether it may go. Returns how many texts are still under an older one."""
    older = 0
    for kid in sorted({*vault.kids, *found.stored, *found.parked}):
        stored, parked = found.stored[kid], found.parked[kid]
        older += 0 if vault.is_newest(kid) else stored + parked
        what = "seals" if vault.is_newest(kid) else "may go" if not stored + parked else "still needed"
        if kid.startswith(f"{AUDIT}.") and not vault.is_newest(kid):
            what = "kept, since the audit is never sealed anew"
        print(f"{kid:20} {stored:8} stored {parked:6} parked   {what}")
    return older


if __name__ == "__main__":
    if sys.argv[1:] not in (["rotate"], ["check"]):
        sys.exit("usage: python -m shared.rotation rotate|check")
    if left := asyncio.run(_main(sys.argv[1])):
        sys.exit(f"{left} texts are still sealed under older keys")
