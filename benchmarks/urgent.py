"""Urgent reports on an idle system, and the same behind thousands of normal ones."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import uuid4

import httpx

from benchmarks import journeys
from benchmarks.client import request, send
from benchmarks.load import fill, submitted, waiting
from benchmarks.progress import say
from benchmarks.reports import emergency
from benchmarks.sizes import Sizes
from benchmarks.system import System
from shared.contracts.envelope import Envelope, Event, Lane, routing_key
from shared.contracts.intake import ComplaintSubmitted
from shared.topology import EVENTS_EXCHANGE, lane_queue

_A_SECOND = 3.0
_LOOK_EVERY = 0.01
_PATIENCE = 60.0

_Measured = tuple[float, float]  # seconds: the p99 on an idle system, and behind a backlog


@dataclass
class _Watch:
    """When each report was told, and how long it took until its reporter could read that a patrol was sent."""

    correspondence: Any
    told: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        waiting_for = [id_ for id_ in self.told if id_ not in self.seconds]
        query = {"_id": {"$in": waiting_for}, "case.timeline.key": "patrol_dispatched"}
        for row in self.correspondence.find(query, {"_id": 1}):
            self.seconds[row["_id"]] = time.perf_counter() - self.told[row["_id"]]


async def _tell(system: System, count: int) -> list[float]:
    watch, headers = (
        _Watch(system.database("notification")["correspondence"]),
        [journeys.signed(system, "call_operator")],
    )
    start = time.perf_counter()

    async def tell(nth: int) -> None:
        due = start + nth / _A_SECOND
        await asyncio.sleep(due - time.perf_counter())
        key = ("Idempotency-Key", str(uuid4()))
        asked = request("POST", "/calls/complaints", emergency(nth), [key, *headers])
        answer = await send(system.port("intake"), [asked], 1)
        assert set(answer.statuses) == {201}, f"intake answered {answer.statuses}"
        watch.told[json.loads(answer.bodies[0])["id"]] = due

    telling = [asyncio.ensure_future(tell(nth)) for nth in range(count)]
    while len(watch.seconds) < count:
        await asyncio.to_thread(watch.look)
        await asyncio.sleep(_LOOK_EVERY)
        if time.perf_counter() - start > count / _A_SECOND + _PATIENCE:
            raise TimeoutError(f"{len(watch.seconds)} of {count} urgent reports got a patrol")
    await asyncio.gather(*telling)
    return sorted(watch.seconds.values())


def _enrol_patrols(system: System, count: int) -> None:
    url = f"http://127.0.0.1:{system.port('investigation')}"
    with httpx.Client(base_url=url, headers=dict([journeys.signed(system, "administrator")])) as client:
        for nth in range(count):
            entry = {"call_sign": f"Contoh {nth}", "unit": "Samapta", "lat": -6.6, "lon": 107.4}
            client.put(f"/patrols/patrol-{nth}", json=entry).raise_for_status()


def _p99(seconds: list[float]) -> float:
    return seconds[min(len(seconds) - 1, int(0.99 * len(seconds)))]


def _start_apart(system: System) -> None:
    """Each service with a process for its urgent lane, and one with less weight for the other."""
    system.start_simulators()
    weights: Mapping[Lane, int] = {"urgent": 0, "normal": 10}
    for lane, nice in weights.items():
        for service in journeys.SERVICES:
            system.start(service, lanes=[lane], nice=nice)
    system.wait_until_ready()
    journeys.enrol(system)


def _measure(
    system: System, sizes: Sizes, backlog: list[Envelope[Event]], start: Callable[[System], None]
) -> _Measured:
    system.forget()
    start(system)
    _enrol_patrols(system, 2 * sizes.urgent + 10)
    asyncio.run(_tell(system, max(2, sizes.urgent // 10)))
    idle = _p99(asyncio.run(_tell(system, sizes.urgent)))
    fill(system, EVENTS_EXCHANGE, routing_key(ComplaintSubmitted.wire, "normal"), backlog)
    behind = _p99(asyncio.run(_tell(system, sizes.urgent)))
    left = max(waiting(system, lane_queue(service, "normal")) for service in ("verification", "notification"))
    say(f"urgent p99: idle {idle:.3f} s, behind a backlog {behind:.3f} s ({left} still wait)")
    return idle, behind


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    say(f"{sizes.backlog} normal reports are prepared")
    backlog = submitted(system, sizes.backlog)
    figures: dict[str, float] = {}
    for name, start in (("urgent", journeys.start), ("urgent_apart", _start_apart)):
        say(f"{sizes.urgent} urgent reports, then as many behind {sizes.backlog} normal ones: {name}")
        measured = [_measure(system, sizes, backlog, start) for _ in range(sizes.repeats)]
        idle, behind = (median(each) for each in zip(*measured, strict=True))
        figures |= {
            f"{name}_p99_vs_idle": behind / idle,
            f"{name}_p99_idle_ms": idle * 1000,
            f"{name}_p99_behind_ms": behind * 1000,
        }
    return figures
