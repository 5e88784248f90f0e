"""Reports that come in over HTTP, on real servers."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from bson import encode

from services.intake.main import app
from services.intake.settings import IntakeSettings
from shared import tracking
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented
from tests.services.intake.samples import CANARIES, STORY, report
from tests.support.room import Running, running

ABSENT = {
    "type": "urn:aduan:problem:not_found",
    "title": "Not Found",
    "status": 404,
    "detail": "There is no such complaint.",
}


async def submit(intake: Running, **changes: Any) -> dict[str, Any]:
    response = await intake.http.post("/complaints", json=report(**changes))
    assert response.status_code == 201, response.text
    receipt: dict[str, Any] = response.json()
    return receipt


async def count(intake: Running) -> int:
    found: int = await intake.room.store().collection.count_documents({})
    return found


def fields(response: httpx.Response) -> list[str]:
    assert response.headers["content-type"] == "application/problem+json"
    return [error["field"] for error in response.json().get("errors", [])]


async def test_a_report_gets_an_id_a_register_number_and_a_code(intake: Running) -> None:
    receipt = await submit(intake)
    assert set(receipt) == {"id", "register_number", "tracking_code", "received_at"}
    assert UUID(receipt["id"]).version == 7
    year = (datetime.now(UTC) + timedelta(hours=7)).year
    assert receipt["register_number"].startswith("LP/B/")
    assert receipt["register_number"].endswith(f"/{year}/SPKT/POLRES SUKAMAJU")
    assert tracking.show(tracking.normalise(receipt["tracking_code"]) or "") == receipt["tracking_code"]
    submitted = await intake.says(ComplaintSubmitted, receipt["id"])
    assert submitted.lane == "normal"
    assert submitted.data.category_hint == "burglary"
    assert submitted.data.report.register_number == receipt["register_number"]


async def test_what_is_personal_travels_sealed_and_for_this_complaint_alone(intake: Running) -> None:
    receipt = await submit(intake)
    event = await intake.says(ComplaintSubmitted, receipt["id"])
    told: ComplaintSubmitted = event.data
    name, nik, phone, email, address = CANARIES
    opened = {
        part: intake.vault.open(part, receipt["id"], getattr(told.report.sealed, part) or "")
        for part in ("narrative", "identity", "contact")
    }
    assert opened == {
        "narrative": {"text": STORY, "place_text": "Pasar Canary, kios 4", "lat": -8.1724, "lon": 113.6995},
        "identity": {"name": name, "nik": nik, "address": address},
        "contact": {"phone": phone, "email": email},
    }
    assert told.report.village == "35.09.01.2003"
    assert told.report.identity_level == "claimed"
    assert told.tracking_lookup == tracking.lookup(receipt["tracking_code"], _settings(intake).code_key)


async def test_somebody_who_gives_no_name_is_anonymous(intake: Running) -> None:
    receipt = await submit(intake, reporter={"phone": "+62 812-3450-0000"})
    told = (await intake.says(ComplaintSubmitted, receipt["id"])).data
    assert told.report.identity_level == "anonymous"
    assert told.report.sealed.identity is None
    nobody = await submit(intake, reporter={})
    told = (await intake.says(ComplaintSubmitted, nobody["id"])).data
    assert (told.report.sealed.identity, told.report.sealed.contact) == (None, None)


async def test_a_repeated_request_gets_the_same_answer_and_makes_no_second_complaint(intake: Running) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first = await intake.http.post("/complaints", json=report(), headers=headers)
    before = await count(intake)
    again = await intake.http.post("/complaints", json=report(), headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await count(intake) == before


async def test_a_retry_after_a_crash_before_the_answer_gets_the_same_code(settings: IntakeSettings) -> None:
    # The first process commits, and nobody hears its answer: what the second one says can only come from the database.
    headers = {"Idempotency-Key": str(uuid4())}
    async with running(app(settings), settings, "intake") as first:
        unheard = await first.http.post("/complaints", json=report(), headers=headers)
    async with running(app(settings), settings, "intake") as second:
        answered = await second.http.post("/complaints", json=report(), headers=headers)
        assert (answered.status_code, answered.json()) == (201, unheard.json())
        kept = await second.room.store().collection.count_documents({"_id": answered.json()["id"]})
        assert kept == 1


async def test_a_double_click_makes_one_complaint_and_both_get_its_answer(intake: Running) -> None:
    before = await count(intake)
    headers = {"Idempotency-Key": str(uuid4())}
    posts = (intake.http.post("/complaints", json=report(), headers=headers) for _ in range(20))
    responses = await asyncio.gather(*posts)
    assert {response.status_code for response in responses} == {201}
    assert len({response.text for response in responses}) == 1
    assert await count(intake) == before + 1
    await intake.says(ComplaintSubmitted, responses[0].json()["id"])
    assert len(intake.of(ComplaintSubmitted, responses[0].json()["id"])) == 1


async def test_two_processes_with_one_key_make_one_complaint(settings: IntakeSettings) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with (
        running(app(settings), settings, "intake") as one,
        running(app(settings), settings, "intake") as other,
    ):
        clients = [one.http, other.http] * 10
        responses = await asyncio.gather(*(c.post("/complaints", json=report(), headers=headers) for c in clients))
    assert {response.status_code for response in responses} == {201}
    assert len({response.text for response in responses}) == 1


async def test_a_key_cannot_be_used_for_a_different_report(intake: Running) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    await intake.http.post("/complaints", json=report(), headers=headers)
    before = await count(intake)
    other = await intake.http.post("/complaints", json=report(what="Sesuatu yang lain."), headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "urn:aduan:problem:idempotency_key_reused")
    assert fields(other) == ["Idempotency-Key"]
    assert await count(intake) == before


async def test_register_numbers_are_never_given_twice(intake: Running) -> None:
    receipts = await asyncio.gather(*(submit(intake) for _ in range(60)))
    numbers = {receipt["register_number"] for receipt in receipts}
    assert len(numbers) == 60


async def test_neither_code_nor_personal_data_is_at_rest_or_in_an_event(intake: Running) -> None:
    receipt = await submit(intake)
    body = {"code": receipt["tracking_code"], "what": "Tambahan Canary: pelakunya berbaju merah."}
    await intake.http.post("/tracking/supplements", json=body)
    await intake.says(ComplaintSupplemented, receipt["id"])
    dump = await _dump(intake) + b"".join(e.model_dump_json(serialize_as_any=True).encode() for e in intake.said)
    code = receipt["tracking_code"]
    for secret in (code, code.replace("-", ""), code[:-2].replace("-", ""), "Canary", "canary", "Tetangga", *CANARIES):
        assert secret.encode() not in dump, secret
    assert receipt["id"].encode() in dump


async def _dump(intake: Running) -> bytes:
    database = intake.room.mongo.database
    documents = []
    for name in await database.list_collection_names():
        documents += await database[name].find({}).to_list(None)
    return b"".join(encode(document) for document in documents)


async def test_a_report_from_the_web_does_not_go_ahead_of_110_but_says_that_it_is_in_progress(intake: Running) -> None:
    receipt = await submit(intake, in_progress=True)
    event = await intake.says(ComplaintSubmitted, receipt["id"])
    assert (event.lane, event.data.report.in_progress) == ("normal", True)


async def test_the_description_of_the_service_says_what_is_served(intake: Running) -> None:
    document = (await intake.http.get("/openapi.json")).json()
    assert {path for path in document["paths"] if not path.startswith(("/health", "/audit"))} == {
        "/complaints",
        "/counter/complaints",
        "/calls/complaints",
        "/calls/log",
        "/attachments",
        "/channels/keys",
        "/tracking/supplements",
        "/tracking/appeals",
        "/channels/sms",
        "/complaints/{complaint_id}/receipt",
        "/complaints/{complaint_id}/receipt.pdf",
        "/complaints/{complaint_id}/report.pdf",
        "/open311/v2/services.{form}",
        "/open311/v2/services/{service_code}.{form}",
        "/open311/v2/requests.{form}",
        "/open311/v2/requests/{id_}.{form}",
        "/open311/v2/tokens/{token}.{form}",
        "/tracking/withdrawal",
        "/complaints/{complaint_id}",
        "/complaints/{complaint_id}/erasure",
        "/erasures/{erased_id}",
        "/complaints/{complaint_id}/attachments/{attachment_id}/original",
        "/tracking/contact/code",
        "/tracking/contact/confirmation",
        "/complaints/{complaint_id}/legal-hold",
        "/complaints/{complaint_id}/attachments/{attachment_id}",
    }
    assert "{code}" not in json.dumps(document)


def _settings(intake: Running) -> IntakeSettings:
    assert isinstance(intake.settings, IntakeSettings)
    return intake.settings
