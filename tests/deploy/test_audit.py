"""The audit from outside: every chain recomputed, compared with what was exported, and printed for one complaint."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from deploy import audit as command
from services.investigation import rosters
from services.investigation.choice import Patrol
from shared import audit, heads
from shared.chains import READS, Chains
from shared.contracts.envelope import Command, Person
from shared.heads import BadHeads
from shared.mongo import Mongo
from shared.operation import Operation
from shared.rosters import key_of
from shared.sealing import Vault
from shared.settings import Settings
from shared.store import TRAIL_LONG, Store
from shared.unit import Unit
from tests.shared.tally import Tally, drop_databases, new_id, note, settings_for
from tests.support.room import key
from tests.support.servers import Servers

OFFICER = Person("officer-1")
AT = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)


@pytest.fixture
async def settings(real_servers: Servers) -> AsyncIterator[Settings]:
    made = settings_for(real_servers, audit_key=key("audit heads"))
    yield made
    await drop_databases(made)


@asynccontextmanager
async def database(settings: Settings, service: str) -> AsyncIterator[Mongo]:
    url, name = settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}{service}"
    mongo = Mongo(url, name, settings.mongo_driver, "test")
    yield mongo
    await mongo.close()


async def publish_nothing(events: Any) -> list[None]:
    return [None for _ in events]


async def act(settings: Settings, service: str, cases: str, complaint: str, times: int = 3) -> None:
    """Has an officer do something with a complaint in a service."""
    async with database(settings, service) as mongo:
        store: Store[Tally] = Store(mongo, cases, Tally)
        await store.prepare()
        await Chains(mongo, READS).prepare()
        unit: Unit[Tally] = Unit(service, store, publish_nothing, lambda: AT)
        unit.start()
        for n in range(times):
            await unit.submit(Operation(Command(f"{n}", complaint, "polres", n, OFFICER), note, complaint))
        await unit.drain()
        await store.shorten()


async def read(settings: Settings, service: str, complaint: str, who: str) -> None:
    reason = Vault(settings.sealing_keys).seal("audit", complaint, {"reason": "for the hearing"})
    entry = {"at": AT, "who": who, "what": "read", "route": "GET /x", "parts": ["narrative"], "reason": reason}
    async with database(settings, service) as mongo:
        await Chains(mongo, READS).append({audit.chain_of_reads(complaint): entry})


async def faults(settings: Settings, *against: Path) -> list[str]:
    return (await command.verify(settings, against)).faults


async def test_untouched_chains_of_several_services_verify_also_against_their_exported_heads(
    settings: Settings, tmp_path: Path
) -> None:
    complaint, long = new_id(), new_id()
    await act(settings, "verification", "verifications", complaint)
    await act(settings, "investigation", "cases", long, TRAIL_LONG + 10)
    await read(settings, "investigation", long, "officer-2")
    await command.export(settings, tmp_path)
    await act(settings, "verification", "verifications", new_id())
    await read(settings, "investigation", long, "officer-3")
    found = await command.verify(settings, [tmp_path])
    assert (found.faults, found.chains, found.entries) == ([], 4, 3 + TRAIL_LONG + 10 + 3 + 2)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"$set": {"trail.1.who": "nobody"}}, "entry 2 is not as it was written"),
        ({"$pull": {"trail": {"n": 2}}}, "entry 2 is missing or out of order"),
        ({"$pop": {"trail": 1}}, "it ends with entry 2, and its head is that of entry 3"),
        ({"$unset": {"head": 1}}, "it ends with entry 3, and its head is that of entry 0"),
        ({"$unset": {"head": 1, "trail": 1}}, "nothing of its case is recorded"),
        ({"$set": {"trail": []}}, "it ends with entry 0, and its head is that of entry 3"),
    ],
)
async def test_a_trail_that_was_tampered_with_is_named(settings: Settings, change: dict[str, Any], fault: str) -> None:
    complaint = new_id()
    await act(settings, "verification", "verifications", complaint)
    assert await faults(settings) == []
    async with database(settings, "verification") as mongo:
        await mongo["verifications"].update_one({"_id": complaint}, change)
    assert f"verification: verifications/{complaint}: {fault}" in await faults(settings)


async def test_what_was_cut_short_written_anew_or_removed_whole_is_found_against_exported_heads(
    settings: Settings, tmp_path: Path
) -> None:
    rewritten, removed, short = new_id(), new_id(), new_id()
    for complaint in (rewritten, removed):
        await act(settings, "verification", "verifications", complaint)
    for who in ("officer-2", "officer-3"):
        await read(settings, "verification", short, who)
    await command.export(settings, tmp_path)
    async with database(settings, "verification") as mongo:
        await mongo["verifications"].delete_many({"_id": {"$in": [rewritten, removed]}})
        await mongo[READS].delete_one({"chain": audit.chain_of_reads(short), "n": 2})
    await act(settings, "verification", "verifications", rewritten, 4)
    async with database(settings, "verification") as mongo:
        row = await mongo["verifications"].find_one({"_id": rewritten})
        trail, head = [], audit.START
        for entry in row["trail"]:
            plain = {name: value for name, value in entry.items() if name not in ("n", "hash")} | {"who": "nobody"}
            linked, head = audit.link(audit.chain_of_case("verifications", rewritten), head, plain)
            trail.append(linked)
        kept = {"trail": trail, "head": {"n": head.n, "hash": head.hash}}
        await mongo["verifications"].update_one({"_id": rewritten}, {"$set": kept})
    assert await faults(settings) == []  # the control: taken by itself, everything fits
    assert sorted(await faults(settings, tmp_path)) == sorted(
        [
            f"verification: verifications/{rewritten}: entry 3 is another than was exported",
            f"verification: verifications/{removed}: it is gone, and was exported",
            f"verification: reads/{short}: it ends with entry 1, and entry 2 was exported",
        ]
    )


async def test_moved_entries_are_part_of_their_chain(settings: Settings) -> None:
    complaint, orphan = new_id(), new_id()
    for each in (complaint, orphan):
        await act(settings, "verification", "verifications", each, TRAIL_LONG + 1)
    async with database(settings, "verification") as mongo:
        chain = audit.chain_of_case("verifications", complaint)
        await mongo["audit_trails"].update_one({"chain": chain, "n": 7}, {"$set": {"who": "nobody"}})
        await mongo["verifications"].delete_one({"_id": orphan})
    assert await faults(settings) == [
        f"verification: verifications/{complaint}: entry 7 is not as it was written",
        f"verification: verifications/{orphan}: it has entries, and its case is gone",
    ]


SARI = Patrol("sari", "polres-sukamaju", "Sukamaju 11", "Samapta", -6.6, 107.4, "off_duty", AT)


async def test_rosters_are_audited_as_cases_are(settings: Settings, tmp_path: Path) -> None:
    whose = key_of("polres-sukamaju", "sari")
    async with database(settings, "investigation") as mongo:
        patrols = rosters.patrols(mongo)
        await patrols.prepare()
        await patrols.change(whose, OFFICER, AT, lambda _: ("add", SARI))
        await patrols.change(whose, OFFICER, AT, lambda _: ("on_duty", replace(SARI, status="free")))
    await command.export(settings, tmp_path)
    assert await faults(settings, tmp_path) == []
    assert command.as_text(await command.trail(settings, whose)).splitlines()[1].endswith("on_duty → status")
    async with database(settings, "investigation") as mongo:
        await mongo["patrols"].update_one({"_id": whose}, {"$set": {"trail.0.who": "nobody"}})
    assert await faults(settings) == [f"investigation: patrols/{whose}: entry 1 is not as it was written"]
    async with database(settings, "investigation") as mongo:
        await mongo["patrols"].delete_one({"_id": whose})
    assert await faults(settings, tmp_path) == [f"investigation: patrols/{whose}: it is gone, and was exported"]


async def test_a_file_of_heads_that_was_changed_is_not_trusted(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "verification-1.json"
    heads.write(path, "verification", {"reads/1": audit.Head(3, "aa")}, AT, SecretStr(key("audit heads")))
    assert heads.read(path, SecretStr(key("audit heads"))) == ("verification", {"reads/1": audit.Head(3, "aa")})
    with pytest.raises(BadHeads):
        heads.read(path, SecretStr(key("another")))
    content = json.loads(path.read_text())
    assert (content["count"], content["at"]) == (1, "2026-11-26T04:30:00+00:00")
    variants: tuple[Any, ...] = ({**content, "count": 0}, {**content, "heads": {}}, {"heads": {}}, [], "no")
    for changed in variants:
        path.write_text(json.dumps(changed))
        with pytest.raises(BadHeads):
            await faults(settings, tmp_path)


async def test_heads_are_exported_once_an_hour_by_whichever_process_is_first(
    settings: Settings, tmp_path: Path
) -> None:
    await act(settings, "verification", "verifications", new_id())
    signing = SecretStr(key("audit heads"))
    async with database(settings, "verification") as mongo:
        hours = [AT, AT.replace(minute=59), AT.replace(hour=5)]
        done = [await heads.export_hourly(mongo, "verification", tmp_path, signing, at) for at in hours]
    assert done == [True, False, True]
    assert sorted(os.listdir(tmp_path)) == ["verification-20261126T04.json", "verification-20261126T05.json"]
    assert await faults(settings, tmp_path) == []


async def test_the_trail_of_a_complaint_is_printed_from_all_services_in_the_order_of_time(settings: Settings) -> None:
    complaint = new_id()
    await act(settings, "verification", "verifications", complaint, 1)
    await act(settings, "investigation", "cases", complaint, 1)
    await read(settings, "investigation", complaint, "officer-2")
    await act(settings, "verification", "verifications", new_id())
    entries = await command.trail(settings, complaint)
    assert [(entry["service"], entry["who"], entry["what"]) for entry in entries] == [
        ("investigation", "officer-1", "note"),
        ("investigation", "officer-2", "read"),
        ("verification", "officer-1", "note"),
    ]
    text = command.as_text(entries)
    assert "read narrative (GET /x): for the hearing" in text
    assert "note → patrol.arrived.v1" in text
    assert [entry["reason"] for entry in json.loads(command.as_json(entries)) if entry["what"] == "read"] == [
        "for the hearing"
    ]
    assert await command.trail(settings, new_id()) == []
