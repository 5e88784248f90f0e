"""The audit from outside the services: `python -m deploy.audit verify|trail|heads`.

`verify` recomputes every chain of every service, `--against` compares them with exported heads besides. `trail` prints
what was done with one complaint and who read what of it, for a person who asks for access. `heads` exports now.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.layout import service_names
from shared import audit, heads
from shared.audit import Entry, Head
from shared.chains import MOVED, READS, Chains
from shared.heads import BadHeads
from shared.mongo import Mongo
from shared.reads import reason_of
from shared.sealing import Vault
from shared.settings import Settings
from shared.store import Store

Exported = dict[str, list[Head]]


@dataclass
class Verified:
    """What recomputing the chains found; `faults` names service, chain and first broken entry."""

    chains: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)


class _Verifier:
    """Goes through the chains of one service."""

    def __init__(self, service: str, mongo: Mongo, exported: Exported, found: Verified) -> None:
        self._service = service
        self._mongo = mongo
        self._exported = exported
        self._found = found
        self._seen: set[str] = set()

    async def run(self) -> None:
        for collection in await heads.stores(self._mongo):
            async for row in self._mongo[collection].find({}, {"trail": 1, "head": 1}).sort([("_id", 1)]):
                await self._case(collection, row)
        async for chain, entries in _grouped(self._mongo, READS):
            self._chain(chain, entries, None)
        async for chain, _ in _grouped(self._mongo, MOVED):
            if chain not in self._seen:
                self._note(chain, "it has entries, and its case is gone")
        for chain in self._exported.keys() - self._seen:
            self._note(chain, "it is gone, and was exported")

    async def _case(self, collection: str, row: Mapping[str, Any]) -> None:
        chain, kept = audit.chain_of_case(collection, str(row["_id"])), row.get("trail") or []
        if not kept or kept[0].get("n") != 1:
            kept = audit.merged(kept, await Chains(self._mongo, MOVED).entries(chain))
        if not kept:
            self._note(chain, "nothing of its case is recorded")
        self._chain(chain, kept, audit.head_in(row))

    def _chain(self, chain: str, entries: Sequence[Entry], head: Head | None) -> None:
        self._seen.add(chain)
        self._found.chains += 1
        self._found.entries += len(entries)
        if fault := audit.fault(chain, entries, head, self._exported.get(chain, ())):
            self._note(chain, fault)

    def _note(self, chain: str, fault: str) -> None:
        self._seen.add(chain)
        self._found.faults.append(f"{self._service}: {chain}: {fault}")


async def verify(settings: Settings, against: Iterable[Path] = ()) -> Verified:
    """Recomputes every chain of every service. Raises BadHeads where a file to compare with cannot be trusted."""
    exported = _exported(settings, against)
    found = Verified()
    for service in service_names():
        async with _database(settings, service) as mongo:
            await _Verifier(service, mongo, exported.get(service, {}), found).run()
    return found


async def export(settings: Settings, folder: Path) -> list[Path]:
    """Writes the heads of each service into a file of its own."""
    if settings.audit_key is None:
        raise BadHeads("Without ADUAN_AUDIT_KEY nothing can be signed.")
    written, now = [], datetime.now(UTC)
    for service in service_names():
        async with _database(settings, service) as mongo:
            found = await heads.heads_of(mongo)
        written.append(folder / f"{service}-{now:%Y%m%dT%H%M%S}.json")
        heads.write(written[-1], service, found, now, settings.audit_key)
    return written


async def trail(settings: Settings, complaint: str) -> list[dict[str, Any]]:
    """What every service has recorded of a complaint, in the order of time."""
    vault, told = Vault(settings.sealing_keys), []
    for service in service_names():
        async with _database(settings, service) as mongo:
            for collection in await heads.stores(mongo):
                entries, _ = await Store(mongo, collection, object).trail(complaint)
                told += [{"service": service, "cases": collection, **entry} for entry in entries]
            reads = await Chains(mongo, READS).entries(audit.chain_of_reads(complaint))
            told += [{"service": service, **entry, "reason": reason_of(entry, vault, complaint)} for entry in reads]
    return sorted(told, key=lambda entry: (entry["at"], entry["service"], entry["n"]))


def as_text(entries: Sequence[Mapping[str, Any]]) -> str:
    """A line for each entry."""
    return "\n".join(
        f"{entry['at']:%Y-%m-%d %H:%M:%S}  {entry['service']:16} {entry['who']:20} {_said(entry)}" for entry in entries
    )


def as_json(entries: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(entries, indent=1, default=lambda at: at.isoformat(), ensure_ascii=False)


def _said(entry: Mapping[str, Any]) -> str:
    if entry["what"] == "read":
        return f"read {', '.join(entry['parts'])} ({entry['route']}): {entry['reason'] or 'the reason is sealed'}"
    if entry["what"] == "refused":
        return f"was refused ({entry['route']}): {entry['status']}"
    said = entry["said"] if "said" in entry else entry["fields"]  # of a case, or of an entry of a roster
    return f"{entry['what']} → {', '.join(said)}" if said else str(entry["what"])


@asynccontextmanager
async def _database(settings: Settings, service: str) -> AsyncIterator[Mongo]:
    url = settings.mongo_url.get_secret_value()
    mongo = Mongo(url, f"{settings.mongo_prefix}{service}", settings.mongo_driver, "audit")
    try:
        yield mongo
    finally:
        await mongo.close()


async def _grouped(mongo: Mongo, name: str) -> AsyncIterator[tuple[str, list[Entry]]]:
    """The chains of a collection, one after another."""
    chain, entries = "", list[Entry]()
    async for row in mongo[name].find({}, {"_id": 0}).sort([("chain", 1), ("n", 1)]):
        if entries and row["chain"] != chain:
            yield chain, entries
            entries = []
        chain = row["chain"]
        entries.append(row)
    if entries:
        yield chain, entries


def _exported(settings: Settings, against: Iterable[Path]) -> dict[str, Exported]:
    """What was exported, by service and chain, from files and from folders of them."""
    exported: dict[str, Exported] = {}
    for given in against:
        for path in sorted(given.glob("*.json")) if given.is_dir() else [given]:
            if settings.audit_key is None:
                raise BadHeads("Without ADUAN_AUDIT_KEY no signature can be checked.")
            service, found = heads.read(path, settings.audit_key)
            for chain, head in found.items():
                exported.setdefault(service, {}).setdefault(chain, []).append(head)
    return exported


def _verify(settings: Settings, against: Sequence[Path]) -> int:
    found = asyncio.run(verify(settings, against))
    print("\n".join([*found.faults, f"{found.entries} entries in {found.chains} chains, {len(found.faults)} broken"]))
    return 1 if found.faults else 0


def _trail(settings: Settings, complaint: str, in_json: bool) -> int:
    entries = asyncio.run(trail(settings, complaint))
    print(as_json(entries) if in_json else as_text(entries) or "Nothing is recorded of this complaint.")
    return 0 if entries else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.audit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify")
    verifying.add_argument("--against", type=Path, action="append", default=[], metavar="FILE|FOLDER")
    printing = commands.add_parser("trail")
    printing.add_argument("complaint")
    printing.add_argument("--json", action="store_true")
    exporting = commands.add_parser("heads")
    exporting.add_argument("--folder", type=Path)
    given, settings = parser.parse_args(), Settings()
    try:
        if given.command == "verify":
            return _verify(settings, given.against)
        if given.command == "trail":
            return _trail(settings, given.complaint, given.json)
        folder = given.folder or settings.audit_folder
        if folder is None:
            parser.error("say --folder, or set ADUAN_AUDIT_FOLDER")
        print("\n".join(map(str, asyncio.run(export(settings, folder)))))
    except BadHeads as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
