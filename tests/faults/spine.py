"""The services of the spine as processes, on a broker and a database of their own, in a folder that is theirs alone."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient

from deploy.local.environments import as_user
from deploy.local.layout import TOOLS, service_names
from deploy.local.process import Child
from deploy.local.servers import LocalServers
from shared.contracts.envelope import Person
from tests.faults.build import COLLECTIONS, factory
from tests.faults.nursery import ForkedService, Nursery
from tests.support.processes import ROOT, ServiceProcess, free_port
from tests.support.room import CHANNELS, environment, key, signed, until
from tests.support.servers import Servers

STARTED = 120.0  # the machine may be busy with other things


@dataclass
class Spine:
    """All services that there are, and everything of theirs that can be looked at or killed from outside."""

    local: LocalServers
    settings: dict[str, str]
    services: dict[str, ServiceProcess]
    gateway: Child
    http: httpx.AsyncClient
    browser: httpx.AsyncClient  # of many people, so that it keeps no cookies by itself
    _mongo: "AsyncMongoClient[dict[str, Any]]" = field(repr=False)

    @property
    def intake(self) -> str:
        return self.services["intake"].url

    @property
    def api(self) -> str:
        """The broker's management API for the one virtual host."""
        return f"{self.local.rabbitmq.api}/api"

    def own_settings(self, service: str) -> dict[str, str]:
        """What a service is told, with its own users on broker and database."""
        return _own(self.settings, service)

    def database(self, service: str) -> Any:
        return self._mongo[f"{self.settings['ADUAN_MONGO_PREFIX']}{service}"]

    def cases(self, service: str) -> Any:
        return self.database(service)[COLLECTIONS[service]]

    async def rows(self, service: str) -> AsyncIterator[tuple[str, RawBSONDocument]]:
        """Everything that a service has stored, with the collection that it is in."""
        database = self.database(service).with_options(codec_options=CodecOptions(RawBSONDocument))
        for name in await database.list_collection_names():
            async for row in database[name].find({}):
                yield name, row

    async def ready(self, seconds: float = STARTED) -> None:
        """Waits till every service says that it is ready."""
        await asyncio.gather(*(service.ready(seconds) for service in self.services.values()))

    async def declare(self) -> None:
        """Creates what is missing on the broker."""
        await in_thread(lambda: _prepare(self.local, self.settings))

    async def unpublished(self) -> int:
        """Cases with something in their outbox, in every collection of every service."""
        count = 0
        for service in self.services:
            database = self.database(service)
            for name in await database.list_collection_names():
                count += await database[name].count_documents({"outbox.0": {"$exists": True}})
        return count

    async def queues(self) -> dict[str, int]:
        """Messages by queue, also those that a consumer has and has not acknowledged, some seconds old."""
        listed = (await self.http.get(f"{self.api}/queues")).raise_for_status().json()
        return {queue["name"]: queue.get("messages", 0) for queue in listed}

    async def connected(self, process: str) -> bool:
        """Whether the broker has a connection of this process (`<service>-<pid>`), some seconds old."""
        listed = (await self.http.get(f"{self.api}/connections")).raise_for_status().json()
        names = (str(connection["client_properties"].get("connection_name")) for connection in listed)
        return any(name.startswith(f"{process} ") for name in names)

    async def sms(self) -> list[dict[str, str]]:
        """What the gateway took, in order: after a long storm there is much to tell."""
        url = f"{self.settings['ADUAN_SMS_URL']}/messages"
        answer = await self.http.get(url, headers=self._gateway_token, timeout=120)
        taken: list[dict[str, str]] = answer.raise_for_status().json()["messages"]
        return taken

    async def send_sms(self, message: dict[str, str]) -> None:
        """Hands the gateway a message behind the back of notification."""
        url = f"{self.settings['ADUAN_SMS_URL']}/messages"
        (await self.http.post(url, json=message, headers=self._gateway_token)).raise_for_status()

    @property
    def _gateway_token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings['ADUAN_SMS_TOKEN']}"}

    async def enrol(self) -> None:
        """Puts the sample office's people on the roster."""
        someone = Person("administrator-1", frozenset({"administrator"}), frozenset({self.settings["ADUAN_POLRES"]}))
        headers = signed(someone)
        for kind, people in json.loads((ROOT / "deploy" / "samples" / "roster.json").read_text()).items():
            for person in people:
                entry = {name: value for name, value in person.items() if name != "id"}
                url = f"{self.services['investigation'].url}/{kind}/{person['id']}"
                (await self.http.put(url, json=entry, headers=headers)).raise_for_status()


async def in_thread(call: Callable[[], Any]) -> Any:
    """Runs it beside the loop and to its end, also when whoever waits is interrupted: what it starts must be known."""
    running = asyncio.ensure_future(asyncio.to_thread(call))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


@asynccontextmanager
async def standing(
    folder: Path, local: LocalServers | None = None, told: Mapping[str, str] | None = None
) -> AsyncIterator[Spine]:
    """The spine from the first process to the last; ended in whatever way, it leaves no process behind.

    `local` are servers of another kind, `told` is what the services are told otherwise.
    """
    async with AsyncExitStack() as stack:
        local = local or LocalServers(folder / "servers")
        stack.push_async_callback(in_thread, local.stop)
        await in_thread(local.start)
        gateway_port, services = free_port(), dict[str, ServiceProcess]()
        settings = {**_settings(local, gateway_port), **(told or {})}
        await in_thread(lambda: _prepare(local, settings))
        nursery = await Nursery.open(folder / "nursery.log")
        stack.push_async_callback(nursery.close)
        for name in service_names():
            services[name] = ForkedService(nursery, factory(name), _own(settings, name), folder / f"{name}.log")
            stack.push_async_callback(services[name].kill)
        callback = f"{services['notification'].url}/receipts/sms"
        gateway = _gateway(settings, gateway_port, callback, folder)
        stack.push_async_callback(in_thread, gateway.stop)
        gateway.start()
        for service in services.values():
            await service.start()
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=15))
        browser = await stack.enter_async_context(_browser())
        mongo: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(local.mongo_url, tz_aware=True)
        stack.push_async_callback(mongo.close)
        spine = Spine(local, settings, services, gateway, http, browser, mongo)
        await spine.ready()
        await until(lambda: _answers(spine), "the gateway answers", STARTED)
        await spine.enrol()
        yield spine


def _settings(local: LocalServers, gateway_port: int) -> dict[str, str]:
    return {
        **environment(Servers(local.amqp_url, local.mongo_url)),
        "MONGO_DRIVER": os.environ.get("MONGO_DRIVER", "motor"),
        "ADUAN_FINGERPRINT_KEY": key("fingerprint"),
        "ADUAN_SMS_URL": f"http://127.0.0.1:{gateway_port}",
        "ADUAN_SMS_TOKEN": key("sms"),
        "ADUAN_SMS_CALLBACK_SECRET": key("callback"),
        "ADUAN_QUIET_FROM": "00:00",
        "ADUAN_QUIET_UNTIL": "00:00",
        "ADUAN_DIGEST_SECONDS": "0",
        # What a killed sender had under way is looked after soon.
        "ADUAN_SEND_SECONDS": "2",
        "ADUAN_LEASE_SECONDS": "6",
        "ADUAN_RETRY_SECONDS": "[2, 4, 8, 8, 8, 8, 8, 8]",
        "ADUAN_LOG_LEVEL": "error",
    }


def _own(settings: Mapping[str, str], service: str) -> dict[str, str]:
    database = f"{settings['ADUAN_MONGO_PREFIX']}{service}"
    return {
        **settings,
        "ADUAN_AMQP_URL": as_user(settings["ADUAN_AMQP_URL"], service, key(service)),
        "ADUAN_MONGO_URL": as_user(settings["ADUAN_MONGO_URL"], database, key(service)),
    }


def _prepare(local: LocalServers, settings: Mapping[str, str]) -> None:
    """Makes the users of services and tools, with the rights that they have anywhere, and declares the queues."""
    own = {
        **settings,
        "ADUAN_AMQP_URL": local.amqp_url,
        "ADUAN_BROKER_API": local.rabbitmq.api,
        "ADUAN_MONGO_URL": local.mongo_url,
        "ADUAN_AMQP_PASSWORDS": json.dumps({user: key(user) for user in (*service_names(), *TOOLS)}),
        "ADUAN_MONGO_PASSWORDS": json.dumps({service: key(service) for service in service_names()}),
        "ADUAN_CHANNEL_PASSWORDS": json.dumps({channel: key(channel) for channel in CHANNELS}),
    }
    command = [sys.executable, "-m", "tests.faults.build"]
    subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"], **own}, check=True, timeout=60)


def _gateway(settings: dict[str, str], port: int, callback: str, folder: Path) -> Child:
    """The other firm's gateway, which takes a reference as often as it comes, and is never killed."""
    module = "deploy.local.simulators.sms_gateway"
    command = [sys.executable, "-m", module, "--port", str(port), "--callback", callback]
    place = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return Child("SMS gateway", command, {**place, **settings}, folder / "gateway.log")


def _browser() -> httpx.AsyncClient:
    nobodys = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(timeout=15, cookies=nobodys, headers={"Sec-Fetch-Site": "same-origin"})


async def _answers(spine: Spine) -> bool:
    try:
        await spine.sms()
    except httpx.TransportError:
        return False
    return True
