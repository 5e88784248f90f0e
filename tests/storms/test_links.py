"""The links of all services to broker and database: slow, silent in the middle of a word, and cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from time import monotonic
from typing import NamedTuple

import pytest
from yarl import URL

from deploy.local.servers import LocalServers
from tests.faults.load import Load
from tests.faults.spine import Spine, standing
from tests.faults.storm import settle
from tests.shared.proxy import Link, link
from tests.support.room import until

DELAY = 0.05  # seconds, either way
ANSWERED = 30.0  # seconds in which a reporter has an answer, be it that there is no room now


class Cables(NamedTuple):
    spine: Spine
    broker: Link
    database: Link


@pytest.fixture(scope="module")
async def cables(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cables]:
    folder = tmp_path_factory.mktemp("links")
    local = LocalServers(folder / "servers")
    broker_url = URL(local.amqp_url)
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(link("127.0.0.1", broker_url.port or 0))
        database = await stack.enter_async_context(link("127.0.0.1", local.mongodb.port))
        told = {
            "ADUAN_AMQP_URL": str(broker_url.with_port(broker.port)),
            "ADUAN_MONGO_URL": f"mongodb://127.0.0.1:{database.port}/?directConnection=true",
        }
        yield Cables(await stack.enter_async_context(standing(folder, local, told)), broker, database)


@pytest.fixture(scope="module")
def spine(cables: Cables) -> Spine:
    return cables.spine


async def test_over_slow_links_everything_goes_its_way(cables: Cables, load: Load) -> None:
    for cable in cables.broker, cables.database:
        cable.delay = DELAY
    try:
        began = monotonic()
        await load.ask_many(20)
        assert monotonic() - began > 2 * DELAY, "the links are not slow"
        assert await settle(cables.spine, load) == []
    finally:
        for cable in cables.broker, cables.database:
            cable.delay = 0.0


async def test_while_the_link_to_the_broker_is_silent_reports_are_taken_in_and_told_of_afterwards(
    cables: Cables, load: Load
) -> None:
    before = load.acknowledged
    cables.broker.freeze()
    try:
        for _ in range(3):
            await load.ask_many(5)
            # Longer than a publisher waits for its confirm, so that the same events are published again.
            await asyncio.sleep(4)
        assert load.acknowledged == before + 15
        assert await cables.spine.unpublished() >= 15
    finally:
        cables.broker.thaw()
    assert await settle(cables.spine, load) == []


async def test_while_the_link_to_the_database_is_silent_nobody_gets_a_receipt_and_everybody_an_answer(
    cables: Cables, load: Load
) -> None:
    bodies = [load.body() for _ in range(80)]  # more than a pool has connections
    cables.database.freeze()
    cables.spine.http.timeout = ANSWERED
    began = monotonic()
    answers = await asyncio.gather(*(load.post(f"silent-{n}", body) for n, body in enumerate(bodies)))
    took = monotonic() - began
    cables.database.thaw()
    assert {status for status, _ in answers} == {503}, answers
    assert took < ANSWERED
    await asyncio.gather(*(load.until_received(f"silent-{n}", body) for n, body in enumerate(bodies)))
    assert await settle(cables.spine, load) == []


async def test_cut_links_that_are_mended_need_no_restart(cables: Cables, load: Load) -> None:
    load.setbacks.clear()
    for cable in cables.broker, cables.database:
        await cable.cut()
    asking = asyncio.create_task(load.ask_many(10))
    await until(lambda: load.setbacks["503"], "a reporter is told to ask again", 60)
    for cable in cables.broker, cables.database:
        await cable.mend()
    await asking
    await cables.spine.ready()
    assert await settle(cables.spine, load) == []
