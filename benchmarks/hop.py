"""One hop: from a filled queue through one process to the next queue, on the shell and written by hand."""

import time
from collections.abc import Callable
from statistics import median

from benchmarks.load import fill, verified, waiting
from benchmarks.progress import say
from benchmarks.sizes import Sizes
from benchmarks.system import System
from benchmarks.trial import SERVICE

_PATIENCE = 120.0
_WARM = 0.1  # the share of the messages that pass before the clock starts


def drained(
    count: Callable[[], int], messages: int, used: Callable[[], float] = lambda: 0.0, warm: float = _WARM
) -> tuple[float, float]:
    """Messages a second, and what was used for each, once the first share has passed.

    Raises TimeoutError where they do not all get through.
    """
    started, first, before, deadline = 0.0, 0, 0.0, time.monotonic() + _PATIENCE
    while (now := count()) < messages:
        if not first and now >= messages * warm:
            started, first, before = time.perf_counter(), now, used()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{now} of {messages} messages got through")
        time.sleep(0.01)
    assert first, "all were through before the clock started"
    measured = messages - first
    return measured / (time.perf_counter() - started), (used() - before) / measured


def _one(system: System, messages: int, shell: bool) -> tuple[float, float]:
    """Messages a second, and the milliseconds of processor time that the program itself spends on each."""
    system.forget()
    fill(system, "", f"{SERVICE}.normal", verified(messages))
    counts = system.database(SERVICE)["counts"]
    if shell:
        system.start(SERVICE, "benchmarks.trial:app")
    else:
        system.start_program(SERVICE, "benchmarks.raw")
    rate, seconds = drained(counts.estimated_document_count, messages, lambda: system.processor_seconds(SERVICE))
    deadline = time.monotonic() + _PATIENCE
    while waiting(system, "notification.normal") < messages or counts.find_one({"outbox.0": {"$exists": True}}):
        if time.monotonic() > deadline:
            raise TimeoutError("not every message had its event published")
        time.sleep(0.1)
    return rate, seconds * 1000


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    measured: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for _ in range(sizes.repeats):
        for shell, so_far in measured.items():
            so_far.append(_one(system, sizes.messages, shell))
            rate, spent = so_far[-1]
            say(f"one hop {'on the shell' if shell else 'by hand'}: {rate:.0f} a second, {spent:.2f} ms each")
    on_shell, by_hand = (median(rate for rate, _ in measured[shell]) for shell in (True, False))
    return {
        "hop_vs_raw": on_shell / by_hand,
        "hop_a_second": on_shell,
        "raw_hop_a_second": by_hand,
        "hop_cpu_ms": median(spent for _, spent in measured[True]),
        "raw_hop_cpu_ms": median(spent for _, spent in measured[False]),
    }
