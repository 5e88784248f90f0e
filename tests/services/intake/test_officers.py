"""What officers take down at the counter and at 110, and what staff read of a report, on real servers."""

from uuid import uuid4

import pytest

from shared.contracts.intake import CallLogged, ComplaintSubmitted
from tests.services.intake.samples import report, spoken
from tests.services.intake.test_service import ABSENT, count, submit
from tests.support.room import Running


async def test_a_key_belongs_to_whoever_chose_it(intake: Running, counter: dict[str, str]) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    public = await intake.http.post("/complaints", json=report(), headers=headers)
    officer = await intake.http.post("/counter/complaints", json=spoken(), headers=headers | counter)
    assert officer.status_code == 201
    assert officer.json()["id"] != public.json()["id"]


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
