"""The same work among 300,000 stored cases and among 1,000: new reports, worklists, look-ups, timelines.

Both have as many open cases. The others are those of past years: concluded, with no timer, and no longer compared with
new reports, as the services themselves leave them.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from statistics import median
from typing import Any

from pymongo import IndexModel, WriteConcern
from pymongo.collection import Collection

from benchmarks import journeys
from benchmarks.client import request, send
from benchmarks.progress import say
from benchmarks.sizes import Sizes
from benchmarks.system import System

FEW, MANY = "few_", "many_"
_BATCH = 1_000
_CONNECTIONS = 16

# Where each service keeps its cases, and what differs in one of past years. `+` makes a value unique that has to be.
Past = Mapping[str, tuple[str, Mapping[str, Any]]]
PAST: Past = {
    "intake": ("complaints", {"request": "+", "tracking_lookup": "+", "report.register_number": "+"}),
    "verification": ("verifications", {"status": "verified", "trace": None, "due": None, "question": None}),
    "classification": ("matters", {"status": "classified"}),
    "investigation": ("cases", {"status": "concluded", "due": None, "plan": None, "searching": False}),
    "notification": ("correspondence", {"lookup": "+", "due": None}),
}


def _past(case: Mapping[str, Any], changes: Mapping[str, Any], nth: int) -> dict[str, Any]:
    past = dict(case)
    for path, value in changes.items():
        name, _, inner = path.partition(".")
        if inner:
            past[name] = _past(past[name], {inner: value}, nth)
        else:
            past[name] = f"{past[name]}/{nth}" if value == "+" else value
    return past


def _copies(documents: list[dict[str, Any]], changes: Mapping[str, Any], rounds: int) -> Iterator[dict[str, Any]]:
    for nth in range(1, rounds):
        for document in documents:
            id_ = f"{nth:08x}{document['_id'][8:]}"
            yield {**document, "_id": id_, "case": _past(document["case"], changes, nth), "outbox": []}


def grow(system: System, rounds: int, past: Past) -> None:
    """Makes a second set of databases: all that the first holds, and that many times its cases of past years."""
    for service in journeys.SERVICES:
        collection, changes = past.get(service, ("", {}))
        few, many = system.server[f"{FEW}{service}"], system.server[f"{MANY}{service}"]
        for name in few.list_collection_names():
            documents = list(few[name].find())
            target = many.get_collection(name, write_concern=WriteConcern(w=1))
            if documents:
                target.insert_many(documents)
            if name == collection:
                copies = _copies(documents, changes, rounds)
                while batch := list(islice(copies, _BATCH)):
                    target.insert_many(batch, ordered=False)
            _copy_indexes(few[name], many[name])
        say(f"{service} has {many[collection].estimated_document_count() if collection else 0} cases")
    # What is measured is how they lie there, not that they have just been written.
    system.server.admin.command("fsync")


def _copy_indexes(source: Collection[dict[str, Any]], target: Collection[dict[str, Any]]) -> None:
    # The services would make them too, but give up on a database that is busy with it for long.
    found = [dict(index) for index in source.list_indexes() if index["name"] != "_id_"]
    if found:
        target.create_indexes([IndexModel(list(i.pop("key").items()), **_options(i)) for i in found])


def _options(index: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in index.items() if name not in ("v", "ns")}


def _lookups(system: System, codes: list[str], ids: list[str]) -> dict[str, list[bytes]]:
    """One request of each kind by service: worklists and single cases for staff, timelines for reporters."""
    verifier, detective = journeys.signed(system, "verifier"), journeys.signed(system, "detective", "detective-1")
    chief = journeys.signed(system, "chief")
    return {
        "verification": [request("GET", "/worklist", b"", [verifier])],
        "classification": [request("GET", "/worklist", b"", [journeys.signed(system, "classifier")])],
        "investigation": [
            request("GET", "/worklists/mine", b"", [detective]),
            request("GET", "/worklists/unit", b"", [chief]),
            request("GET", "/worklists/overdue", b"", [chief]),
        ],
        "intake": [request("GET", f"/complaints/{id_}", b"", [verifier]) for id_ in ids],
        "notification": [request("POST", "/tracking", json.dumps({"code": code}).encode()) for code in codes],
    }


def _look_up(system: System, requests: Mapping[str, list[bytes]], count: int) -> float:
    started = time.perf_counter()
    for service, kinds in requests.items():
        asked = list(islice(cycle(kinds), max(1, count // len(requests))))
        result = asyncio.run(send(system.port(service), asked, _CONNECTIONS))
        assert set(result.statuses) == {200}, f"{service} answered {result.statuses}"
    return time.perf_counter() - started


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    system.forget()
    system.use(FEW)
    journeys.start(system)
    say(f"{sizes.few} journeys fill the smaller databases")
    receipts = [json.loads(body) for body in journeys.travel(system, sizes.few, 77).bodies]
    some = receipts[:50]
    requests = _lookups(system, [r["tracking_code"] for r in some], [r["id"] for r in some])
    system.stop_services()
    grow(system, sizes.many // sizes.few, PAST)
    seconds: dict[tuple[str, str], list[float]] = {}
    for nth in range(sizes.repeats):
        for prefix in (FEW, MANY):
            system.stop_services()
            system.use(prefix)
            journeys.start(system)
            journeys.travel(system, max(5, sizes.fresh // 3), 3000 + nth)
            _look_up(system, requests, sizes.lookups // 5)
            done = journeys.travel(system, sizes.fresh, 4000 + 2 * nth + (prefix == MANY))
            looked = _look_up(system, requests, sizes.lookups)
            seconds.setdefault((prefix, "journeys"), []).append(done.seconds)
            seconds.setdefault((prefix, "lookups"), []).append(looked)
            seconds.setdefault((prefix, "all"), []).append(done.seconds + looked)
            say(f"{prefix[:-1]} cases: {done.rate:.1f} journeys, {sizes.lookups / looked:.0f} look-ups a second")
    ratio = {what: median(seconds[FEW, what]) / median(seconds[MANY, what]) for what in ("all", "journeys", "lookups")}
    system.use("aduan_")
    return {
        "rate_300k_vs_1k": ratio["all"],
        "journeys_300k_vs_1k": ratio["journeys"],
        "lookups_300k_vs_1k": ratio["lookups"],
    }
