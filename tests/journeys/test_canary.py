"""Nothing personal lies open anywhere: all stories are played, all is typed into pages that people may type, and then
every place is searched for it."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args
from uuid import uuid4

import aio_pika
import httpx
import pytest
import pytest_asyncio
from uuid6 import uuid7

from deploy.demo.__main__ import STORIES, Play
from deploy.demo.stage import Stage
from deploy.demo.telling import SUKAMAJU
from deploy.local.environments import service_environment
from deploy.local.layout import process_names, service_names
from shared.topology import AUDIT_STREAM, lane_queue, referrals_queue
from tests.journeys.at_pages import Journey, at_all_pages, expect
from tests.journeys.canaries import Canaries, Kind, ListeningStage, Told
from tests.journeys.places import Found, Run, search
from tests.journeys.planting import QUEUES, plant, telling_metrics
from tests.journeys.visitors import Visitor
from tests.shared.collector import collecting
from tests.support.processes import ServiceProcess
from tests.support.provider import AtOnce, the_provider
from tests.support.room import until
from tests.support.system import running_system

SECONDS = 60.0
# Where something may be read, by how the place's name begins, and why.
PERMITTED: Mapping[tuple[str, Kind], str] = {
    ("sms", "phone"): "an SMS is addressed to the reporter's own number",
    ("sms", "code"): "who reports by SMS has no other way to get the code (docs/decisions/0013)",
    ("mail", "email"): "a mail is addressed to the reporter's own mailbox",
    ("queue partner.", "narrative"): "an agency reads what it is asked to do, and not who reported it",
    ("queue partner.", "place"): "an agency reads where it is asked to go",
}
EVERYWHERE = {
    *("log planted", "urls", "traces", "sms", "mail", "metrics classification", "audit stream"),
    *(f"queue {queue}" for queue in QUEUES if queue != AUDIT_STREAM),
    *("database aduan_mediation.planted", "database aduan_intake.planted.chunks", "database local.oplog.rs"),
}


def unexplained(found: set[Found]) -> set[tuple[str, Kind]]:
    return {
        (one.place, one.kind)
        for one in found
        if not any(one.place.startswith(place) and one.kind == kind for place, kind in PERMITTED)
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A system of its own: stories that were played before would be found again, and ours be taken for repeats."""
    folder = tmp_path_factory.mktemp("canaries")
    with collecting() as collector:
        told = {"ADUAN_OIDC_ISSUER": the_provider().url, "ADUAN_OTLP_ENDPOINT": collector.url}
        with running_system(folder, told) as system:
            yield Run(system, folder, collector, [])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def canaries(run: Run) -> Canaries:
    """What was sent while all stories were played."""
    noted: Canaries = {}
    plays = [Play(title, story) for title, story in STORIES]
    async with Stage(run.state, AtOnce()) as stage:
        await stage.enrol()
    async with ListeningStage(run.state, noted, run.urls) as stage:
        await asyncio.gather(*(play.run(stage) for play in plays))
    assert [f"{play.title}: {play.step}" for play in plays if play.state != "ended"] == []
    return noted


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def typed(run: Run, canaries: Canaries) -> Canaries:
    """What was typed into pages, and kept by browsers. The stories are over: none of them meets these reports."""
    noted: Canaries = {}
    async with ListeningStage(run.state, noted, run.urls) as stage:
        await at_all_pages(Journey(run, stage, noted))
    return noted


async def test_what_reporters_and_officers_write_lies_open_nowhere(run: Run, canaries: Canaries) -> None:
    assert set(canaries.values()) == set(get_args(Told))
    assert not unexplained(await search(run, canaries))


async def test_what_is_typed_into_pages_lies_open_nowhere(run: Run, typed: Canaries) -> None:
    assert set(typed.values()) == set(get_args(Kind))
    assert not unexplained(await search(run, typed))


async def test_every_log_and_all_metrics_are_searched(run: Run) -> None:
    """The gateway keeps no note of who asked for what; `urls` are the addresses that such a note would hold."""
    searched = {place async for place, _ in run.places()}
    logs = {f"log {name}" for name in (*process_names(), "gateway")}
    assert {*logs, *(f"metrics {name}" for name in process_names())} <= searched


async def test_a_form_that_a_service_writes_to_its_log_is_found(run: Run) -> None:
    """The control of the pages: the same form as others fill in, at a service that a careless change would make."""
    environment, log = service_environment(run.state.environment, "intake"), run.folder / "logs" / "leaking.log"
    leaking, noted = ServiceProcess("tests.journeys.leaking:app", environment, log), Canaries()
    await leaking.start()
    try:
        await leaking.ready(SECONDS)
        async with Visitor(run, noted, site=leaking.url) as reporter:
            amiss = {"what": "Konsep Canary yang bocor ke catatan", "who": "named", "phone": "telepon Canary bocor"}
            expect(await reporter.send("/intake/report", **amiss), 422)
    finally:
        await leaking.stop()
    found = await search(run, noted)
    assert {(one.place, one.kind) for one in found} == {("log leaking", "draft")}
    assert {one.canary for one in found} >= {amiss["what"], amiss["phone"]}


async def test_what_waits_for_an_agency_does_not_say_who_reported_it(run: Run) -> None:
    noted: Canaries = {}
    fire = {
        "what": "Kebakaran gudang kayu di tepi kali, api membesar dan merembet ke rumah warga, tolong.",
        "where": {"text": "gudang kayu tepi kali Sukamaju", "village": SUKAMAJU},
        "in_progress": True,
        "reporter": {"name": "Ratna Canary Contoh", "phone": "+6281210000777", "email": "ratna.canary@example.org"},
    }
    async with ListeningStage(run.state, noted, run.urls) as stage:
        await stage.report("/calls/complaints", fire, stage.officer("operator-1", "call_operator"))
    assert {"name", "phone", "email", "address", "code"} < set(noted.values())
    queue = f"queue {referrals_queue('damkar-sukamaju')}"

    async def offered() -> set[Found]:
        return {one for one in await search(run, noted) if one.place == queue}

    found = await until(offered, "the offer waits in the agency's queue", SECONDS)
    assert {one.kind for one in found} == {"narrative", "place"}
    assert not unexplained(await search(run, noted))


async def test_what_waits_on_a_retry_tier_or_is_parked_is_sealed(run: Run, canaries: Canaries) -> None:
    told = b"\n".join([content async for place, content in run.places() if place == "audit stream"])
    lines = (json.loads(line) for line in told.splitlines() if line.startswith(b'{"'))
    event = next(line for line in lines if line.get("type") == "complaint.supplemented.v1")
    early = {**event, "id": str(uuid4()), "subject": str(uuid7())}
    await _tell(run, early, early["type"])
    await _tell(run, event, "complaint.unheard_of.v1")

    async def both_wait() -> bool:
        held = {place: content async for place, content in run.places() if place.startswith("queue ")}
        waits = [place for place, content in held.items() if "retry." in place and early["subject"].encode() in content]
        return bool(waits) and b"complaint.unheard_of.v1" in held["queue verification.parked"]

    await until(both_wait, "one waits on a retry tier and one is parked", SECONDS)
    assert not unexplained(await search(run, canaries))


async def _tell(run: Run, event: dict[str, Any], wire: str) -> None:
    """Brings verification an event, as the broker would."""
    async with await aio_pika.connect(run.state.environment["ADUAN_AMQP_URL"]) as connection:
        channel = await connection.channel()
        message = aio_pika.Message(json.dumps(event).encode(), type=wire, message_id=event["id"])
        await channel.default_exchange.publish(message, lane_queue("verification", "normal"))


async def test_whatever_is_planted_in_a_place_of_each_kind_is_found(run: Run) -> None:
    """The control."""
    planted = "Canary Suharto bin Planted"
    assert not await search(run, {planted: "name"})
    await plant(run, planted)
    with telling_metrics(run, planted) as leaking:
        found = {one.place for one in await search(leaking, {planted: "name"})}
    assert found >= EVERYWHERE, sorted(EVERYWHERE - found)


async def test_a_service_does_not_say_what_serves_it(run: Run) -> None:
    async with httpx.AsyncClient() as http:
        for service in service_names():
            answer = await http.get(f"{run.state.url(service)}/health/live")
            assert "server" not in answer.headers
