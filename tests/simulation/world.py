"""What one history shares: its seed, its clock, its weather, its trace and the faults that were found in it."""

import asyncio
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal, Protocol

from tests.simulation.loop import VirtualLoop

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
STORM_SECONDS = 5.0  # faults happen for so long; then everything must calm down
GATES = 200  # about as many awaits of a fake as a history has

Phase = Literal["before", "after"]
Mechanism = Literal["seen", "ack after commit", "relay", "version guard", "confirms", "audit"]


class Mortal(Protocol):
    """A process, as far as the fakes must know it."""

    name: str
    alive: bool

    def die(self) -> None: ...


inside: ContextVar[Any] = ContextVar("inside", default=None)


class World:
    """Draws every chance from one seed and passes every await of a fake, where processes may die."""

    def __init__(
        self, seed: int, without: Mechanism | None = None, crash_at: int | None = None, tracing: bool = False
    ) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.loop = VirtualLoop()
        self.without = without
        self.trace: list[str] | None = [] if tracing else None
        self.faults: list[str] = []
        self.gates = 0
        self.crashed_at: set[tuple[str, Phase]] = set()
        self.quiet = crash_at is not None or self.random.random() < 0.05
        crashes = 0 if self.quiet else self.random.choice((0, 1, 1, 2, 2, 3, 4))
        self.crash_at = {self.random.randrange(1, GATES) for _ in range(crashes)}
        if crash_at:
            self.crash_at = {crash_at}
        self.failing = 0.0 if self.quiet else self.random.choice((0.0, 0.01, 0.03, 0.08))
        self.duplicating = 0.0 if self.quiet else self.random.choice((0.0, 0.05, 0.3))
        self.slow = self.random.choice((0.0, 0.02, 0.2))
        self.database_away = self.broker_away = False

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.loop.now)

    @property
    def storm(self) -> bool:
        return self.loop.now < STORM_SECONDS

    def chance(self, probability: float) -> bool:
        """Whether a fault of this probability happens now; never after the storm."""
        return probability > 0 and self.storm and self.random.random() < probability

    def latency(self) -> float:
        longest = 0.5 if self.slow and self.storm and self.random.random() < self.slow else 0.005
        return self.random.random() * longest

    async def gate(self, process: Mortal, what: str, phase: Phase) -> None:
        """An await of a fake: time passes, others run, and the process may not live to see the end of it."""
        if not process.alive:
            raise asyncio.CancelledError
        if phase == "before" or self.random.random() < 0.5:
            await asyncio.sleep(self.latency())
            if not process.alive:
                raise asyncio.CancelledError
        self.gates += 1
        if self.gates in self.crash_at:
            self.crashed_at.add((what, phase))
            self.note(process.name, f"dies {phase} {what} (gate {self.gates})")
            process.die()
            raise asyncio.CancelledError

    def note(self, who: str, what: str, **detail: Any) -> None:
        if self.trace is not None:
            rest = " ".join(f"{key}={value}" for key, value in detail.items())
            self.trace.append(f"{self.loop.now:10.4f}  {who:12} {what} {rest}".rstrip())

    def fault(self, text: str) -> None:
        self.note("FAULT", text)
        self.faults.append(text)
