"""Logs, traces and metrics of two real processes: what they carry, and what they must never carry."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared import topology
from shared.contracts.investigation import PatrolArrived
from shared.telemetry import MESSAGES, valid_traceparent
from tests.shared.collector import Collector, collecting
from tests.shared.lanes import consuming, lanes
from tests.shared.tally import new_id
from tests.support.processes import ROOT, ServiceProcess
from tests.support.room import environment, until
from tests.support.servers import Servers

CANARY = "Budi Santoso"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@dataclass
class Told:
    """What two processes told of themselves while they lived."""

    collector: Collector
    lines: list[dict[str, Any]]
    fresh: str
    continued: str
    relayed: str
    failed: str

    def line(self, event: str, **fields: str) -> dict[str, Any]:
        found = [line for line in self.lines if line["event"] == event and fields.items() <= line.items()]
        assert found, (event, fields, self.lines)
        return found[0]


async def pipeline(port: int, complaint: str) -> None:
    """A request about a complaint and, behind it on the same connection, one that fails and is about none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"text": CANARY})
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
    first = f"POST /open/{complaint} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n{body}"
    second = f"GET /mistakes?name={CANARY.replace(' ', '+')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    writer.write((first + second).encode())
    answers = await reader.read()
    assert (answers.count(b"HTTP/1.1 200"), answers.count(b"HTTP/1.1 500")) == (1, 1)
    writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(real_servers: Servers, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    log = tmp_path_factory.mktemp("told") / "log"
    with collecting() as collector:
        more = {"ADUAN_OTLP_ENDPOINT": collector.url, "ADUAN_LOG_LEVEL": "info", "OTEL_BSP_SCHEDULE_DELAY": "50"}
        variables = environment(real_servers) | more | {"ADUAN_MONGO_PREFIX": settings.mongo_prefix}
        speaker, listener = (ServiceProcess(f"tests.shared.small:{f}", variables, log) for f in ("app", "listener"))
        async with AsyncExitStack() as stack:
            broker = await stack.enter_async_context(lanes(settings))
            for one in (speaker, listener):
                stack.push_async_callback(one.stop)
                await one.start()
            await asyncio.gather(speaker.ready(), listener.ready())
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=speaker.url))

            async def tell(text: str, **headers: str) -> str:
                case_id = new_id()
                answer = await http.post(f"/open/{case_id}", json={"text": text}, headers=headers)
                assert answer.status_code == 200
                return case_id

            fresh = await tell(CANARY)
            continued = await tell(CANARY, traceparent=f"00-{TRACE}-{PARENT}-01")
            failed = await tell("fail")
            await pipeline(speaker.port, new_id())
            await until(lambda: heard(collector, fresh, continued, failed), "the listener heard the three")
            await broker.unroute(PatrolArrived.wire)
            relayed = await tell(CANARY)
            await topology.declare(real_servers.amqp_url)
            await until(lambda: heard(collector, relayed), "the relay told the listener")
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        yield Told(collector, lines, fresh, continued, relayed, failed)


def heard(collector: Collector, *complaints: str) -> bool:
    listened = {span.attributes.get("complaint") for span in collector.spans if span.service == "notification"}
    return set(complaints) <= listened


async def test_a_trace_goes_on_from_the_request_over_the_outbox_and_the_broker(told: Told) -> None:
    for complaint in (told.fresh, told.continued, told.relayed):
        asked, heard = told.collector.of(complaint, "classification"), told.collector.of(complaint, "notification")
        assert heard.trace == asked.trace
        assert heard.parent == asked.id
        assert (asked.name, heard.name) == ("note", "patrol.arrived.v1")
    request = told.collector.of(told.continued, "classification")
    assert (request.trace, request.parent) == (TRACE, PARENT)
    assert told.collector.of(told.fresh, "classification").parent == ""
    assert told.line("relayed", service="classification")["found"] == 1


async def test_a_log_line_is_json_with_its_service_and_the_ids_that_there_are(told: Told) -> None:
    assert {line["service"] for line in told.lines} == {"classification", "notification"}
    assert all({"event", "level", "timestamp", "service"} <= line.keys() for line in told.lines)
    parked = told.line("parked", complaint=told.continued)
    assert (parked["service"], parked["trace"], parked["reason"]) == ("notification", TRACE, "wrong_state")
    failed = told.line("message_failed", complaint=told.failed)
    assert failed["trace"] == told.collector.of(told.failed, "classification").trace
    assert told.line("publish_failed")["complaint"] == told.relayed
    assert "complaint" not in told.line("request_failed"), "another request's id"
    assert [line["event"] for line in told.lines].count("stopped") == 2


async def test_an_exceptions_text_is_nowhere_but_its_place_is(told: Told) -> None:
    for event, kind, module in (
        ("request_failed", "ValueError", "tests/shared/small.py"),
        ("message_failed", "ZeroDivisionError", "tests/shared/tally.py"),
    ):
        (exception, *_) = told.line(event)["exception"]
        assert exception["exc_type"] == kind
        assert exception["frames"][-1]["filename"].endswith(module)
    assert CANARY not in json.dumps(told.lines)
    traced = "".join(span.text for span in told.collector.spans)
    assert not any(text in traced for text in (CANARY, "Budi", "127.0.0.1"))
    assert all(span.events == 0 for span in told.collector.spans)


PROGRAM = """
import asyncio, logging
from shared import telemetry
telemetry.configure("tried", "warning", None)

def chained():
    try:
        raise ValueError("CANARY")
    except ValueError as error:
        error.add_note("CANARY")
        raise KeyError("CANARY") from error

def group():
    raise ExceptionGroup("CANARY", [ValueError("CANARY"), ExceptionGroup("CANARY", [OSError("CANARY")])])

for broken in (chained, group, lambda: compile("CANARY =", "CANARY", "exec")):
    secret = "CANARY"
    try:
        broken()
    except Exception as error:
        telemetry.log.exception("logged", secret_length=len(secret))
        telemetry.log.warning("logged", exc_info=error)
telemetry.log.info("too quiet")
with telemetry.span("x", "00-" + "a" * 32 + "-" + "b" * 16 + "-01", complaint="c1"):
    pass
telemetry.log.error("after", n=1)
"""


def test_no_kind_of_exception_brings_its_text_into_the_log() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.stderr == ""
    assert len(lines) == 7
    assert "CANARY" not in ran.stdout.replace('"filename": "CANARY"', "")
    kinds = [line["exception"][0]["exc_type"] for line in lines[:6]]
    assert kinds == ["KeyError"] * 2 + ["ExceptionGroup"] * 2 + ["SyntaxError"] * 2
    assert lines[2]["exception"][0]["exceptions"][0][0]["exc_type"] == "ValueError"
    last = lines[-1]
    assert (last["service"], last["complaint"], last["trace"], last["level"]) == ("tried", "c1", "a" * 32, "error")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (f"00-{TRACE}-{PARENT}-01", True),
        (f"00-{TRACE}-{PARENT}-00", True),
        (f"00-{TRACE.upper()}-{PARENT}-01", False),
        (f"01-{TRACE}-{PARENT}-01", False),
        (f"00-{TRACE}-{PARENT}-01\n", False),
        (f"00-{TRACE}-{PARENT}-01-{CANARY}", False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_trace_context_counts_as_one(text: str | None, valid: bool) -> None:
    assert valid_traceparent(text) == (text if valid else None)


async def test_a_senders_own_words_are_no_label_of_a_metric(settings: Any) -> None:
    async with lanes(settings) as broker, consuming(settings):
        await broker.send(b"{}", "x", wire=CANARY)
        await broker.take("classification.parked")
        counted = MESSAGES.labels("classification.normal", "other", "parked")
        await until(lambda: counted._value.get() >= 1, "it is counted")
    labels = {sample.labels["type"] for metric in MESSAGES.collect() for sample in metric.samples}
    assert CANARY not in labels
