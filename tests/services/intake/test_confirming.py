"""One-time codes that prove a reporter's phone or mailbox, decided and over HTTP."""

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from bson import encode

from services.intake import confirming
from services.intake.case import Complaint
from services.intake.confirming import NewCode
from services.intake.main import app
from services.intake.one_time_code import TRIES, VALID, OneTimeCode
from services.intake.quotas import REPORTS
from services.intake.settings import IntakeSettings
from shared import tracking
from shared.contracts.intake import ContactCodeIssued, ContactConfirmed
from shared.contracts.refusals import Conflict, TooMany
from tests.services.intake.conftest import OURS
from tests.services.intake.samples import report
from tests.services.intake.test_domain import NOW, command, complaint
from tests.services.intake.test_service import ABSENT, submit
from tests.support.room import Running, running, settings_from
from tests.support.servers import Servers

NEW = NewCode("sms", "d" * 64, "jwe")
WRONG = "urn:aduan:problem:wrong_code"


def issued(**changes: Any) -> Complaint:
    case = confirming.issue(complaint(), command(NEW), NOW).case
    assert case is not None
    return replace(case, **changes)


def tried(case: Complaint, digest: str, after: timedelta = timedelta(0)) -> tuple[Complaint, list[str]]:
    decision = confirming.confirm(case, command(digest), NOW + after)
    assert decision.case is not None
    return decision.case, [event.wire for event in decision.events]


def test_a_code_is_kept_as_its_hmac_and_told_sealed() -> None:
    decision = confirming.issue(complaint(), command(NEW), NOW)
    (event,) = decision.events
    assert isinstance(event, ContactCodeIssued)
    assert (event.medium, event.expires_at, event.sealed.notice) == ("sms", NOW + VALID, "jwe")
    assert decision.case is not None
    assert decision.case.one_time_code == OneTimeCode("sms", NEW.digest, NOW + VALID)


def test_the_right_code_confirms_once() -> None:
    case, events = tried(issued(), NEW.digest, VALID - timedelta(seconds=1))
    assert (case.confirmed, events) == (("sms",), ["complaint.contact_confirmed.v1"])
    assert tried(case, NEW.digest) == (case, [])


def test_a_code_can_be_tried_five_times() -> None:
    case = issued()
    for _ in range(TRIES):
        case, events = tried(case, "e" * 64)
        assert events == []
    assert tried(case, NEW.digest) == (case, [])
    assert case.confirmed == ()


def test_a_code_is_over_after_ten_minutes_and_when_a_newer_one_is_sent() -> None:
    assert tried(issued(), NEW.digest, VALID)[0].confirmed == ()
    newer = replace(NEW, digest="f" * 64)
    case = confirming.issue(issued(), command(newer), NOW + confirming.PAUSE).case
    assert case is not None
    assert tried(case, NEW.digest, confirming.PAUSE)[0].confirmed == ()
    assert tried(case, newer.digest, confirming.PAUSE)[0].confirmed == ("sms",)


def test_codes_are_sent_with_pauses_and_a_few_a_day() -> None:
    with pytest.raises(TooMany) as soon:
        confirming.issue(issued(), command(NEW), NOW + timedelta(seconds=20))
    assert soon.value.seconds == 40
    full = issued(codes_sent=tuple(NOW - timedelta(hours=hours) for hours in (5, 4, 3, 2, 1)))
    with pytest.raises(TooMany) as today:
        confirming.issue(full, command(NEW), NOW)
    assert today.value.seconds == 19 * 3600
    assert confirming.issue(full, command(NEW), NOW + timedelta(hours=19)).events


def test_what_is_confirmed_or_taken_back_gets_no_code() -> None:
    confirmed, _ = tried(issued(), NEW.digest)
    for case in (confirmed, complaint(status="withdrawn")):
        with pytest.raises(Conflict):
            confirming.issue(case, command(NEW), NOW + timedelta(hours=1))


async def filed(intake: Running, **contact: str) -> dict[str, Any]:
    """A report of somebody whose phone and mailbox no other test uses."""
    phone, email = f"0812{secrets.randbelow(10**8):08d}", f"canary{secrets.token_hex(6)}@example.test"
    return await submit(intake, reporter={"phone": phone, "email": email} | contact)


async def wanted(intake: Running, code: str, medium: str = "sms") -> httpx.Response:
    return await intake.http.post("/tracking/contact/code", json={"code": code, "medium": medium})


async def received(intake: Running, code: str, digits: str, **headers: str) -> httpx.Response:
    body = {"code": code, "one_time_code": digits}
    return await intake.http.post("/tracking/contact/confirmation", json=body, headers=headers)


async def sent(intake: Running, complaint: str) -> str:
    """The code that notification would send."""
    event = await intake.says(ContactCodeIssued, complaint)
    return str(intake.vault.open("notice", complaint, event.data.sealed.notice)["text"])


def another(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06d}"


@pytest.mark.parametrize("medium", ["sms", "email"])
async def test_a_reporter_confirms_the_way_to_be_reached(intake: Running, medium: str) -> None:
    receipt = await filed(intake)
    answer = await wanted(intake, receipt["tracking_code"], medium)
    assert (answer.status_code, answer.json()["medium"]) == (202, medium)
    digits = await sent(intake, receipt["id"])
    wrong = await received(intake, receipt["tracking_code"], another(digits))
    assert (wrong.status_code, wrong.json()["type"]) == (422, WRONG)
    for _ in range(2):
        right = await received(intake, receipt["tracking_code"], digits)
        assert (right.status_code, right.json()) == (200, {"confirmed": [medium]})
    event = await intake.says(ContactConfirmed, receipt["id"])
    assert event.data.medium == medium
    assert len(intake.of(ContactConfirmed, receipt["id"])) == 1


async def test_a_one_time_code_cannot_be_guessed(intake: Running) -> None:
    receipt = await filed(intake)
    await wanted(intake, receipt["tracking_code"])
    digits = await sent(intake, receipt["id"])
    wrong = another(digits)
    same_key = {"Idempotency-Key": str(uuid4())}
    answers = [await received(intake, receipt["tracking_code"], wrong, **same_key) for _ in range(2)]
    # With one key there is one try, whatever is tried with it.
    answers.append(await received(intake, receipt["tracking_code"], digits, **same_key))
    answers += [await received(intake, receipt["tracking_code"], wrong) for _ in range(TRIES)]
    answers.append(await received(intake, receipt["tracking_code"], digits))
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.content for answer in answers}) == 1


async def test_without_a_code_that_was_sent_every_answer_is_the_same(intake: Running) -> None:
    receipt, other = await filed(intake), await filed(intake)
    await wanted(intake, other["tracking_code"])
    digits = await sent(intake, other["id"])
    answer = await received(intake, receipt["tracking_code"], digits)
    assert (answer.status_code, answer.json()["type"]) == (422, WRONG)


@pytest.mark.parametrize("reporter", [{}, {"phone": "0331 421234"}, {"phone": "+1 202 555 0143"}])
async def test_a_code_goes_to_an_indonesian_mobile_phone_alone(intake: Running, reporter: dict[str, str]) -> None:
    receipt = await submit(intake, reporter=reporter)
    answer = await wanted(intake, receipt["tracking_code"])
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:aduan:problem:unreachable")
    assert intake.of(ContactCodeIssued, receipt["id"]) == []


async def test_no_code_is_sent_for_a_tracking_code_that_is_none(intake: Running) -> None:
    for code in (tracking.encode(b"0123456789"), "nonsense"):
        for answer in (await wanted(intake, code), await received(intake, code, "123456")):
            assert (answer.status_code, answer.json()) == (404, ABSENT)


@pytest.mark.parametrize("digits", ["12345", "1234567", "12345a", "１２３４５６", 123456, None])
async def test_what_is_no_one_time_code_is_refused_by_its_field(intake: Running, digits: Any) -> None:
    answer = await received(intake, "x", digits)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "one_time_code"


async def test_neither_a_one_time_code_nor_a_contact_rests_in_the_clear(intake: Running) -> None:
    receipt = await filed(intake, phone="0812 5555 4444", email="canary.confirmed@example.test")
    await wanted(intake, receipt["tracking_code"])
    digits = await sent(intake, receipt["id"])
    stored = b""
    for name in await intake.room.mongo.database.list_collection_names():
        for row in await intake.room.mongo[name].find({}).to_list(None):
            stored += encode(row)
    said = "".join(
        envelope.model_dump_json(serialize_as_any=True) for envelope in intake.of(ContactCodeIssued, receipt["id"])
    )
    assert digits.encode() not in _without_hex(stored)
    assert f'"{digits}"' not in said
    assert not any(canary in stored for canary in (b"5555 4444", b"81255554444", b"canary.confirmed"))


def _without_hex(stored: bytes) -> bytes:
    """Six digits in a row stand in many an HMAC by chance: what counts is a text of its own."""
    return b"\x00".join(word for word in stored.split(b"\x00") if len(word) < 20)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strict(real_servers: Servers) -> AsyncIterator[Running]:
    """Intake with the limits that it has by itself."""
    settings = settings_from(IntakeSettings, real_servers, **OURS, ADUAN_QUOTA_FACTOR="1")
    async with running(app(settings), settings, "intake") as started:
        yield started


async def test_a_phone_gets_few_codes_however_many_reports_name_it(strict: Running) -> None:
    """Nobody can have a stranger's phone ring by filing reports in the stranger's name."""
    receipts = [await filed(strict, phone=written) for written in PHONE_AS_WRITTEN]
    answers = [await wanted(strict, receipt["tracking_code"]) for receipt in receipts]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert int(answers[-1].headers["Retry-After"]) <= 3600
    other = await filed(strict)
    assert (await wanted(strict, other["tracking_code"])).status_code == 202


PHONE_AS_WRITTEN = ("081277776666", "+62 812-7777-6666", "62812 7777 6666", "(0812) 7777.6666")


async def test_a_repeated_request_sends_no_second_code(intake: Running) -> None:
    receipt = await filed(intake)
    key, body = {"Idempotency-Key": str(uuid4())}, {"code": receipt["tracking_code"], "medium": "sms"}
    first, again = [await intake.http.post("/tracking/contact/code", json=body, headers=key) for _ in range(2)]
    assert (again.status_code, again.json()) == (202, first.json())
    await sent(intake, receipt["id"])
    assert len(intake.of(ContactCodeIssued, receipt["id"])) == 1


async def test_whoever_reports_too_much_is_slowed_then_told_when_to_come_again_and_whom_to_call(
    strict: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.api.REPORTS", replace(REPORTS, name=f"reports-{uuid4()}", free=0, most=2))
    monkeypatch.setattr("shared.quotas.SLOW_SECONDS", 0.01)
    answers = [await strict.http.post("/complaints", json=report()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 600
    detail = json.loads(answers[-1].content)["detail"]
    assert all(number in detail for number in ("110", "112", "113", "119"))
