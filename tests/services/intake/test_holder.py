"""What the holder of a tracking code adds and takes back, on real servers."""

import asyncio
from uuid import uuid4

from shared import tracking
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from tests.services.intake.test_service import ABSENT, submit
from tests.support.room import Running


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
