"""`python -m deploy.demo`: starts the system, plays the stories beside each other, and shows how each one ended."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.table import Table

from deploy.demo import (
    stories_channels,
    stories_conduct,
    stories_crime,
    stories_evaluation,
    stories_mediation,
    stories_referral,
)
from deploy.demo.stage import OFFICE, Stage, StoryFailed
from deploy.identity.people import officers
from deploy.local.__main__ import down, show, up
from deploy.local.environments import embeds_identity
from deploy.local.layout import RUN
from deploy.local.process import NotStarted
from deploy.local.state import State
from shared.policy import policy

STORIES = (
    *stories_crime.STORIES,
    *stories_channels.STORIES,
    *stories_mediation.STORIES,
    *stories_referral.STORIES,
    *stories_conduct.STORIES,
    *stories_evaluation.STORIES,
)
_NAMED = 3  # people of a role, in the list of those who can sign in
_MARKS = {"playing": "[yellow]…[/]", "ended": "[green]✓[/]", "failed": "[red]✗[/]"}


@dataclass
class Play:
    """A story while it is told."""

    title: str
    story: Callable[[Stage, "Play"], Awaitable[None]]
    state: str = "playing"
    step: str = "waits for its turn"
    seconds: float = 0.0
    ending: list[str] = field(default_factory=list)

    def says(self, step: str) -> None:
        """What happens now, for the table."""
        self.step = step

    def shows(self, *lines: str) -> None:
        """What is left at the end: a timeline, messages."""
        self.ending += lines

    async def run(self, stage: Stage) -> None:
        started = time.monotonic()
        try:
            await self.story(stage, self)
            self.state = "ended"
        except (StoryFailed, TimeoutError, LookupError) as failure:
            self.state, self.step = "failed", f"{self.step}: {type(failure).__name__} {failure}"
        self.seconds = time.monotonic() - started


def _table(plays: list[Play]) -> Table:
    table = Table(expand=True, show_edge=False, pad_edge=False)
    table.add_column("", width=2)
    table.add_column("story", ratio=2)
    table.add_column("what happens", ratio=3)
    table.add_column("s", justify="right", width=6)
    for play in plays:
        table.add_row(_MARKS[play.state], play.title, play.step, f"{play.seconds:.1f}" if play.seconds else "")
    return table


async def _play(state: State, console: Console) -> bool:
    plays = [Play(title, story) for title, story in STORIES]
    async with Stage(state) as stage:
        await stage.enrol()
        running = asyncio.gather(*(play.run(stage) for play in plays))
        if console.is_terminal:
            with Live(_table(plays), console=console, refresh_per_second=8) as live:
                while not running.done():
                    await asyncio.sleep(0.1)
                    live.update(_table(plays))
        await running
        if not console.is_terminal:
            console.print(_table(plays))
    for play in plays:
        if play.ending:
            console.print(Panel("\n".join(play.ending), title=play.title, title_align="left"))
    failed = [play.title for play in plays if play.state != "ended"]
    console.print(
        f"[red]{len(failed)} of {len(plays)} stories did not end where they should: {', '.join(failed)}[/]"
        if failed
        else f"[green]All {len(plays)} stories ended where they should.[/]"
    )
    return not failed


def _sign_ins() -> Table:
    """Who can sign in on the pages: of each role those of the sample office."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("role")
    table.add_column("who", ratio=2)
    table.add_column("sign in as", ratio=2)
    # Who has one role alone shows best what it opens.
    people = sorted(((id_, groups) for id_, _, groups in officers(OFFICE)), key=lambda person: len(person[1]))
    for role, words in policy().roles.items():
        names = [id_ for id_, groups in people if f"role:{role}" in groups]
        if names:
            table.add_row(role, words, ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else ""))
    return table


def _show_pages(state: State, console: Console) -> None:
    console.print("\nSign in there as one of these:\n")
    console.print(_sign_ins())
    password = state.environment["ADUAN_IDENTITY_PASSWORD"]
    console.print(f"\nAll have the password  {password}", highlight=False, markup=False, soft_wrap=True)


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    if "ADUAN_RUN_FOLDER" not in os.environ:
        sys.exit("Start it by `make demo`: it begins with empty databases, in a folder of its own.")
    try:
        down(quietly=True)
        shutil.rmtree(RUN / "data", ignore_errors=True)
        state = up({})
        console.print()
        succeeded = asyncio.run(_play(state, console))
    except NotStarted as problem:
        sys.exit(f"Cannot go on: {problem}")
    except KeyboardInterrupt:
        sys.exit("Interrupted. What runs is shown by `make status` and ended by `make down`.")
    console.print("\nThe system goes on running:")
    show(state)
    if embeds_identity():
        _show_pages(state, console)
    sys.exit(0 if succeeded else 1)


if __name__ == "__main__":
    main()
