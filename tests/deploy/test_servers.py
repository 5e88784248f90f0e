"""The native servers: killed, moved, one instance beside another, and nothing left of them."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import aio_pika
import httpx
import pytest
from pymongo import MongoClient

from deploy.local import rabbitmq
from deploy.local.process import NotStarted, free_ports
from deploy.local.rabbitmq import RabbitMQ, RabbitPorts
from deploy.local.servers import LocalServers
from tests.deploy.left import left_behind, wait_for


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServers]:
    with LocalServers(tmp_path_factory.mktemp("first")) as servers:
        yield servers


async def test_a_confirmed_message_survives_a_kill_of_the_broker(first: LocalServers) -> None:
    await _publish(first, "kept")
    before = first.rabbitmq.pids[0]

    await asyncio.to_thread(first.rabbitmq.kill)
    await asyncio.to_thread(first.rabbitmq.start)

    assert first.rabbitmq.pids[0] != before
    assert await _take(first, "kept") == b"kept"


def test_an_acknowledged_document_survives_a_kill_of_the_database(first: LocalServers) -> None:
    _insert(first, 1)

    first.mongodb.kill()
    first.mongodb.start()

    assert _ids(first) == [1]


async def test_a_second_instance_runs_beside_the_first_and_keeps_its_data_when_its_ports_change(
    first: LocalServers, tmp_path: Path
) -> None:
    second = LocalServers(tmp_path)
    with second:
        await _publish(second, "moved")
        _insert(second, 2)
        with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
            await _take(first, "moved")
    assert left_behind(tmp_path) == []

    with LocalServers(tmp_path) as moved:
        assert moved.amqp_url != second.amqp_url
        assert await _take(moved, "moved") == b"moved"
        assert _ids(moved) == [2]
    assert left_behind(tmp_path) == []


def test_the_known_process_is_the_broker_itself(first: LocalServers) -> None:
    command = Path(f"/proc/{first.rabbitmq.pids[0]}/comm").read_text().strip()

    assert command == "beam.smp"


def test_everything_listens_on_the_loopback_address_alone(first: LocalServers) -> None:
    ports = first.rabbitmq.ports
    wanted = {ports.amqp, ports.management, ports.epmd, ports.distribution, first.mongodb.port}
    listening = _listening()

    assert wanted <= {port for _, port in listening}
    assert {address for address, port in listening if port in wanted} <= {"127.0.0.1", "::1"}


def test_the_default_guest_is_refused_and_only_the_owner_reads_the_password(first: LocalServers) -> None:
    address = f"http://127.0.0.1:{first.rabbitmq.ports.management}/api/whoami"
    private = [file for file in _files(first) if first.rabbitmq.url.split(":")[2].split("@")[0] in file.read_text()]

    assert httpx.get(address, auth=("guest", "guest")).status_code == 401
    assert httpx.get(f"{first.rabbitmq.api}/api/whoami").json()["tags"] == ["administrator"]
    assert {file.name for file in private} == {"password", "rabbitmq.conf"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in private} == {0o600}


def test_a_missing_broker_is_said_in_one_line_that_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbitmq, "_SCRIPT", tmp_path / "absent")

    with pytest.raises(NotStarted, match=r"^RabbitMQ is missing .*rabbitmq-server.*$"):
        RabbitMQ(tmp_path, RabbitPorts(*free_ports(4)))


def _files(servers: LocalServers) -> list[Path]:
    return [file for file in Path(_home(servers)).iterdir() if file.is_file()]


def _home(servers: LocalServers) -> str:
    environment = Path(f"/proc/{servers.rabbitmq.pids[0]}/environ").read_text().split("\0")
    return next(entry.removeprefix("HOME=") for entry in environment if entry.startswith("HOME="))


async def _publish(servers: LocalServers, name: str) -> None:
    connection = await aio_pika.connect(servers.amqp_url)
    async with connection:
        channel = await connection.channel()
        await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(name.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, name)
    # RabbitMQ 3.10 writes the names of its quorum queues a moment later than it says so: killed in between, it
    # comes back with a queue that never answers. Messages of a queue that is known on disk are safe.
    await asyncio.to_thread(wait_for, lambda: name.encode() in _queue_names(servers), "the queue's name on disk")


def _queue_names(servers: LocalServers) -> bytes:
    (names,) = Path(_home(servers)).glob("data/*@localhost/quorum/*@localhost/names.dets")
    return names.read_bytes()


async def _take(servers: LocalServers, name: str) -> bytes:
    connection = await aio_pika.connect(servers.amqp_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.get_queue(name)
        message = await queue.get(timeout=20)
        await message.ack()
        return message.body


def _insert(servers: LocalServers, number: int) -> None:
    with MongoClient[dict[str, int]](servers.mongo_url) as client:
        client.kept.documents.insert_one({"_id": number})


def _ids(servers: LocalServers) -> list[int]:
    with MongoClient[dict[str, int]](servers.mongo_url) as client:
        return [document["_id"] for document in client.kept.documents.find()]


def _listening() -> list[tuple[str, int]]:
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, port = local.split(":")
            if state == "0A":
                known = {"0100007F": "127.0.0.1", "00000000000000000000000001000000": "::1"}
                found.append((known.get(address, address), int(port, 16)))
    return found
