"""The simulated SMS gateway and mailbox, run by the commands that the supervisor uses."""

import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.local.process import free_ports
from tests.deploy.left import wait_for

ROOT = Path(__file__).parents[2]
TOKEN, SECRET = "token", "shared-secret"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
MESSAGE = {"reference": "a-1", "to": "+6281200000001", "text": "Laporan Anda diperbarui."}


class Receiver(HTTPServer):
    """Takes receipts, with the time at which each came."""

    def __init__(self, port: int) -> None:
        self.receipts: list[tuple[bytes, str]] = []
        super().__init__(("127.0.0.1", port), _Take)


class _Take(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receipts.append((body, self.headers["X-Signature"]))
        if self.path != "/office":
            self.send_response(204)
            self.end_headers()
            return
        reply = None if b"diam" in body else "Di mana?"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"reply": reply}).encode())

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver(*free_ports(1)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def gateway_url(receiver: Receiver) -> Iterator[str]:
    with _simulator("sms_gateway", "--callback", f"http://127.0.0.1:{receiver.server_port}/") as url:
        yield url


@pytest.fixture
def gateway(gateway_url: str, receiver: Receiver, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    receiver.receipts.clear()
    with httpx.Client(base_url=gateway_url, headers=BEARER, timeout=5) as client:
        client.post("/behaviour", json={}).raise_for_status()
        yield client
        client.post("/behaviour", json={}).raise_for_status()


def test_a_message_is_taken_found_by_its_reference_and_receipted_with_a_signature(
    gateway: httpx.Client, receiver: Receiver
) -> None:
    taken = _send(gateway, "plain")

    assert taken.status_code == 202
    assert [found["id"] for found in _found(gateway, "plain")] == [taken.json()["id"]]
    wait_for(lambda: _receipts(receiver, "plain") == ["delivered"], "the receipt")
    body, signature = next(receipt for receipt in receiver.receipts if b"plain" in receipt[0])
    assert set(json.loads(body)) == {"reference", "status", "at"}
    assert signature == hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def test_a_reference_that_comes_twice_is_sent_twice(gateway: httpx.Client) -> None:
    first, second = _send(gateway, "again"), _send(gateway, "again")

    assert first.json()["id"] != second.json()["id"]
    assert len(_found(gateway, "again")) == 2


def test_a_gateway_that_dedupes_sends_a_reference_once() -> None:
    with _simulator("sms_gateway", "--dedupe") as url, httpx.Client(base_url=url, headers=BEARER) as client:
        first, second = _send(client, "once"), _send(client, "once")

        assert first.json()["id"] == second.json()["id"]
        assert len(_found(client, "once")) == 1


def test_what_a_phone_writes_is_handed_in_signed_and_the_answer_goes_back_to_it(receiver: Receiver) -> None:
    number, office = "+6281200000009", f"http://127.0.0.1:{receiver.server_port}/office"
    with (
        _simulator("sms_gateway", "--inbound", office) as url,
        httpx.Client(base_url=url, headers=BEARER) as gateway,
    ):
        back = gateway.post("/inbound", json={"from": number, "text": "Motor saya hilang"}).json()
        assert (back["to"], back["text"]) == (number, "Di mana?")
        body, signature = receiver.receipts[-1]
        assert json.loads(body).keys() == {"id", "from", "text"}
        assert signature == hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert gateway.get("/messages").json()["messages"] == [back]
        assert gateway.post("/inbound", json={"from": number, "text": "diam"}).json() is None


def test_an_unknown_client_is_refused(gateway: httpx.Client) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer other"}):
        assert gateway.post("/messages", json=MESSAGE, headers=headers).status_code == 401
        assert gateway.get("/messages", headers=headers).status_code == 401


@pytest.mark.parametrize("wrong", [{"to": "0812"}, {"text": ""}, {"reference": ""}, {"sender": "x"}])
def test_a_malformed_message_is_refused(gateway: httpx.Client, wrong: dict[str, str]) -> None:
    assert gateway.post("/messages", json={**MESSAGE, **wrong}).status_code == 422


def test_a_busy_gateway_says_when_to_come_back_takes_nothing_and_recovers(gateway: httpx.Client) -> None:
    _behave(gateway, busy=1, retry_after=7)

    refused = _send(gateway, "busy")

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert _found(gateway, "busy") == []
    assert _send(gateway, "busy").status_code == 202


def test_a_message_that_was_taken_without_an_answer_is_found_by_its_reference(gateway: httpx.Client) -> None:
    _behave(gateway, vanish=1)

    with pytest.raises(httpx.ReadTimeout):
        gateway.post("/messages", json={**MESSAGE, "reference": "vanished"}, timeout=0.5)

    assert len(_found(gateway, "vanished")) == 1


def test_a_slow_gateway_outlasts_an_impatient_client(gateway: httpx.Client) -> None:
    _behave(gateway, delay=1)

    with pytest.raises(httpx.ReadTimeout):
        gateway.post("/messages", json={**MESSAGE, "reference": "slow"}, timeout=0.3)
    assert gateway.post("/messages", json={**MESSAGE, "reference": "patient"}).status_code == 202


@pytest.mark.parametrize(
    ("receipts", "expected"), [("twice", ["delivered", "delivered"]), ("failed", ["failed"]), ("late", ["delivered"])]
)
def test_receipts_come_as_told(gateway: httpx.Client, receiver: Receiver, receipts: str, expected: list[str]) -> None:
    _behave(gateway, receipts=receipts)
    _send(gateway, receipts)

    wait_for(lambda: _receipts(receiver, receipts) == expected, "the receipts")


async def test_a_mail_is_kept_and_listed() -> None:
    (smtp,) = free_ports(1)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "aduan@polres.example", "sari@example.org", "Kabar laporan Anda"
    mail["Message-ID"] = "<1@polres.example>"
    mail.set_content("Ada perkembangan: silakan lihat halaman pelacakan.")

    with _simulator("mailbox", "--smtp-port", str(smtp)) as url:
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=smtp)
        (kept,) = (await asyncio.to_thread(httpx.get, f"{url}/messages")).json()

    assert (kept["to"], kept["subject"]) == (["sari@example.org"], "Kabar laporan Anda")
    assert kept["text"].strip() == "Ada perkembangan: silakan lihat halaman pelacakan."


@contextmanager
def _simulator(name: str, *arguments: str) -> Iterator[str]:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", f"deploy.local.simulators.{name}", "--port", str(port), *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env={"PATH": "", "ADUAN_SMS_TOKEN": TOKEN, "ADUAN_SMS_CALLBACK_SECRET": SECRET}
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: _answers(process, url), f"{name} answers")
        yield url
    finally:
        process.terminate()
        # What a client did not wait for is still under way, and would hold the gateway until it is answered.
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(process: "subprocess.Popen[bytes]", url: str) -> bool:
    assert process.poll() is None, "the simulator ended"
    try:
        return httpx.get(f"{url}/messages").status_code in (200, 401)
    except httpx.TransportError:
        return False


def _behave(gateway: httpx.Client, **behaviour: object) -> None:
    gateway.post("/behaviour", json=behaviour).raise_for_status()


def _send(gateway: httpx.Client, reference: str) -> httpx.Response:
    return gateway.post("/messages", json={**MESSAGE, "reference": reference})


def _found(gateway: httpx.Client, reference: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = gateway.get("/messages", params={"reference": reference}).json()["messages"]
    return found


def _receipts(receiver: Receiver, reference: str) -> list[str]:
    receipts = [json.loads(body) for body, _ in receiver.receipts]
    return [receipt["status"] for receipt in receipts if receipt["reference"] == reference]
