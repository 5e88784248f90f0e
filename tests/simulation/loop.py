"""An event loop whose time passes only when nothing is left to do at the present moment."""

import asyncio
from typing import Any


class Stuck(Exception):
    """Everybody waits for something that can no longer happen."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs tasks in virtual time: no waiting, no sockets, the same order on every run."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._selector = _Skip(self)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self.now

    def _process_events(self, events: list[Any]) -> None:
        """There are none: nothing comes from outside."""

    def _write_to_self(self) -> None:
        """Nobody waits who would have to be woken."""


class _Skip:
    """Stands where the loop would wait for sockets, and lets the clock jump to the next timer instead."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Stuck
        self._loop.now += max(0.0, timeout)
        return []
