"""Rosters on a real database: an entry for each change with who made it, however many change one at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from shared import audit, heads
from shared.contracts.envelope import Person
from shared.contracts.refusals import Conflict
from shared.mongo import Mongo
from shared.rosters import OfficeRoster, added, key_of, put, taken_off
from shared.store import TRAIL_LONG, Store
from tests.shared.tally import drop_databases, settings_for
from tests.support.servers import Servers

NOW = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)
KEEPER, OTHER = Person("administrator-1"), Person("administrator-2")
KEY = key_of("polres-sukamaju", "sari")


@dataclass(frozen=True, slots=True)
class Clerk:
    id: str
    polres: str
    calls: int = 0
    desks: tuple[str, ...] = ()
    retired: bool = False


SARI = Clerk("sari", "polres-sukamaju", desks=("one",))


def called(before: Clerk | None) -> tuple[str, Clerk]:
    clerk = before or SARI
    return "call", replace(clerk, calls=clerk.calls + 1)


@pytest.fixture
async def mongo(real_servers: Servers) -> AsyncIterator[Mongo]:
    settings = settings_for(real_servers)
    url, name = settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}clerks"
    connected = Mongo(url, name, settings.mongo_driver, "test")
    yield connected
    await connected.close()
    await drop_databases(settings)


@pytest.fixture
async def clerks(mongo: Mongo) -> AsyncIterator[OfficeRoster[Clerk]]:
    roster = OfficeRoster(mongo, "clerks", Clerk)
    await roster.prepare([("polres", 1), ("desks", 1)])
    yield roster
    entries, head = await Store(mongo, "clerks", object).trail(KEY)
    assert audit.fault(audit.chain_of_case("clerks", KEY), entries, head) is None
    assert await heads.heads_of(mongo) == {audit.chain_of_case("clerks", KEY): head}, "it is exported"


async def test_who_did_what_and_when_stands_with_the_entry(clerks: OfficeRoster[Clerk]) -> None:
    assert await clerks.change(KEY, KEEPER, NOW, lambda before: added(before, SARI)) == SARI
    moved = replace(SARI, desks=("one", "two"))
    await clerks.change(KEY, OTHER, NOW, lambda before: put(before, moved))
    await clerks.change(KEY, OTHER, NOW, lambda before: put(before, moved))
    await clerks.change(KEY, KEEPER, NOW, taken_off)
    await clerks.change(KEY, KEEPER, NOW, taken_off)
    await clerks.change(KEY, OTHER, NOW, lambda before: added(before, moved))
    done = [(entry["n"], entry["who"], entry["what"], entry["fields"]) for entry in await clerks.history(KEY)]
    assert done == [
        (4, "administrator-2", "add", ["retired"]),
        (3, "administrator-1", "take_off", ["retired"]),
        (2, "administrator-2", "change", ["desks"]),
        (1, "administrator-1", "add", ["calls", "desks", "id", "polres", "retired"]),
    ], "and what changed nothing is no change"
    assert await clerks.at(KEY) == moved
    assert await clerks.of(["polres-sukamaju"], desks="two") == [moved]


async def test_whoever_is_on_a_roster_is_not_added_again(clerks: OfficeRoster[Clerk]) -> None:
    await clerks.change(KEY, KEEPER, NOW, lambda before: added(before, SARI))
    await clerks.change(KEY, KEEPER, NOW, lambda before: added(before, SARI))
    with pytest.raises(Conflict):
        await clerks.change(KEY, OTHER, NOW, lambda before: added(before, replace(SARI, calls=1)))
    assert [entry["what"] for entry in await clerks.history(KEY)] == ["add"]


async def test_what_the_audit_need_not_keep_is_written_without_it(clerks: OfficeRoster[Clerk]) -> None:
    await clerks.change(KEY, KEEPER, NOW, lambda _: ("add", SARI))
    await clerks.change(KEY, KEEPER, NOW, lambda _: (None, replace(SARI, calls=7)))
    assert await clerks.get("polres-sukamaju", ["sari", "nobody"]) == {"sari": replace(SARI, calls=7)}
    assert len(await clerks.history(KEY)) == 1


async def test_of_many_who_change_an_entry_at_once_none_is_lost(clerks: OfficeRoster[Clerk]) -> None:
    await asyncio.gather(*(clerks.change(KEY, KEEPER, NOW, called) for _ in range(8)))
    assert (await clerks.get("polres-sukamaju", ["sari"]))["sari"].calls == 8
    assert [entry["n"] for entry in await clerks.history(KEY)] == [8, 7, 6, 5, 4, 3, 2, 1]


async def test_a_long_history_is_moved_away_and_stays_whole(clerks: OfficeRoster[Clerk], mongo: Mongo) -> None:
    for _ in range(TRAIL_LONG + 1):
        await clerks.change(KEY, KEEPER, NOW, called)
    assert await Store(mongo, "clerks", object).shorten() == 1
    assert next(iter(await clerks.history(KEY)))["n"] == TRAIL_LONG + 1
