"""Erasing and holding over HTTP, on real servers: what is left, and what a backup brings back."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.intake import retire
from services.intake.course import End
from services.intake.retention import Retention, years_after
from shared import erased
from shared.contracts.intake import ComplaintErased, ComplaintSubmitted
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from tests.services.intake.samples import jpeg, report
from tests.services.intake.test_course import EARLIER
from tests.services.intake.test_domain import NOW
from tests.services.intake.test_sms import PLACE, THEFT, TIME, code_of, kept, number, write
from tests.support.room import Running, until


@pytest.fixture
def chief(intake: Running) -> dict[str, str]:
    return intake.token("chief", person="chief-1", units=("polres-sukamaju",))


async def taken_in(intake: Running, **changes: Any) -> dict[str, Any]:
    response = await intake.http.post("/complaints", json=report(**changes))
    assert response.status_code == 201, response.text
    receipt: dict[str, Any] = response.json()
    return receipt


async def end_by_rejection(intake: Running, complaint_id: str, sequence: int = 3) -> None:
    """Verification rejects it, which intake has heard."""
    said = ComplaintRejected(reason="incomplete", appeal_until=NOW, officer="officer-1")
    await intake.hear(said, complaint_id, sequence=sequence)
    await until(lambda: _ended(intake, complaint_id), "intake knows of the end")


async def _ended(intake: Running, complaint_id: str) -> bool:
    case = (await intake.room.store().load([complaint_id]))[complaint_id].case
    return case is not None and case.end is not None


async def ask_to_erase(intake: Running, receipt: dict[str, Any], who: dict[str, str]) -> httpx.Response:
    body = {"register_number": receipt["register_number"]}
    return await intake.http.post(f"/complaints/{receipt['id']}/erasure", json=body, headers=who)


async def gone(intake: Running, complaint_id: str) -> Any:
    async def tombstone() -> Any:
        return (await intake.room.store().load([complaint_id]))[complaint_id].erased

    return await until(tombstone, "a tombstone is left")


async def test_an_erased_complaint_leaves_a_tombstone_and_nothing_else(
    intake: Running, chief: dict[str, str], verifier: dict[str, str]
) -> None:
    file = (await intake.http.post("/attachments", content=jpeg())).json()["id"]
    receipt = await taken_in(intake, attachments=[file])
    await end_by_rejection(intake, receipt["id"])
    assert (await ask_to_erase(intake, receipt, chief)).status_code == 202
    event = await intake.says(ComplaintErased, receipt["id"])
    assert event.data == ComplaintErased(
        reason="request", register_number=receipt["register_number"], officer="chief-1"
    )
    await gone(intake, receipt["id"])
    row = await intake.room.store().collection.find_one({"_id": receipt["id"]})
    assert set(row["case"]) == {"polres", "lane", "erased_at", "reason", "register_number", "officer"}
    for name in ("uploads", "attachments.files"):
        assert await intake.room.mongo[name].find_one({"_id": file}) is None
    assert await intake.room.mongo["attachments.chunks"].find_one({"files_id": file}) is None
    for path in ("", "/receipt", f"/attachments/{file}", "/report.pdf"):
        answer = await intake.http.get(f"/complaints/{receipt['id']}{path}", headers=verifier | chief)
        assert answer.status_code in (403, 404), path
    answer = await intake.http.get(f"/complaints/{receipt['id']}", headers=verifier)
    absent = await intake.http.get(f"/complaints/{EARLIER}", headers=verifier)
    assert (answer.status_code, answer.json()) == (404, absent.json())


async def test_the_reporters_code_finds_nothing_any_more(intake: Running, chief: dict[str, str]) -> None:
    receipt = await taken_in(intake)
    await end_by_rejection(intake, receipt["id"])
    await ask_to_erase(intake, receipt, chief)
    for path, more in (("withdrawal", {}), ("appeals", {"grounds": "x"}), ("supplements", {"what": "x"})):
        answer = await intake.http.post(f"/tracking/{path}", json={"code": receipt["tracking_code"]} | more)
        nobody = await intake.http.post(f"/tracking/{path}", json={"code": "0000-0000-0000-0000-0"} | more)
        assert (answer.status_code, answer.json()) == (404, nobody.json())
    await gone(intake, receipt["id"])


async def test_several_can_be_erased(intake: Running, chief: dict[str, str]) -> None:
    # What is unique to a complaint is missing in each of them.
    for _ in range(3):
        receipt = await taken_in(intake)
        await end_by_rejection(intake, receipt["id"])
        assert (await ask_to_erase(intake, receipt, chief)).status_code == 202
        await gone(intake, receipt["id"])


async def test_the_tombstone_is_shown_to_those_who_answer_for_it(intake: Running, chief: dict[str, str]) -> None:
    receipt = await taken_in(intake)
    path = f"/erasures/{receipt['id']}"
    assert (await intake.http.get(path, headers=chief)).status_code == 404, "it is not erased yet"
    await end_by_rejection(intake, receipt["id"])
    await ask_to_erase(intake, receipt, chief)
    await gone(intake, receipt["id"])
    shown = await intake.http.get(path, headers=intake.token("auditor", units=("polres-sukamaju",)))
    assert shown.status_code == 200
    assert shown.json() | {"erased_at": ""} == {
        "id": receipt["id"], "register_number": receipt["register_number"], "erased_at": "", "reason": "request",
        "officer": "chief-1",
    }  # fmt: skip
    elsewhere = await intake.http.get(path, headers=intake.token("auditor", units=("another-polres",)))
    assert elsewhere.status_code == 404
    verifier = intake.token("verifier", units=("polres-sukamaju",))
    assert (await intake.http.get(path, headers=verifier)).status_code == 403


async def test_a_legal_hold_keeps_a_complaint_until_it_is_lifted(intake: Running, chief: dict[str, str]) -> None:
    receipt = await taken_in(intake)
    await end_by_rejection(intake, receipt["id"])
    path = f"/complaints/{receipt['id']}/legal-hold"
    answer = await intake.http.post(path, json={"words": "Penetapan pengadilan Canary"}, headers=chief)
    assert (answer.status_code, answer.json()["held"], answer.json()["by"]) == (200, True, "chief-1")
    refused = await ask_to_erase(intake, receipt, chief)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:aduan:problem:legal_hold")
    row = await intake.room.store().collection.find_one({"_id": receipt["id"]})
    assert "Canary" not in repr(row["case"]["holds"])
    words = intake.vault.open("narrative", receipt["id"], row["case"]["holds"][0]["words"])
    assert words == {"text": "Penetapan pengadilan Canary"}
    answer = await intake.http.delete(path, headers=chief)
    assert (answer.status_code, answer.json()["held"]) == (200, False)
    assert (await ask_to_erase(intake, receipt, chief)).status_code == 202
    await gone(intake, receipt["id"])


@pytest.mark.parametrize("role", ["verifier", "counter_officer", "detective", "auditor"])
async def test_it_takes_a_role_to_erase_or_hold(intake: Running, role: str) -> None:
    receipt, who = await taken_in(intake), intake.token(role, units=("polres-sukamaju",))
    path = f"/complaints/{receipt['id']}/legal-hold"
    answers = [
        await ask_to_erase(intake, receipt, who),
        await intake.http.post(path, json={"words": "x"}, headers=who),
        await intake.http.delete(path, headers=who),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_a_slip_erases_nothing(intake: Running, chief: dict[str, str]) -> None:
    receipt, other = await taken_in(intake), await taken_in(intake)
    await end_by_rejection(intake, receipt["id"])
    refused = await ask_to_erase(intake, receipt | {"register_number": other["register_number"]}, chief)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "register_number")
    answer = await intake.http.get(
        f"/complaints/{receipt['id']}", headers=intake.token("verifier", units=("polres-sukamaju",))
    )
    assert answer.status_code == 200


async def test_a_linked_report_is_kept_as_long_as_the_complaint_that_leads_it_on_is_open(
    intake: Running, chief: dict[str, str]
) -> None:
    earlier, later = await taken_in(intake), await taken_in(intake)
    told = (await intake.says(ComplaintSubmitted, later["id"])).data.report
    await intake.hear(ComplaintLinked(linked_to=earlier["id"], officer="o", report=told), later["id"], sequence=3)
    await until(lambda: _ended(intake, later["id"]), "intake knows of the link")
    refused = await ask_to_erase(intake, later, chief)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:aduan:problem:open")
    await end_by_rejection(intake, earlier["id"])
    assert (await ask_to_erase(intake, later, chief)).status_code == 202
    await gone(intake, later["id"])


async def test_the_phone_that_told_a_complaint_by_sms_forgets_it(intake: Running, chief: dict[str, str]) -> None:
    phone = number()
    for text in (THEFT, PLACE, TIME):
        reply = await write(intake, phone, text)
    assert code_of(reply)
    complaint_id = (await kept(intake, phone)).filed
    assert complaint_id
    case = (await intake.room.store().load([complaint_id]))[complaint_id].case
    assert case
    await end_by_rejection(intake, complaint_id)
    receipt = {"id": complaint_id, "register_number": case.report.register_number}
    assert (await ask_to_erase(intake, receipt, chief)).status_code == 202
    await gone(intake, complaint_id)
    assert (await kept(intake, phone)).filed is None


async def test_a_backup_is_erased_again(intake: Running, chief: dict[str, str]) -> None:
    file = (await intake.http.post("/attachments", content=jpeg())).json()["id"]
    receipt = await taken_in(intake, attachments=[file])
    await end_by_rejection(intake, receipt["id"])
    names = ("complaints", "uploads", "attachments.files", "attachments.chunks")
    mine = {"$or": [{"_id": {"$in": [receipt["id"], file]}}, {"files_id": file}]}
    backup = {name: await intake.room.mongo[name].find(mine).to_list(None) for name in names}
    assert all(backup.values())
    await ask_to_erase(intake, receipt, chief)
    await gone(intake, receipt["id"])
    for name, rows in backup.items():
        await intake.room.mongo[name].delete_many(mine)
        await intake.room.mongo[name].insert_many(rows)
    assert (await intake.room.store().load([receipt["id"]]))[receipt["id"]].case, "it is back"
    url = intake.settings.amqp_url.get_secret_value()
    await erased.again(url, [body for body in await erased.erasures(url) if receipt["id"].encode() in body])
    await gone(intake, receipt["id"])
    for name in names[1:]:
        assert await intake.room.mongo[name].find(mine).to_list(None) == [], name


YEARS = Retention(decided_by="test", years=2)


async def test_complaints_go_when_their_time_is_over_and_neither_earlier_nor_while_held(
    intake: Running, chief: dict[str, str]
) -> None:
    due, open_, held_ = [await taken_in(intake) for _ in range(3)]
    for receipt in (due, held_):
        await end_by_rejection(intake, receipt["id"])
    path = f"/complaints/{held_['id']}/legal-hold"
    assert (await intake.http.post(path, json={"words": "x"}, headers=chief)).status_code == 200
    unit, now = intake.room.unit(), intake.room.clock()
    later = years_after(now, 2) + timedelta(days=1)

    early = await retire.retire(unit, YEARS, now + timedelta(days=700), execute=True)
    assert early.erased == 0
    dry = await retire.retire(unit, YEARS, later, execute=False)
    assert (dry.erased, dry.held) == (0, 1)
    assert (End, "rejected") in {(type(end), end.outcomes[0]) for end, _ in dry.over}
    done = await retire.retire(unit, YEARS, later, execute=True)
    assert (done.erased, done.refused, done.held) == (len(dry.over), 0, 1)
    await gone(intake, due["id"])
    event = await intake.says(ComplaintErased, due["id"])
    assert (event.data.reason, event.data.officer) == ("retention", None)
    documents = await intake.room.store().load([open_["id"], held_["id"]])
    assert all(document.case and not document.case.erasing for document in documents.values())
    assert (await retire.retire(unit, YEARS, later, execute=True)).erased == 0, "a second time there is nothing to do"
