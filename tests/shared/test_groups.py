"""How the lanes of one process share its event loop."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared import groups
from shared.groups import Groups
from shared.operation import Operation, Outcome, Waiting
from tests.shared.tally import asking, command, new_id
from tests.support.room import until


class Lane:
    """Groups whose commits can be held up, and the order in which the lanes' commits began."""

    def __init__(self, name: str, began: list[str], ahead: "Lane | None" = None) -> None:
        self.go_on = asyncio.Event()
        self.go_on.set()
        self._name, self._began = name, began
        self.groups: Groups = Groups(name, self._commit, self._publish, ahead.groups if ahead else None)

    async def _commit(self, group: list[Waiting]) -> None:
        self._began.append(self._name)
        await self.go_on.wait()
        for waiting in group:
            waiting.result = Outcome(None, 1)

    async def _publish(self, group: list[Waiting]) -> None: ...


def operation() -> Operation:
    return asking(command("text", new_id()))


@pytest_asyncio.fixture
async def lanes() -> AsyncIterator[tuple[Lane, Lane, list[str]]]:
    began: list[str] = []
    urgent = Lane("urgent", began)
    normal = Lane("normal", began, ahead=urgent)
    for lane in (urgent, normal):
        lane.groups.start()
    yield urgent, normal, began
    for lane in (urgent, normal):
        await lane.groups.drain()


async def test_no_normal_group_begins_while_something_urgent_is_under_way(
    lanes: tuple[Lane, Lane, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "WAY", 60.0)
    urgent, normal, began = lanes
    urgent.go_on.clear()
    first = asyncio.create_task(urgent.groups.submit(operation()))
    await until(lambda: began == ["urgent"], "the urgent group has begun")
    second = asyncio.create_task(normal.groups.submit(operation()))
    # Long after a normal group would have begun by itself.
    assert not (await asyncio.wait({second}, timeout=50 * groups.WAIT))[0]
    assert began == ["urgent"]
    urgent.go_on.set()
    await asyncio.gather(first, second)
    assert began == ["urgent", "normal"]


async def test_a_flood_of_urgent_messages_does_not_stop_the_normal_ones(
    lanes: tuple[Lane, Lane, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "WAY", 0.05)
    urgent, normal, began = lanes
    urgent.go_on.clear()
    held = asyncio.create_task(urgent.groups.submit(operation()))
    await until(lambda: began == ["urgent"], "the urgent group has begun")
    await normal.groups.submit(operation())
    assert began == ["urgent", "normal"]
    urgent.go_on.set()
    await held
