"""Whole journeys: reports over HTTP to intake, until each has a detective, its messages and its timeline."""

import asyncio
import json
import time
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import httpx
from pydantic import SecretStr

from benchmarks.client import Result, request, send
from benchmarks.reports import reports
from benchmarks.sizes import Sizes
from benchmarks.system import NAIVE, REAL, System
from shared.contracts.envelope import Person
from shared.people import issue_token

SERVICES = ("verification", "classification", "investigation", "notification", "intake")
DETECTIVES = 40
CONNECTIONS = 32
_PATIENCE = 120.0
_UNITS = ["Pidum", "Jatanras", "Satresnarkoba", "Tipidter", "Tipikor"]


def start(system: System, factory: str = REAL) -> None:
    system.start_simulators()
    for service in SERVICES:
        system.start(service, factory)
    enrol(system)


def signed(system: System, role: str) -> tuple[str, str]:
    """The header of a person with that role, who belongs to every unit."""
    person = Person(f"{role}-1", frozenset({role}), frozenset({"polres-sukamaju", *_UNITS}))
    token = issue_token(person, SecretStr(system.environment["ADUAN_TOKEN_KEY"]), datetime.now(UTC))
    return "Authorization", f"Bearer {token}"


def enrol(system: System) -> None:
    """Puts detectives on the roster, so that every case finds one."""
    url = f"http://127.0.0.1:{system.port('investigation')}"
    with httpx.Client(base_url=url, headers=dict([signed(system, "administrator")])) as client:
        for nth in range(DETECTIVES):
            officer = {"name": f"Penyidik Contoh {nth}", "phone": "0264 555 0100", "units": _UNITS, "specialities": []}
            client.put(f"/officers/detective-{nth}", json=officer).raise_for_status()


def submit(system: System, count: int, seed: int, rate: float | None = None) -> Result:
    """Sends so many reports. Raises AssertionError where one is not taken."""
    bodies = reports(count, seed)
    requests = [request("POST", "/complaints", body, (("Idempotency-Key", str(uuid4())),)) for body in bodies]
    result = asyncio.run(send(system.port("intake"), requests, CONNECTIONS, rate))
    assert set(result.statuses) == {201}, f"intake answered {result.statuses}"
    return result


def finished(system: System, ids: list[str]) -> int:
    """How many of the reports have a detective and say so in their reporter's timeline."""
    query = {"_id": {"$in": ids}, "case.timeline.key": "assigned"}
    count: int = system.database("notification")["correspondence"].count_documents(query)
    return count


def rate(system: System, count: int, seed: int) -> tuple[float, float]:
    """Journeys a second, from the first request to the last timeline; and the share that went through by itself.

    The few reports that wait for an officer are left out of both: the clock stops with the last that did not.
    """
    started = time.perf_counter()
    result = submit(system, count, seed)
    ids = [json.loads(body)["id"] for body in result.bodies]
    done, ended = 0, time.perf_counter()
    while done < count and time.perf_counter() - ended < 5 and time.perf_counter() - started < _PATIENCE:
        now = finished(system, ids)
        if now > done:
            done, ended = now, time.perf_counter()
        time.sleep(0.05)
    return done / (ended - started), done / count


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    """The shell against the naive one in turns, and the memory of each service before and after its load."""
    rates: dict[str, list[float]] = {REAL: [], NAIVE: []}
    memory: dict[str, float] = {}
    for nth in range(sizes.repeats):
        for factory, measured_so_far in rates.items():
            system.forget()
            start(system, factory)
            if factory == REAL:
                memory |= {f"memory_rest_mb_{service}": system.resident(service) / 2**20 for service in SERVICES}
            rate(system, max(10, sizes.journeys // 10), 1000 + nth)
            measured, share = rate(system, sizes.journeys if factory == REAL else sizes.naive_journeys, nth)
            assert share > 0.8, f"only {share:.0%} of the reports went through"
            measured_so_far.append(measured)
            if factory == REAL:
                memory |= {f"memory_load_mb_{service}": system.resident(service) / 2**20 for service in SERVICES}
    real, naive = median(rates[REAL]), median(rates[NAIVE])
    return {"journey_vs_naive": real / naive, "journeys_a_second": real, "naive_journeys_a_second": naive, **memory}
