"""Whoever reports without a name stays unknown, also to those who run the service; and cannot weigh it down."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import pytest
import pytest_asyncio
from bson import encode
from pymongo import AsyncMongoClient

from shared import topology
from tests.services.intake.conftest import OURS
from tests.services.intake.samples import jpeg, report
from tests.support.processes import ROOT, ServiceProcess
from tests.support.room import CHANNELS, environment, until
from tests.support.servers import Servers

FROM = "127.0.0.77"  # the address of the reporter, as the service sees it
TELLING = {
    "User-Agent": "CanaryBrowser/7.7 (of a canary phone)",
    "X-Forwarded-For": "203.0.113.177, 2001:db8:77::7",
    "X-Real-IP": "198.51.100.177",
    "Forwarded": "for=192.0.2.177;proto=https",
    "Referer": "https://canary-site.example/from-here",
    "Accept-Language": "xx-CANARY",
    "Cookie": "canary=cookie177",
    "Sec-Fetch-Site": "same-origin",
}
CANARIES = (
    *(FROM, "canarybrowser", "203.0.113.177", "2001:db8:77", "198.51.100.177", "192.0.2.177"),
    *("canary-site", "xx-canary", "cookie177"),
)


@pytest.fixture(scope="module")
def variables(real_servers: Servers) -> dict[str, str]:
    return environment(real_servers) | OURS | {"ADUAN_LOG_LEVEL": "debug", "ADUAN_QUOTA_FACTOR": "1"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def intake(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServiceProcess]:
    """Intake as it is run, by the server that would write an access log."""
    await topology.declare(variables["ADUAN_AMQP_URL"], CHANNELS)
    process = ServiceProcess("services.intake.main:app", variables, tmp_path_factory.mktemp("log") / "intake.log")
    await process.start()
    await process.ready()
    yield process
    await process.stop()


async def everything_stored(variables: dict[str, str]) -> bytes:
    database = f"{variables['ADUAN_MONGO_PREFIX']}intake"
    stored = b""
    async with AsyncMongoClient[dict[str, Any]](variables["ADUAN_MONGO_URL"]) as client:
        for name in await client[database].list_collection_names():
            async for row in client[database][name].find({}):
                stored += encode(row)
    return stored


async def test_an_anonymous_reporter_leaves_no_address_and_no_browser_anywhere(
    intake: ServiceProcess, variables: dict[str, str]
) -> None:
    heard: list[str] = []

    async def listen(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        heard.append(f"{message.body!r} {message.info()} {message.headers}")

    async with await aio_pika.connect(variables["ADUAN_AMQP_URL"]) as connection:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        await queue.bind(topology.EVENTS_EXCHANGE, "#")
        await queue.consume(listen, no_ack=True)
        transport = httpx.AsyncHTTPTransport(local_address=FROM)
        async with httpx.AsyncClient(transport=transport, base_url=intake.url, headers=TELLING, timeout=30) as http:
            assert await _everything_a_reporter_does(http) == [201, 201, 201, 404, 422, 422, 413, 404, 405, 422]
        await _nonsense(intake.port)
        await until(lambda: any("complaint.withdrawn" in message for message in heard), "it is told")
    stored = (await everything_stored(variables)).lower()
    assert b"case" in stored
    for canary in CANARIES:
        assert canary.encode() not in stored, canary
        assert canary not in intake.log.lower(), canary
        assert not any(canary in message.lower() for message in heard), canary
    assert socket.inet_aton(FROM) not in stored


async def _everything_a_reporter_does(http: httpx.AsyncClient) -> list[int]:
    receipt = await http.post("/complaints", json=report(reporter={}))
    code = receipt.json()["tracking_code"]
    answers = [
        receipt,
        await http.post("/attachments", content=jpeg()),
        await http.post("/tracking/supplements", json={"code": code, "what": "Tambahan."}),
        await http.post("/tracking/withdrawal", json={"code": "0000-0000"}),
        await http.post("/attachments", content=b"<html>"),
        await http.post("/complaints", json={"channel": "web"}),
        await http.post("/complaints", content=b"x" * 70_000),
        await http.get("/nothing"),
        await http.put("/complaints"),
        await http.post("/tracking/contact/code", json={"code": code, "medium": "sms"}),
    ]
    assert (await http.post("/tracking/withdrawal", json={"code": code})).status_code == 200
    return [answer.status_code for answer in answers]


async def _nonsense(port: int) -> None:
    """What is no HTTP is complained about by the server itself."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(FROM, 0))
    writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")
    await reader.read()
    writer.close()


@pytest.mark.parametrize("recipe", ["deploy/Dockerfile", "deploy/local/supervise.py"])
def test_no_recipe_runs_a_service_with_an_access_log(recipe: str) -> None:
    text = Path(ROOT / recipe).read_text(encoding="utf-8")
    assert "--no-access-log" in text
    assert "--access-logfile" not in text


async def test_uploads_that_are_under_way_weigh_on_the_disk_and_not_on_memory(intake: ServiceProcess) -> None:
    before, writers = _memory(intake.pid), []
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", intake.port)
        writer.write(b"POST /attachments HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n" + jpeg())
        writers.append(writer)
    for writer in writers:
        writer.write(b"\x00" * 7_000_000)
        await writer.drain()
    await until(lambda: _large_files(intake.pid) == 20, "140 MB are there", 30)
    assert _memory(intake.pid) - before < 40_000_000
    for writer in writers:
        writer.transport.abort()


def _large_files(pid: int) -> int:
    """How many files of seven megabytes or more a process has open."""
    return sum(_size(path) >= 7_000_000 for path in Path(f"/proc/{pid}/fd").iterdir())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
