"""The SMS gateway's answers, the plain and the odd ones, and what we make of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr

from services.notification.carrier import Letter
from services.notification.sms import SmsGateway
from tests.support.processes import free_port
from tests.support.room import until

LETTER = Letter("reference-1", "+6281234567890", "Laporan Anda 1/2026")


@dataclass
class Odd:
    """A gateway that answers whatever it is told to."""

    port: int = field(default_factory=free_port)
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"id": "x"}'
    delay: float = 0
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    def answers(self, status: int, body: bytes = b"", retry_after: str | None = None) -> None:
        self.status, self.body, self.delay = status, body, 0
        self.headers = {"Retry-After": retry_after} if retry_after else {}

    async def answer(self, request: Request) -> Response:
        self.asked.append((str(request.url.query), request.headers.get("Authorization", ""), await request.body()))
        await asyncio.sleep(self.delay)
        return Response(self.body, self.status, self.headers)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def odd() -> AsyncIterator[Odd]:
    odd, application = Odd(), FastAPI()
    application.add_route("/v1/messages", odd.answer, methods=["GET", "POST"])
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=odd.port, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the gateway answers")
    yield odd
    server.should_exit = True
    await serving


@pytest_asyncio.fixture
async def gateway(odd: Odd) -> AsyncIterator[SmsGateway]:
    async with httpx.AsyncClient() as http:
        yield SmsGateway(http, f"http://127.0.0.1:{odd.port}/v1/", SecretStr("secret"), 0.5)


async def test_a_message_is_handed_over_with_our_reference_and_token(odd: Odd, gateway: SmsGateway) -> None:
    odd.answers(202, b'{"id": "x"}')
    assert (await gateway.send(LETTER)).verdict == "accepted"
    _, authorization, body = odd.asked[-1]
    assert authorization == "Bearer secret"
    assert body == b'{"reference":"reference-1","to":"+6281234567890","text":"Laporan Anda 1/2026"}'


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "accepted"),
        (202, "accepted"),
        (302, "unclear"),
        (400, "refused"),
        (401, "busy"),
        (403, "busy"),
        (404, "refused"),
        (408, "busy"),
        (422, "refused"),
        (429, "busy"),
        (500, "unclear"),
        (502, "unclear"),
        (503, "unclear"),
    ],
)
async def test_a_status_says_yes_or_no_or_nothing(odd: Odd, gateway: SmsGateway, status: int, verdict: str) -> None:
    odd.answers(status)
    assert (await gateway.send(LETTER)).verdict == verdict


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("-5", 0),
        ("soon", 0),
        ("99999999999999999999", 86400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
async def test_what_the_gateway_asks_for_is_bounded(odd: Odd, gateway: SmsGateway, header: str, seconds: float) -> None:
    odd.answers(429, retry_after=header)
    assert (await gateway.send(LETTER)).wait == timedelta(seconds=seconds)


async def test_a_date_to_come_back_at_is_understood(odd: Odd, gateway: SmsGateway) -> None:
    odd.answers(429, retry_after=format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True))
    wait = (await gateway.send(LETTER)).wait
    assert timedelta(minutes=55) < wait <= timedelta(hours=1)


async def test_no_answer_in_time_is_unclear(odd: Odd, gateway: SmsGateway) -> None:
    odd.answers(202)
    odd.delay = 0.8
    assert (await gateway.send(LETTER)).verdict == "unclear"
    assert await gateway.knows("reference-1") is None


async def test_a_gateway_that_cannot_be_reached_has_certainly_taken_nothing() -> None:
    async with httpx.AsyncClient() as http:
        away = SmsGateway(http, f"http://127.0.0.1:{free_port()}", SecretStr("secret"), 0.5)
        assert (await away.send(LETTER)).verdict == "busy"
        assert await away.knows("reference-1") is None


async def test_a_gateway_that_hangs_up_leaves_it_unclear() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    port = free_port()
    async with await asyncio.start_server(hang_up, "127.0.0.1", port), httpx.AsyncClient() as http:
        away = SmsGateway(http, f"http://127.0.0.1:{port}", SecretStr("secret"), 0.5)
        assert (await away.send(LETTER)).verdict == "unclear"
        assert await away.knows("reference-1") is None


@pytest.mark.parametrize(
    ("status", "body", "known"),
    [
        (200, b'{"messages": [{"reference": "reference-1", "id": "x", "status": "sent"}]}', True),
        (200, b'{"messages": []}', False),
        (200, b'{"messages": [{"reference": "another"}]}', False),
        (200, b"[]", None),
        (200, b"{}", None),
        (200, b"<html>", None),
        (200, b'{"messages": [{}]}', None),
        (204, b"", None),
        (404, b'{"messages": []}', None),
        (500, b'{"messages": []}', None),
    ],
)
async def test_only_a_clear_answer_counts_as_knowing_or_not(
    odd: Odd, gateway: SmsGateway, status: int, body: bytes, known: bool | None
) -> None:
    odd.answers(status, body)
    assert await gateway.knows("reference-1") is known
    assert odd.asked[-1][0] == "reference=reference-1"
