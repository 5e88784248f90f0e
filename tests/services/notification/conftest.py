"""Notification on real servers, with a gateway and a mail server of its own; once for each module of tests."""

import json
import sys
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller

from deploy.local.simulators.mailbox import Mailbox
from services.notification.main import app
from services.notification.settings import NotificationSettings
from tests.support.processes import ROOT, free_port
from tests.support.room import Running, environment, running, until
from tests.support.servers import Servers

TOKEN, SECRET = "gateway-token", "gateway-callback-secret"


@dataclass
class Gateway:
    """The simulator as a process of its own."""

    url: str
    client: httpx.AsyncClient

    async def behave(self, **how: Any) -> None:
        (await self.client.post("/behaviour", json=how)).raise_for_status()

    async def taken(self, **wanted: str) -> list[dict[str, str]]:
        """What it has taken over, and what of it looks so."""
        answer = await self.client.get("/messages", headers={"Authorization": f"Bearer {TOKEN}"})
        messages: list[dict[str, str]] = answer.json()["messages"]
        return [message for message in messages if wanted.items() <= message.items()]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(receipts_port: int) -> AsyncIterator[Gateway]:
    port = free_port()
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "deploy.local.simulators.sms_gateway", "--port", str(port), "--token", TOKEN),
        *("--secret", SECRET, "--callback", f"http://127.0.0.1:{receipts_port}/receipts/sms"),
        cwd=ROOT,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:

            async def answers() -> bool:
                try:
                    return (await client.get("/openapi.json")).is_success
                except httpx.TransportError:
                    return False

            await until(answers, "the gateway answers", 30)
            yield Gateway(url, client)
    finally:
        process.kill()
        await process.wait()


@pytest.fixture(scope="module")
def receipts_port() -> int:
    """Where the gateway sends its receipts, if the module has something listen there."""
    return free_port()


@dataclass
class Mails:
    """A real mail server and what it was given."""

    port: int
    box: Mailbox

    def to(self, address: str) -> list[Any]:
        return [mail for mail in self.box.mails if address in mail.to]


@pytest.fixture(scope="module")
def mails() -> Iterator[Mails]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Mails(port, box)
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def surroundings(real_servers: Servers, gateway: Gateway, mails: Mails) -> dict[str, str]:
    """The settings of the service: no quiet hours, and little patience so that tests need none."""
    return {
        **environment(real_servers),
        "ADUAN_SITE": "aduan.test",
        "ADUAN_SMS_URL": gateway.url,
        "ADUAN_SMS_TOKEN": TOKEN,
        "ADUAN_SMS_CALLBACK_SECRET": SECRET,
        "ADUAN_SMTP_HOST": "127.0.0.1",
        "ADUAN_SMTP_PORT": str(mails.port),
        "ADUAN_MAIL_FROM": "aduan@aduan.test",
        "ADUAN_QUIET_FROM": "07:00",
        "ADUAN_QUIET_UNTIL": "07:00",
        "ADUAN_SEND_SECONDS": "1",
        "ADUAN_LEASE_SECONDS": "4",
        "ADUAN_RETRY_SECONDS": json.dumps([0.2, 0.4, 0.6, 0.8]),
    }


def settings_from(variables: dict[str, str]) -> NotificationSettings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return NotificationSettings()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def notification(surroundings: dict[str, str]) -> AsyncIterator[Running]:
    settings = settings_from(surroundings)
    async with running(app(settings), settings, "notification") as started:
        yield started
