"""The demo's stories are the journeys of the product; each must end where it should."""

from collections.abc import Awaitable, Callable

import pytest

from deploy.demo.__main__ import STORIES, Play
from deploy.demo.stage import Stage
from deploy.local.state import State
from tests.support.provider import AtOnce

Story = Callable[[Stage, Play], Awaitable[None]]


@pytest.mark.parametrize(("title", "story"), STORIES, ids=[title for title, _ in STORIES])
async def test_the_story_ends_where_it_should(system: State, title: str, story: Story) -> None:
    play = Play(title, story)
    async with Stage(system, AtOnce()) as stage:
        await stage.enrol()
        await play.run(stage)
    assert play.state == "ended", play.step
    assert play.ending, "a story leaves something to look at"
