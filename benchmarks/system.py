"""A system to measure: servers, simulators and services as processes, in a folder that is gone afterwards."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aio_pika
import httpx
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local import environments
from deploy.local.layout import ROOT, Ports
from deploy.local.process import Child, NotStarted, free_ports
from deploy.local.servers import LocalServers
from shared import topology
from tests.support.provider import the_provider

REAL = "services.{service}.main:app"
NAIVE = "benchmarks.naive.app:app"
BARE = "benchmarks.bare.app:app"
_READY_SECONDS = 60


class System:
    """Broker and database, and whichever services are started on them."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="aduan-bench-"))
        try:
            self.servers = LocalServers(self._folder)
        except NotStarted:
            shutil.rmtree(self._folder)
            raise
        self._children: list[Child] = []
        self._ports: dict[str, int] = {}
        self._starting: list[tuple[Child, int]] = []
        self.environment: dict[str, str] = {}
        self.mongo: MongoClient[dict[str, Any]] | None = None

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def _open(self) -> None:
        self.servers.start()
        self.environment = {
            **environments.environment(
                self.servers.amqp_url, self.servers.rabbitmq.api, self.servers.mongo_url, Ports(free_ports(1)[0])
            ),
            "PYTHONPATH": str(ROOT),
            "ADUAN_OIDC_ISSUER": the_provider().url,
            "ADUAN_LOG_LEVEL": "error",
            "ADUAN_QUOTA_FACTOR": "1000000",  # all load comes from one address
        }
        self.mongo = MongoClient(self.servers.mongo_url)
        self.use("aduan_")
        asyncio.run(topology.declare(self.servers.amqp_url))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        # Whoever is impatient must not cut the clearing away short; a signal counts once it is done.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        try:
            self.stop_services()
            if self.mongo:
                self.mongo.close()
            self.servers.stop()
            shutil.rmtree(self._folder, ignore_errors=True)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def use(self, prefix: str) -> None:
        """Services that are started from now on keep their cases in databases with this prefix."""
        self.environment["ADUAN_MONGO_PREFIX"] = prefix

    @property
    def server(self) -> MongoClient[dict[str, Any]]:
        assert self.mongo is not None, "the system has not been entered"
        return self.mongo

    def database(self, service: str) -> Database[dict[str, Any]]:
        return self.server[f"{self.environment['ADUAN_MONGO_PREFIX']}{service}"]

    def start_simulators(self) -> None:
        """The SMS gateway and the mailbox that notification sends to."""
        sms, smtp, mailbox = free_ports(3)
        self._start("sms_gateway", "deploy.local.simulators.sms_gateway", sms, "/messages")
        self._start("mailbox", "deploy.local.simulators.mailbox", mailbox, "/messages", "--smtp-port", str(smtp))
        self.environment |= {
            "ADUAN_SMS_URL": f"http://127.0.0.1:{sms}",
            "ADUAN_SMTP_PORT": str(smtp),
        }

    def start(self, service: str, factory: str = REAL, count: int = 1) -> None:
        """Starts so many processes of a service; `wait_until_ready` waits for them."""
        for nth in range(count):
            port = free_ports(1)[0]
            name = f"{service} {nth}"
            command = [
                *(sys.executable, "-m", "uvicorn", "--factory", factory.format(service=service), "--no-access-log"),
                *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
            ]
            environment = {**self.environment, "SERVICE": service}
            child = Child(name, command, environment, self._folder / f"{name}.log")
            child.start()
            self._starting.append((child, port))
            self._children.append(child)
            self._ports.setdefault(service, port)

    def wait_until_ready(self) -> None:
        """Waits for all services that were started."""
        for child, port in self._starting:
            child.wait_until(partial(_ready, port), _READY_SECONDS)
        self._starting.clear()

    def start_program(self, name: str, module: str, *arguments: str) -> None:
        """Starts a program that has no port."""
        command = [sys.executable, "-m", module, *arguments]
        child = Child(f"{name} 0", command, self.environment, self._folder / f"{name}.log")
        child.start()
        self._children.append(child)

    def _start(self, name: str, module: str, port: int, path: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, "--port", str(port), *arguments]
        child = Child(name, command, self.environment, self._folder / f"{name}.log")
        child.start()
        self._children.append(child)
        child.wait_until(lambda: _answers(port, path), _READY_SECONDS)

    def stop_services(self) -> None:
        for child in self._children:
            child.stop()
        self._children.clear()
        self._starting.clear()
        self._ports.clear()

    def port(self, service: str) -> int:
        return self._ports[service]

    def resident(self, service: str) -> int:
        """Bytes of memory that the processes of a service hold, on average."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._pids(service)]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") // len(pages)

    def processor_seconds(self, service: str) -> float:
        """What the processes of a service have used of all cores since they were started."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self._pids(service)]
        return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")

    def hold(self, service: str) -> None:
        """Makes the processes of a service stand still."""
        for pid in self._pids(service):
            os.kill(pid, signal.SIGSTOP)

    def release(self, service: str) -> None:
        for pid in self._pids(service):
            os.kill(pid, signal.SIGCONT)

    def _pids(self, service: str) -> list[int]:
        return [child.pid for child in self._children if child.name.startswith(f"{service} ")]

    def forget(self) -> None:
        """Stops the services and empties databases and broker, so that what comes next begins alike."""
        self.stop_services()
        for name in self.server.list_database_names():
            if name not in ("admin", "config", "local"):
                self.server.drop_database(name)
        asyncio.run(_declare_anew(self.servers.amqp_url))


async def _declare_anew(url: str) -> None:
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        for queue in topology.topology().queues:
            await channel.queue_delete(queue.name)
    await topology.declare(url)


def _ready(port: int) -> bool:
    return _answers(port, "/health/ready")


def _answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=3).status_code in (200, 401)
    except httpx.TransportError:
        return False
