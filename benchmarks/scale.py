"""Two and four processes of one service against one, on the same queue."""

from statistics import median

from benchmarks.hop import drained
from benchmarks.load import fill, verified
from benchmarks.progress import say
from benchmarks.sizes import Sizes
from benchmarks.system import System
from benchmarks.trial import SERVICE

COUNTS = (1, 2, 4)


def _rate(system: System, messages: int, processes: int) -> float:
    system.forget()
    system.start(SERVICE, "benchmarks.trial:app", processes)
    system.wait_until_ready()
    # They stand still while the queue is filled, so that all begin in the same moment.
    system.hold(SERVICE)
    fill(system, "", f"{SERVICE}.normal", verified(messages))
    system.release(SERVICE)
    rate, _ = drained(system.database(SERVICE)["counts"].estimated_document_count, messages)
    return rate


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    rates: dict[int, list[float]] = {count: [] for count in COUNTS}
    for _ in range(sizes.repeats):
        for count, measured in rates.items():
            measured.append(_rate(system, sizes.messages, count))
            say(f"{count} process(es) of one service: {measured[-1]:.0f} messages a second")
    alone = median(rates[1])
    return {f"scale_{count}": median(rates[count]) / alone for count in COUNTS[1:]}
