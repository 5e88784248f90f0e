"""Intake over HTTP, on real servers."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from bson import encode

from services.intake.main import app
from services.intake.settings import IntakeSettings
from shared import tracking
from shared.contracts.intake import CallLogged, ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from tests.services.intake.samples import CANARIES, STORY, report, spoken
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


async def test_a_key_belongs_to_whoever_chose_it(intake: Running, counter: dict[str, str]) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    public = await intake.http.post("/complaints", json=report(), headers=headers)
    officer = await intake.http.post("/counter/complaints", json=spoken(), headers=headers | counter)
    assert officer.status_code == 201
    assert officer.json()["id"] != public.json()["id"]


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


async def test_a_call_in_progress_goes_ahead_and_its_operator_is_the_author(
    intake: Running, operator: dict[str, str]
) -> None:
    urgent = await intake.http.post("/calls/complaints", json=spoken(in_progress=True), headers=operator)
    event = await intake.says(ComplaintSubmitted, urgent.json()["id"])
    assert (event.lane, event.data.report.channel, event.data.report.author) == (
        "urgent",
        "emergency_call",
        "operator-110",
    )
    calm = await intake.http.post("/calls/complaints", json=spoken(), headers=operator)
    assert (await intake.says(ComplaintSubmitted, calm.json()["id"])).lane == "normal"


async def test_a_report_from_the_web_does_not_go_ahead_of_110_but_says_that_it_is_in_progress(intake: Running) -> None:
    receipt = await submit(intake, in_progress=True)
    event = await intake.says(ComplaintSubmitted, receipt["id"])
    assert (event.lane, event.data.report.in_progress) == ("normal", True)


async def test_a_prank_call_is_one_request_and_no_case(intake: Running, operator: dict[str, str]) -> None:
    before = await count(intake)
    headers = operator | {"Idempotency-Key": str(uuid4())}
    call = await intake.http.post("/calls/log", json={"kind": "prank"}, headers=headers)
    assert call.status_code == 201
    logged = await intake.says(CallLogged, call.json()["id"])
    assert (logged.data.kind, logged.data.operator) == ("prank", "operator-110")
    again = await intake.http.post("/calls/log", json={"kind": "prank"}, headers=headers)
    assert again.json() == call.json()
    other = await intake.http.post("/calls/log", json={"kind": "silent"}, headers=headers)
    assert other.status_code == 422
    assert await count(intake) == before
    assert await intake.room.store("calls").collection.count_documents({"_id": call.json()["id"]}) == 1


async def test_a_reporter_at_the_counter_was_seen_in_person(intake: Running, counter: dict[str, str]) -> None:
    response = await intake.http.post("/counter/complaints", json=spoken(), headers=counter)
    told = (await intake.says(ComplaintSubmitted, response.json()["id"])).data.report
    assert (told.channel, told.author, told.identity_level) == ("counter", "officer-counter", "seen_in_person")
    anonymous = await intake.http.post("/counter/complaints", json=spoken(reporter={}), headers=counter)
    assert (await intake.says(ComplaintSubmitted, anonymous.json()["id"])).data.report.identity_level == "anonymous"


async def test_an_officers_own_finding_is_of_model_a(intake: Running, counter: dict[str, str]) -> None:
    body = spoken(own_finding=True, reporter={})
    response = await intake.http.post("/counter/complaints", json=body, headers=counter)
    assert response.json()["register_number"].startswith("LP/A/")


@pytest.mark.parametrize("route", ["/counter/complaints", "/calls/complaints", "/calls/log"])
async def test_officers_routes_need_their_role_and_their_office(intake: Running, route: str) -> None:
    body = {"kind": "prank"} if route == "/calls/log" else spoken()
    assert (await intake.http.post(route, json=body)).status_code == 401
    verifier = intake.token("verifier", units=("polres-sukamaju",))
    assert (await intake.http.post(route, json=body, headers=verifier)).status_code == 403
    elsewhere = intake.token("counter_officer", "call_operator", units=("polres-elsewhere",))
    assert (await intake.http.post(route, json=body, headers=elsewhere)).status_code == 403


async def test_tokens_that_prove_nothing_are_refused(intake: Running) -> None:
    accepted = intake.token("call_operator", units=("polres-sukamaju",))
    good = accepted["Authorization"].removeprefix("Bearer ")
    header, claims, signature = good.split(".")
    tokens = ["eyJhbGciOiJub25lIn0." + claims + ".", f"{header}.{claims}.{signature[:-6]}AAAAAA", "nonsense"]
    for token in tokens:
        headers = {"Authorization": f"Bearer {token}"}
        response = await intake.http.post("/calls/log", json={"kind": "prank"}, headers=headers)
        assert response.status_code == 401, token
    assert (await intake.http.post("/calls/log", json={"kind": "prank"}, headers=accepted)).status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b'{"channel":"web","what":"\xff"}', 422),
        (b'{"channel":"web","what":"\\ud800"}', 422),
        (b'{"channel":"web","what":"x","\\ud800":1}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":NaN,"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":-Infinity,"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":1e999,"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":' + b"9" * 4_000 + b',"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":' + b"9" * 5_000 + b',"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":' + b"[" * 500 + b"]" * 500 + b"}", 422),
        (b'{"channel":"web","what":' + b"[" * 30_000 + b"]" * 30_000 + b"}", 422),
        (b'{"channel":"web","what":"x","what":{"$ne":1}}', 422),
        (b'{"channel":"web","what":"a\\u0000b"}', 422),
        (b'{"channel":"web","what":"' + b"x" * 70_000 + b'"}', 413),
    ],
)
async def test_a_hostile_body_is_a_problem_of_its_sender_and_nothing_is_stored(
    intake: Running, body: bytes, status: int
) -> None:
    before = await count(intake)
    response = await intake.http.post("/complaints", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    assert fields(response) or status == 413
    assert await count(intake) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": {"$ne": ""}}, "what"),
        ({"surprise": 1}, "surprise"),
        ({"reporter": {"nik": 5}}, "reporter.nik"),
        ({"where": {"lat": 1}}, "where"),
        ({"when": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "when"),
        ({"attachments": [f"00000000-0000-4000-8000-{n:012}" for n in range(11)]}, "attachments"),
        ({"attachments": [str(uuid4())]}, "attachments"),
    ],
)
async def test_a_wrong_field_is_named_and_its_value_is_not(
    intake: Running, changes: dict[str, Any], field: str
) -> None:
    before = await count(intake)
    response = await intake.http.post("/complaints", json=report(**changes))
    assert (response.status_code, fields(response)) == (422, [field])
    assert "Canary" not in response.text
    assert await count(intake) == before


async def test_a_body_that_grows_without_end_is_cut_off(intake: Running) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 50_000_000:
            sent += 10_000
            yield b"x" * 10_000

    response = await intake.http.post("/complaints", content=endless(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert sent < 100_000


@pytest.mark.parametrize("given", ["short", "x" * 129, "with space in it", "päßword-1234"])
async def test_a_malformed_idempotency_key_is_refused(intake: Running, given: str) -> None:
    headers = {b"Idempotency-Key": given.encode()}
    response = await intake.http.post("/complaints", json=report(), headers=headers)
    assert (response.status_code, fields(response)) == (422, ["Idempotency-Key"])


async def test_a_supplement_is_told_once_however_often_it_is_sent(intake: Running) -> None:
    receipt = await submit(intake)
    body = {"code": receipt["tracking_code"].lower().replace("-", " "), "what": "Pelaku kembali."}
    headers = {"Idempotency-Key": str(uuid4())}
    responses = await asyncio.gather(
        *(intake.http.post("/tracking/supplements", json=body, headers=headers) for _ in range(20))
    )
    assert {response.status_code for response in responses} == {201}
    assert len({response.text for response in responses}) == 1
    event = await intake.says(ComplaintSupplemented, receipt["id"])
    narrative = intake.vault.open("narrative", receipt["id"], event.data.sealed.narrative or "")
    assert narrative == {"text": "Pelaku kembali.", "place_text": None, "lat": None, "lon": None}
    document = await intake.room.store().find_one({"_id": receipt["id"]})
    assert document
    assert document.case
    assert len(document.case.supplements) == 1
    other = await intake.http.post("/tracking/supplements", json=body | {"what": "Lain."}, headers=headers)
    assert other.json()["type"] == "urn:aduan:problem:idempotency_key_reused"


async def test_different_supplements_at_once_are_all_kept(intake: Running) -> None:
    receipt = await submit(intake)
    bodies = [{"code": receipt["tracking_code"], "what": f"Tambahan {n}"} for n in range(20)]
    responses = await asyncio.gather(*(intake.http.post("/tracking/supplements", json=body) for body in bodies))
    assert {response.status_code for response in responses} == {201}
    await intake.says(ComplaintSupplemented, receipt["id"], 20)


async def test_a_withdrawal_is_final_and_a_second_one_gets_the_same_answer(intake: Running) -> None:
    receipt = await submit(intake)
    body = {"code": receipt["tracking_code"]}
    first = await intake.http.post("/tracking/withdrawal", json=body)
    assert (first.status_code, first.json()["status"]) == (200, "withdrawn")
    again = await intake.http.post("/tracking/withdrawal", json=body)
    assert (again.status_code, again.json()) == (200, first.json())
    supplement = await intake.http.post("/tracking/supplements", json=body | {"what": "Terlambat."})
    assert (supplement.status_code, supplement.json()["type"]) == (409, "urn:aduan:problem:withdrawn")
    await intake.says(ComplaintWithdrawn, receipt["id"])
    # An event that comes after it on the same connection shows that no second one is under way.
    await intake.says(ComplaintSubmitted, (await submit(intake))["id"])
    assert len(intake.of(ComplaintWithdrawn, receipt["id"])) == 1


async def test_every_code_that_is_not_somebodys_gets_the_same_answer(intake: Running) -> None:
    receipt = await submit(intake)
    code = receipt["tracking_code"]
    unknown = tracking.show(tracking.encode(b"0123456789"))
    wrong_check = code[:-1] + ("0" if code[-1] != "0" else "1")
    for wrong in (unknown, wrong_check, code[:-2], code + "0", "", "nonsense", "İ" * 17, "x" * 200, receipt["id"]):
        for route, body in (("/tracking/supplements", {"what": "x"}), ("/tracking/withdrawal", {})):
            response = await intake.http.post(route, json={"code": wrong} | body)
            assert (response.status_code, response.json()) == (404, ABSENT), wrong


async def test_staff_read_the_facts_but_nothing_that_is_sealed(intake: Running, verifier: dict[str, str]) -> None:
    receipt = await submit(intake)
    await intake.http.post("/tracking/supplements", json={"code": receipt["tracking_code"], "what": "Lagi."})
    response = await intake.http.get(f"/complaints/{receipt['id']}", headers=verifier)
    assert response.status_code == 200
    assert response.headers["etag"] == '"2"'
    read = response.json()
    assert (read["id"], read["register_number"], read["status"]) == (
        receipt["id"],
        receipt["register_number"],
        "received",
    )
    assert len(read["supplements"]) == 1
    assert not {"sealed", "conflicts", "tracking_lookup", "request"} & set(read)
    assert "eyJ" not in response.text


async def test_a_complaint_is_absent_for_those_who_may_not_know_of_it(
    intake: Running, counter: dict[str, str], verifier: dict[str, str]
) -> None:
    body = spoken(conflicts=["officer-verifier", "Paminal"])
    receipt = (await intake.http.post("/counter/complaints", json=body, headers=counter)).json()
    path = f"/complaints/{receipt['id']}"
    polres = "polres-sukamaju"
    strangers = [
        verifier,
        intake.token("verifier", person="officer-2", units=(polres, "Paminal")),
        intake.token("verifier", person="officer-2", units=("polres-elsewhere",)),
        intake.token("verifier", "chief", "administrator", person="officer-2"),
    ]
    for stranger in strangers:
        response = await intake.http.get(path, headers=stranger)
        assert (response.status_code, response.json()) == (404, ABSENT)
    assert (await intake.http.get(f"/complaints/{uuid4()}", headers=counter)).json() == ABSENT
    assert (await intake.http.get(path, headers=counter)).status_code == 200
    detective = intake.token("detective", person="officer-2", units=(polres,))
    assert (await intake.http.get(path, headers=detective)).status_code == 403


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
