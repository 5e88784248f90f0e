"""What one caller may do in a while, counted on a real database by two processes that share it."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

from shared import quotas
from shared.http import InRoom
from shared.policy import Rule, by_route
from shared.quotas import LOOKUPS, WRONG_CODES, Calling, Quota, Quotas
from shared.service import Cases, Service, create_app
from shared.settings import Settings
from tests.shared.proxy import far_database
from tests.shared.tally import SERVICE, Tally, drop_databases
from tests.support.room import key

FEW = Quota("few", 2, 4, timedelta(minutes=10), " In danger, call 110.")
KEY = SecretStr(key("code"))
ADDRESS, NEIGHBOUR = "203.0.113.77", "203.0.113.78"
router = APIRouter()
RULES = by_route([Rule(routes=("POST /few", "POST /codes/{right}", "POST /phones/{phone}"), proof="anyone")])


@router.post("/few")
async def few(caller: Calling) -> None:
    await caller.passes(FEW)


@router.post("/codes/{right}")
async def look_up(right: bool, caller: Calling) -> None:
    await caller.looks_up()
    if not right:
        await caller.knows_no_code()


@router.post("/phones/{phone}")
async def phone(phone: str, room: InRoom) -> None:
    await Quotas(KEY, 1).pass_one(room, FEW, phone)


@dataclass
class Clock:
    """Stands still, so that no window ends but when a test wants it to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Callers:
    """Two processes of one service, and whoever asks them."""

    def __init__(self, apps: list[FastAPI], clock: Clock) -> None:
        self.apps, self.clock, self._turn = apps, clock, 0

    async def post(self, path: str, address: str = ADDRESS) -> httpx.Response:
        self._turn += 1
        app = self.apps[self._turn % len(self.apps)]
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://aduan.test") as http:
            return await http.post(path)

    async def statuses(self, path: str, count: int, address: str = ADDRESS) -> list[int]:
        return [(await self.post(path, address)).status_code for _ in range(count)]


@asynccontextmanager
async def process(settings: Settings, clock: Clock, factor: float = 1) -> AsyncIterator[FastAPI]:
    service = Service(
        SERVICE,
        settings,
        {"tallies": Cases(Tally)},
        routers=(router,),
        rules=RULES,
        prepare=quotas.prepare,
        clock=clock,
    )
    app = create_app(service)
    app.state.quotas = Quotas(KEY, factor)
    async with app.router.lifespan_context(app):
        yield app


@pytest_asyncio.fixture(loop_scope="module")
async def callers(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callers]:
    monkeypatch.setattr(quotas, "SLOW_SECONDS", 0.05)
    # Tomorrow, so that the database does not think of these windows as over.
    clock = Clock((datetime.now(UTC) + timedelta(days=1)).replace(hour=8, minute=0, second=5, microsecond=0))
    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(process(fresh, clock)) for _ in range(2)]
        yield Callers(apps, clock)
    await drop_databases(fresh)


async def test_what_one_caller_may_do_holds_across_processes(callers: Callers) -> None:
    assert await callers.statuses("/few", 6) == [200] * 4 + [429] * 2


async def test_whoever_asks_too_much_is_told_when_to_come_again_and_whom_to_call(callers: Callers) -> None:
    await callers.statuses("/few", 4)
    refused = await callers.post("/few")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:aduan:problem:too_many"
    assert "call 110" in refused.json()["detail"]
    assert refused.headers["Retry-After"] == "595"
    callers.clock.now += timedelta(seconds=595)
    assert (await callers.post("/few")).status_code == 200


async def test_beyond_what_is_free_an_answer_takes_longer(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "SLOW_SECONDS", 0.5)
    await callers.statuses("/few", 2)
    before = perf_counter()
    assert (await callers.post("/few")).status_code == 200
    assert perf_counter() - before >= 0.5


async def test_another_caller_is_not_kept_waiting(callers: Callers) -> None:
    await callers.statuses("/few", 5)
    assert await callers.statuses("/few", 2, NEIGHBOUR) == [200, 200]


async def test_all_addresses_of_one_ipv6_line_are_one_caller(callers: Callers) -> None:
    lines = [await callers.statuses("/few", 1, f"2001:db8:1:2::{host}") for host in range(1, 6)]
    assert lines == [[200]] * 4 + [[429]]
    assert await callers.statuses("/few", 1, "2001:db8:1:3::1") == [200]
    assert await callers.statuses("/few", 2, f"::ffff:{NEIGHBOUR}") == [200, 200]
    assert await callers.statuses("/few", 3, NEIGHBOUR) == [200, 200, 429]


async def test_guessing_is_told_to_stop_and_a_neighbour_who_has_a_code_is_served(callers: Callers) -> None:
    assert await callers.statuses("/codes/false", WRONG_CODES.most + 1) == [404] * WRONG_CODES.most + [429]
    assert await callers.statuses("/codes/true", 1) == [200]
    callers.clock.now += timedelta(minutes=1)
    assert await callers.statuses("/codes/false", 1) == [404]


async def test_beyond_all_measure_no_code_is_looked_for(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "LOOKUPS", Quota("lookups", 5, 5, LOOKUPS.window))
    assert await callers.statuses("/codes/true", 6) == [200] * 5 + [429]


async def test_neither_an_address_nor_a_phone_stands_in_the_database_and_no_two_windows_look_alike(
    callers: Callers,
) -> None:
    for _ in range(2):
        await callers.statuses("/few", 1)
        await callers.statuses("/phones/+6281234567890", 1)
        callers.clock.now += timedelta(minutes=10)
    rows = await callers.apps[0].state.room.mongo[quotas.COLLECTION].find({}).to_list(None)
    assert len({row["_id"] for row in rows}) == len(rows) == 4
    text = json.dumps(rows, default=str)
    assert not any(told in text for told in (ADDRESS, "81234567890", "few"))


async def test_counters_are_deleted_when_their_window_is_over(callers: Callers) -> None:
    await callers.statuses("/few", 1)
    counters = callers.apps[0].state.room.mongo[quotas.COLLECTION]
    (row,) = await counters.find({}).to_list(None)
    assert row["expires_at"] == callers.clock.now - timedelta(seconds=5) + FEW.window
    indexes = await counters.index_information()
    assert indexes["expires"]["expireAfterSeconds"] == 0


async def test_an_office_can_widen_what_a_shared_address_may_do(fresh: Settings, callers: Callers) -> None:
    async with process(fresh, callers.clock, factor=2) as app:
        wide = Callers([app], callers.clock)
        assert await wide.statuses("/few", 9) == [200] * 8 + [429]


async def test_without_counters_everybody_is_let_through(
    fresh: Settings, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "_PATIENCE", 0.1)
    async with far_database(fresh) as (far, cable), process(far, callers.clock) as app:
        cable.freeze()
        assert await Callers([app], callers.clock).statuses("/few", 6) == [200] * 6
        cable.thaw()
        assert 429 in await Callers([app], callers.clock).statuses("/few", 6)
