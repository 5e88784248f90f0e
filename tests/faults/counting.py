"""A service whose every effect can be counted, and ways to make its process die at a chosen point.

It stands in for classification: each `complaint.verified` adds one to its case and says `complaint.classified`.
It has no guard of its own, so that doing a message twice shows. Nothing of this is in the product: the failpoints are
put in from outside, by replacing a method before the service starts.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aio_pika
from fastapi import FastAPI

from shared import store, unit
from shared.contracts.classification import Classification, ComplaintClassified
from shared.contracts.envelope import Decision, Envelope, Lane
from shared.contracts.verification import ComplaintVerified
from shared.handlers import On
from shared.service import Cases, Service, create_app
from shared.settings import Settings

SERVICE = "classification"
POINT, AFTER, FORGETFUL = "CRASH_POINT", "CRASH_AFTER", "CRASH_FORGETFUL"
POINTS = ("before commit", "before publish", "before clear", "before ack")

_ANY = Classification(
    category="theft", urgency="P3", tracks=("investigation",), mediation="never", units=("Pidum",), confidence=1
)


@dataclass(frozen=True)
class Count:
    polres: str
    lane: Lane
    times: int


def count(case: Count | None, message: Envelope[ComplaintVerified], now: datetime) -> Decision[Count]:
    before = case or Count(message.polres, message.lane, 0)
    said = ComplaintClassified(report=message.data.report, classification=_ANY)
    return Decision(replace(before, times=before.times + 1), (said,))


def app() -> FastAPI:
    if POINT in os.environ:
        die_at(os.environ[POINT], int(os.environ[AFTER]))
    if FORGETFUL in os.environ:
        unit.Unit._repeated = lambda *_: False  # type: ignore[method-assign]
    service = Service(SERVICE, Settings(), {"counts": Cases(Count)}, lambda room: [On(ComplaintVerified, count)])
    return create_app(service)


def die_at(point: str, after: int) -> None:
    """Makes this process kill itself at the point, after it has passed it so many times."""
    owner, name = {
        "before commit": (store.Store, "commit"),
        "after commit": (store.Store, "commit"),
        "before publish": (unit.Unit, "publish"),
        "before clear": (store.Store, "clear"),
        "before ack": (aio_pika.message.IncomingMessage, "ack"),
    }[point]
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)
    calls = 0

    async def dying(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > after:
            if point == "after commit":
                await original(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)
            await asyncio.Event().wait()
        return await original(*arguments)

    setattr(owner, name, dying)
