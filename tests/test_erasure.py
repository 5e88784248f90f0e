"""Erasure in every service, also a new one: nothing sealed is left of the complaint, nothing that comes later brings it
back, and neither does a backup once it is told again."""

import json
import os
import re
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from uuid6 import uuid7

from deploy.local.layout import service_names
from shared import erased
from shared.contracts.catalogue import CONSUMERS
from shared.contracts.intake import ComplaintErased
from shared.mongo import Mongo
from shared.settings import Settings
from shared.store import Store
from shared.topology import lane_queue
from tests.support.room import Running, environment, key, running, until
from tests.support.servers import Servers

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests/contracts/examples"
SERVICES = service_names()
CONTENT: dict[str, dict[str, Any]] = {
    "narrative": {"text": "Canary story of an invented theft", "place_text": "Canary lane 7", "lat": None, "lon": None},
    "identity": {"name": "Canary Reporter", "nik": None, "address": None},
    "contact": {"phone": "+6281200000000", "email": None},
    "notice": {"text": "Canary words of an officer"},
}
TOLD = json.loads((EXAMPLES / "complaint.submitted.v1.json").read_text("utf-8"))["subject"]
LOOKUP = json.loads((EXAMPLES / "complaint.submitted.v1.json").read_text("utf-8"))["data"]["tracking_lookup"]


def examples(service: Running, complaint: str, wires: Iterable[str]) -> list[dict[str, Any]]:
    """The frozen examples as events of this complaint, with parts that are really sealed for it."""
    found = []
    for wire in wires:
        for path in sorted(EXAMPLES.glob(f"{wire}*.json")):
            event = json.loads(path.read_text("utf-8").replace(TOLD, complaint))
            found.append(
                event | {"id": str(uuid7()), "lane": "normal", "data": _sealed(service, complaint, event["data"])}
            )
    return found


def _sealed(service: Running, complaint: str, part: Any) -> Any:
    if isinstance(part, list):
        return [_sealed(service, complaint, value) for value in part]
    if not isinstance(part, dict):
        return part
    return {
        name: service.vault.seal(name, complaint, CONTENT[name])
        if name in CONTENT and isinstance(value, str) and value.startswith("eyJ")
        else _sealed(service, complaint, value)
        for name, value in part.items()
    }


async def hear(service: Running, events: Iterable[dict[str, Any]]) -> None:
    for event in events:
        await service.raw(json.dumps(event).encode(), event["type"], message_id=event["id"])

    async def taken() -> bool:
        queue = await service.channel.declare_queue(lane_queue(service.room.name, "normal"), passive=True)
        return not queue.declaration_result.message_count

    await until(taken, "the service has taken its messages")


@dataclass
class Database:
    """A service's database, as whoever backs it up sees it."""

    mongo: Mongo

    async def backup(self) -> dict[str, list[dict[str, Any]]]:
        names = [name for name in await self.mongo.database.list_collection_names() if not name.startswith("system.")]
        return {name: await self.mongo[name].find({}).to_list(None) for name in names}

    async def restore(self, backup: dict[str, list[dict[str, Any]]]) -> None:
        for name, rows in backup.items():
            await self.mongo[name].delete_many({})
            if rows:
                await self.mongo[name].insert_many(rows)

    async def left_of(self, complaint: str) -> list[str]:
        """What is sealed or could be recognised, in any document that has to do with the complaint."""
        rows = [repr(row) for rows in (await self.backup()).values() for row in rows]
        return [text for row in rows if complaint in row for text in re.findall(rf"eyJ[\w-]{{20,}}|{LOOKUP}", row)]


@pytest.mark.parametrize("name", SERVICES)
async def test_nothing_of_an_erased_complaint_is_left_or_comes_back(name: str, real_servers: Servers) -> None:
    complaint = str(uuid7())
    with patch.dict(os.environ, {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(real_servers)}):
        app, settings = import_module(f"services.{name}.main").app, Settings()
        mongo = Mongo(real_servers.mongo_url, f"{settings.mongo_prefix}{name}", settings.mongo_driver, "backup")
        database = Database(mongo)

        async def something() -> bool:
            return bool(await database.left_of(complaint))

        async def nothing() -> bool:
            return not await database.left_of(complaint)

        async with running(app(), settings, name) as service:
            history = examples(service, complaint, (wire for wire in CONSUMERS[name] if wire != ComplaintErased.wire))
            erasure = examples(service, complaint, [ComplaintErased.wire])[0]
            await hear(service, history)
            # Intake begins its cases itself; its own tests erase one.
            if name != "intake":
                await until(something, "it keeps something that can be erased")
        backup = await database.backup()
        async with running(app(), settings, name) as service:
            await hear(service, [erasure])
            await until(nothing, "it is gone")
            await hear(service, [event | {"id": str(uuid7())} for event in history])
        assert await nothing(), "what comes later brings nothing back"

        await database.restore(backup)
        assert await something() == (name != "intake"), "a backup brings it back"
        async with running(app(), settings, name):
            await erased.again(real_servers.amqp_url, [json.dumps(erasure).encode()])
            await until(nothing, "it is gone again")
        await mongo.database.client.drop_database(mongo.database.name)
        await mongo.close()


@pytest.mark.parametrize("name", ["internal_affairs", "investigation", "mediation"])
async def test_an_erased_report_is_taken_out_of_the_complaint_that_led_it_on(name: str, real_servers: Servers) -> None:
    earlier, later = str(uuid7()), str(uuid7())
    with patch.dict(os.environ, environment(real_servers)):
        app, made = import_module(f"services.{name}.main").app, Settings()
        async with running(app(), made, name) as service:
            store = service.room.store()

            async def told_of(complaint: str) -> list[str]:
                row = await store.collection.find_one({"_id": earlier})
                return re.findall(complaint, repr(row["case"].get("linked"))) if row else []

            (link,) = examples(service, later, ["complaint.linked.v1.minimal"])
            link["data"]["linked_to"] = earlier
            (erasure,) = examples(service, later, [f"{ComplaintErased.wire}.minimal"])
            await hear(service, [*examples(service, earlier, ["complaint.classified.v1.minimal"]), link])
            await until(lambda: told_of(later), "the earlier complaint leads it on")
            await hear(service, [erasure])
            await until(lambda: _none(told_of(later)), "it is taken out")
            await until(lambda: _is_erased(store, later), "its own tombstone stands")
            await hear(service, [link | {"id": str(uuid7())}])
        async with running(app(), made, name) as service:
            store = service.room.store()
            assert await told_of(later) == [], "nor does it come in again, however late it is told"
            assert (await store.load([earlier]))[earlier].case is not None, "the earlier complaint stays"
            await service.room.mongo.database.client.drop_database(service.room.mongo.database.name)


async def _none(found: Awaitable[list[str]]) -> bool:
    return not await found


async def _is_erased(store: Store[Any], complaint: str) -> bool:
    return (await store.load([complaint]))[complaint].erased is not None
