"""One message for one case, and what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shared.contracts.envelope import Command, Decision, Envelope
from shared.contracts.refusals import Unavailable
from shared.store import Outgoing

Message = Envelope[Any] | Command[Any]
Decide = Callable[..., Decision[Any]]
Gather = Callable[[Sequence[tuple[Any, Any]]], Awaitable[Sequence[Any]]]


def name_of(decide: Decide) -> str:
    """What a decision is called, also where some of its arguments are bound."""
    while isinstance(decide, partial):
        decide = decide.func
    return decide.__name__


@dataclass(frozen=True, slots=True)
class Operation:
    """One message for one case. `decide(case, message, now)` is pure; where there is a `gather` step, what it found is
    passed as a fourth argument. `expected` is the version that the acting person saw."""

    message: Message
    decide: Decide
    case_id: str
    gather: Gather | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The case after the message. `repeated`: the message had been processed before and changed nothing now."""

    case: Any
    version: int
    repeated: bool = False


@dataclass(slots=True)
class Waiting:
    """An operation under way and whoever waits for it."""

    operation: Operation
    future: asyncio.Future[Outcome]
    arrived: float
    known: Any = None
    traceparent: str | None = None  # of the span that waits
    alone: bool = False  # to be decided apart from the others for its case
    publishes: list[tuple[str, Outgoing]] = field(default_factory=list)
    result: Outcome | Exception | None = None

    def settle(self) -> None:
        """Tells whoever waits; the first time counts."""
        if self.future.done():
            return
        if isinstance(self.result, Outcome):
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.result or Unavailable("unfinished", "The message was not processed."))
