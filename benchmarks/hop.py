"""One hop: from a filled queue through one process to the next queue, on the shell and written by hand."""

import time
from collections.abc import Callable
from statistics import median

from benchmarks.load import fill, verified, waiting
from benchmarks.sizes import Sizes
from benchmarks.system import System
from benchmarks.trial import SERVICE

_PATIENCE = 120.0
_WARM = 0.1  # the share of the messages that pass before the clock starts


def drained(count: Callable[[], int], messages: int) -> float:
    """Messages a second, once the first share has passed. Raises TimeoutError where they do not all get through."""
    started, first, deadline = 0.0, 0, time.monotonic() + _PATIENCE
    while (now := count()) < messages:
        if not first and now >= messages * _WARM:
            started, first = time.perf_counter(), now
        if time.monotonic() > deadline:
            raise TimeoutError(f"{now} of {messages} messages got through")
        time.sleep(0.01)
    assert first, "all were through before the clock started"
    return (messages - first) / (time.perf_counter() - started)


def _one(system: System, messages: int, shell: bool) -> float:
    system.forget()
    fill(system, "", f"{SERVICE}.normal", verified(messages))
    counts = system.database(SERVICE)["counts"]
    if shell:
        system.start(SERVICE, "benchmarks.trial:app", wait=False)
    else:
        system.start_program(SERVICE, "benchmarks.raw")
    result = drained(counts.estimated_document_count, messages)
    deadline = time.monotonic() + _PATIENCE
    while waiting(system, "notification.normal") < messages or counts.find_one({"outbox.0": {"$exists": True}}):
        if time.monotonic() > deadline:
            raise TimeoutError("not every message had its event published")
        time.sleep(0.1)
    return result


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    rates: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(sizes.repeats):
        for shell, measured in rates.items():
            measured.append(_one(system, sizes.messages, shell))
    on_shell, by_hand = median(rates[True]), median(rates[False])
    return {"hop_vs_raw": on_shell / by_hand, "hop_a_second": on_shell, "raw_hop_a_second": by_hand}
