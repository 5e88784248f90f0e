"""Whole journeys: reports over HTTP to intake, until each has a detective, its messages and its timeline."""

import json
import time
from dataclasses import dataclass
from statistics import median

import httpx

from benchmarks.intake import submit
from benchmarks.progress import say
from benchmarks.sizes import Sizes
from benchmarks.system import BARE, NAIVE, REAL, System
from deploy.local.layout import service_names
from shared.contracts.envelope import Person
from tests.support.provider import the_provider

# Every service there is takes part; intake last, since it is what lets reports in.
SERVICES = (*(name for name in service_names() if name != "intake"), "intake")
DETECTIVES = 40
_PATIENCE = 120.0
_SETTLED = 5.0  # seconds without another one that is through
_MOST = 0.8  # the share that goes through by itself, at least
_NAMES = {REAL: "the shell", BARE: "the shell without its guards", NAIVE: "the naive shell"}
_UNITS = ["Pidum", "Jatanras", "Satresnarkoba", "Tipidter", "Tipikor"]


def start(system: System, factory: str = REAL) -> None:
    system.start_simulators()
    for service in SERVICES:
        system.start(service, factory)
    system.wait_until_ready()
    enrol(system)


def signed(system: System, role: str, id_: str | None = None) -> tuple[str, str]:
    """The header of a person with that role, who belongs to every unit."""
    person = Person(id_ or f"{role}-1", frozenset({role}), frozenset({"polres-sukamaju", *_UNITS}))
    return "Authorization", f"Bearer {the_provider().token(person)}"


def enrol(system: System) -> None:
    """Puts detectives on the roster, so that every case finds one."""
    url = f"http://127.0.0.1:{system.port('investigation')}"
    with httpx.Client(base_url=url, headers=dict([signed(system, "administrator")])) as client:
        for nth in range(DETECTIVES):
            officer = {"name": f"Penyidik Contoh {nth}", "phone": "0264 555 0100", "units": _UNITS, "specialities": []}
            client.put(f"/officers/detective-{nth}", json=officer).raise_for_status()


def finished(system: System, ids: list[str]) -> int:
    """How many of the reports have a detective, which their reporter can read and evaluation has recorded."""
    told = {"_id": {"$in": ids}, "case.timeline.key": "assigned"}
    counted = {"_id": {"$in": ids}, "case.facts.kind": "investigation.assigned"}
    return min(
        system.database("notification")["correspondence"].count_documents(told),
        system.database("evaluation")["records"].count_documents(counted),
    )


@dataclass(frozen=True)
class Travelled:
    """How many reports went the whole way by themselves, in how many seconds, and what intake answered."""

    done: int
    seconds: float
    bodies: list[bytes]

    @property
    def rate(self) -> float:
        return self.done / self.seconds


def travel(system: System, count: int, seed: int) -> Travelled:
    """Journeys from the first request to the last timeline.

    The few reports that wait for an officer are left out: the clock stops with the last that did not.
    """
    started = time.perf_counter()
    bodies = submit(system, count, seed).bodies
    ids = [json.loads(body)["id"] for body in bodies]
    done, ended = 0, time.perf_counter()
    while done < count and time.perf_counter() - ended < _SETTLED and time.perf_counter() - started < _PATIENCE:
        now = finished(system, ids)
        if now > done:
            done, ended = now, time.perf_counter()
        time.sleep(0.05)
    assert done > _MOST * count, f"only {done} of {count} reports went through"
    return Travelled(done, ended - started, bodies)


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    """The shell against the naive one and against one that guards nothing, in turns, and the memory of each service
    before and after its load."""
    rates: dict[str, list[float]] = {REAL: [], BARE: [], NAIVE: []}
    memory: dict[str, float] = {}
    for nth in range(sizes.repeats):
        for factory, measured_so_far in rates.items():
            system.forget()
            start(system, factory)
            if factory == REAL:
                memory |= _memory(system, "rest")
            travel(system, max(10, sizes.journeys // 10), 1000 + nth)
            measured_so_far.append(
                travel(system, sizes.naive_journeys if factory == NAIVE else sizes.journeys, nth).rate
            )
            if factory == REAL:
                memory |= _memory(system, "load")
            say(f"{_NAMES[factory]}: {measured_so_far[-1]:.1f} journeys a second")
    real, bare, naive = median(rates[REAL]), median(rates[BARE]), median(rates[NAIVE])
    return {
        "journey_vs_naive": real / naive,
        "privacy_cost": 1 - real / bare,
        "journeys_a_second": real,
        "bare_journeys_a_second": bare,
        "naive_journeys_a_second": naive,
        **memory,
    }


def _memory(system: System, when: str) -> dict[str, float]:
    return {f"memory_{when}_mb_{service}": system.resident(service) / 2**20 for service in SERVICES}
