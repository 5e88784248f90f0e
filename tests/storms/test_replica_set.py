"""A database of three members: its primary steps down, and dies, while reports come in."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from deploy.local.servers import LocalServers
from tests.faults.load import Load
from tests.faults.replicas import ReplicaSet
from tests.faults.spine import Spine, in_thread, standing
from tests.faults.storm import DATABASE_SECONDS, settle
from tests.support.room import until


class ThreeMembers(LocalServers):
    mongodb: ReplicaSet


@pytest.fixture(scope="module")
async def spine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Spine]:
    folder = tmp_path_factory.mktemp("three")
    local = ThreeMembers(folder / "servers")
    local.mongodb = ReplicaSet(folder / "members")
    async with standing(folder, local) as started:
        yield started


@pytest.mark.parametrize("how", ["step_down", "kill"])
async def test_a_primary_that_steps_down_or_dies_loses_nothing_acknowledged_and_reports_go_on(
    spine: Spine, load: Load, how: str
) -> None:
    assert isinstance(spine.local.mongodb, ReplicaSet)
    members, over = spine.local.mongodb, asyncio.Event()
    loading = asyncio.create_task(load.run(over, rate=6))
    try:
        for _ in range(2):
            await until(partial(more_than, load, load.acknowledged + 10), "reports come in", 60)
            before = await in_thread(members.primary)
            began = asyncio.get_running_loop().time()
            await in_thread(getattr(members, how))
            await until(partial(changed, members, before), "another primary", 30)
            await until(partial(more_than, load, load.acknowledged), "a report is taken in again", 60)
            assert asyncio.get_running_loop().time() - began < DATABASE_SECONDS
            await in_thread(members.start)
    finally:
        over.set()
        await loading
    await spine.ready()
    assert await settle(spine, load) == []


def more_than(load: Load, count: int) -> bool:
    return load.acknowledged > count


async def changed(members: ReplicaSet, before: int) -> bool:
    return await in_thread(members.primary) not in (None, before)
