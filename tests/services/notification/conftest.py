"""Notification on real servers, with a gateway and a mail server of its own; once for each module of tests."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from subprocess import DEVNULL, Popen
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

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


@pytest.fixture(scope="session")
def receipts_port() -> int:
    """Where the gateway sends its receipts, if something listens there."""
    return free_port()


@pytest.fixture(scope="session")
def gateway_url(receipts_port: int) -> Iterator[str]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "deploy.local.simulators.sms_gateway", "--port", str(port)),
        *("--callback", f"http://127.0.0.1:{receipts_port}/receipts/sms"),
    ]
    variables = {"PATH": os.environ["PATH"], "ADUAN_SMS_TOKEN": TOKEN, "ADUAN_SMS_CALLBACK_SECRET": SECRET}
    with Popen(command, cwd=ROOT, env=variables, stdout=DEVNULL, stderr=DEVNULL) as process:
        yield f"http://127.0.0.1:{port}"
        process.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(gateway_url: str) -> AsyncIterator[Gateway]:
    async with httpx.AsyncClient(base_url=gateway_url, timeout=30) as client:

        async def answers() -> bool:
            try:
                return (await client.get("/openapi.json")).is_success
            except httpx.TransportError:
                return False

        await until(answers, "the gateway answers", 30)
        gateway = Gateway(gateway_url, client)
        await gateway.behave()
        yield gateway


class Moody(Mailbox):
    """A mailbox that can answer otherwise: `replies` to a recipient; of what it takes for the `losing` it hangs up, for
    the `holding` it says nothing, instead of answering."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: dict[str, list[str]] = {}
        self.losing: set[str] = set()
        self.holding: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if replies := self.replies.get(address):
            return replies.pop()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = await super().handle_DATA(server, session, envelope)
        if self.losing.intersection(envelope.rcpt_tos):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.holding.intersection(envelope.rcpt_tos):
            await asyncio.sleep(60)
        return reply


@dataclass
class Mails:
    """A real mail server and what it was given."""

    port: int
    box: Moody

    def to(self, address: str) -> list[Any]:
        return [mail for mail in self.box.mails if address in mail.to]


@pytest.fixture(scope="module")
def mails() -> Iterator[Mails]:
    box, port = Moody(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Mails(port, box)
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def surroundings(real_servers: Servers, gateway: Gateway, mails: Mails) -> dict[str, str]:
    """The settings of the service: no quiet hours or digests, and little patience so that tests need none."""
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
        "ADUAN_DIGEST_SECONDS": "0",
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


async def at_rest(notification: Running) -> None:
    """Waits till nothing is left to send, so that what the gateway is told next concerns one test alone."""

    async def nothing_due() -> bool:
        return await notification.room.store().find_one({"case.due": {"$type": "date"}}) is None

    await until(nothing_due, "everything is sent", 30)
