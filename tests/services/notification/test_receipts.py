"""Delivery receipts, genuine and forged."""

import hashlib
import hmac
import json
from uuid import uuid4

import pytest

from shared.contracts.notification import NotificationFailed
from tests.services.notification.conftest import SECRET
from tests.services.notification.reporters import sent
from tests.support.room import Running


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def receipt(message: str, status: str = "delivered", at: str = "2026-11-24T05:00:00+07:00") -> bytes:
    return json.dumps({"reference": message, "status": status, "at": at}).encode()


async def test_receipts_move_a_message_forwards_only(notification: Running) -> None:
    reporter, message = await sent(notification)
    for status in ("delivered", "delivered", "failed"):
        body = receipt(message, status)
        answer = await notification.http.post("/receipts/sms", content=body, headers=signed(body))
        assert answer.status_code == 204
        assert await reporter.statuses() == ["delivered"]
    assert notification.of(NotificationFailed, reporter.complaint) == []


async def test_a_receipt_that_says_failed_is_told_to_staff(notification: Running) -> None:
    reporter, message = await sent(notification)
    body = receipt(message, "failed")
    await notification.http.post("/receipts/sms", content=body, headers=signed(body))
    said = await notification.says(NotificationFailed, reporter.complaint)
    assert (said.data.message, said.data.reason) == (message, "undelivered")


async def test_a_receipt_needs_the_gateways_signature(notification: Running) -> None:
    reporter, message = await sent(notification)
    body = receipt(message)
    forged = [{}, {"X-Signature": ""}, {"X-Signature": "00" * 32}, signed(body, "another secret"), signed(body + b" ")]
    for headers in forged:
        answer = await notification.http.post("/receipts/sms", content=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    garbage = await notification.http.post("/receipts/sms", content=b"{", headers=signed(b"{", "another secret"))
    assert garbage.status_code == 401
    assert await reporter.statuses() == ["sent"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"reference": "x", "status": "delivered", "at": "2026-11-24T05:00:00Z"}',
        receipt(str(uuid4()), "lost"),
        receipt(str(uuid4()), at="2026-11-24T05:00:00"),
        receipt(str(uuid4()))[:-1] + b', "to": "+62812"}',
    ],
)
async def test_a_signed_receipt_that_is_none_is_refused_without_an_echo(notification: Running, body: bytes) -> None:
    answer = await notification.http.post("/receipts/sms", content=body, headers=signed(body))
    assert answer.status_code == 422
    assert "+62812" not in answer.text


async def test_a_receipt_for_an_unknown_message_is_not_found(notification: Running) -> None:
    body = receipt(str(uuid4()))
    assert (await notification.http.post("/receipts/sms", content=body, headers=signed(body))).status_code == 404


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_receipt_from_the_end_of_time_is_borne(notification: Running, at: str) -> None:
    reporter, message = await sent(notification)
    body = receipt(message, at=at)
    assert (await notification.http.post("/receipts/sms", content=body, headers=signed(body))).status_code == 204
    assert await reporter.statuses() == ["delivered"]
