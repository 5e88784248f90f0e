"""Intake by itself: its top rate, then how long it takes to accept a report at half of that."""

import asyncio
from statistics import median
from uuid import uuid4

from benchmarks.client import Result, request, send
from benchmarks.progress import say
from benchmarks.reports import reports
from benchmarks.sizes import Sizes
from benchmarks.system import System

CONNECTIONS = 32


def submit(system: System, count: int, seed: int, rate: float | None = None) -> Result:
    """Sends so many reports. Raises AssertionError where one is not taken."""
    bodies = reports(count, seed)
    requests = [request("POST", "/complaints", body, (("Idempotency-Key", str(uuid4())),)) for body in bodies]
    result = asyncio.run(send(system.port("intake"), requests, CONNECTIONS, rate))
    assert set(result.statuses) == {201}, f"intake answered {result.statuses}"
    return result


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    tops, halves = [], []
    for nth in range(sizes.repeats):
        system.forget()
        system.start("intake")
        system.wait_until_ready()
        submit(system, sizes.submissions // 5, 1000 + nth)
        top = sizes.submissions / submit(system, sizes.submissions, nth).seconds
        half = submit(system, sizes.submissions, 2000 + nth, top / 2)
        tops.append(top)
        halves.append(half)
        say(f"intake takes {top:.0f} reports a second, at half of that p99 is {half.percentile(0.99) * 1000:.1f} ms")
    return {
        "intake_p99_ms": median(half.percentile(0.99) for half in halves) * 1000,
        "intake_p50_ms": median(half.percentile(0.5) for half in halves) * 1000,
        "intake_top_a_second": median(tops),
    }
