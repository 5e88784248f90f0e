"""Files from their upload to their complaint, on real servers."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from services.intake import uploads
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented
from tests.services.intake.samples import CAMERA, archive, jpeg, located, pdf, png, report, spoken
from tests.support.room import Running, until


async def upload(intake: Running, content: bytes) -> dict[str, Any]:
    response = await intake.http.post("/attachments", content=content)
    assert response.status_code == 201, response.text
    attachment: dict[str, Any] = response.json()
    return attachment


async def submit(intake: Running, *ids: str, **headers: str) -> httpx.Response:
    return await intake.http.post("/complaints", json=report(attachments=list(ids)), headers=headers)


async def stored(intake: Running) -> int:
    mongo = intake.room.mongo
    counts = [await mongo[name].count_documents({}) for name in ("uploads", "attachments.files", "attachments.chunks")]
    return sum(counts)


def reason(response: httpx.Response) -> tuple[int, str, list[str]]:
    problem = response.json()
    return response.status_code, problem["type"], [error["field"] for error in problem.get("errors", [])]


REASON = {"Access-Reason": "evidence of case 17"}
UNKNOWN = (422, "urn:aduan:problem:unknown_attachment", ["attachments"])


def original(complaint: str, attachment: str) -> str:
    return f"/complaints/{complaint}/attachments/{attachment}/original"


@pytest.mark.parametrize(
    ("content", "media_type"), [(jpeg(), "image/jpeg"), (png(), "image/png"), (pdf(), "application/pdf")]
)
async def test_a_file_is_told_with_its_report_and_read_by_staff_as_it_was(
    intake: Running, verifier: dict[str, str], content: bytes, media_type: str
) -> None:
    attachment = await upload(intake, content)
    facts = {"media_type": media_type, "size": len(content), "sha256": sha256(content).hexdigest()}
    assert attachment == {"id": attachment["id"]} | facts
    complaint = (await submit(intake, attachment["id"])).json()["id"]
    told = (await intake.says(ComplaintSubmitted, complaint)).data
    assert [a.model_dump() for a in told.report.attachments] == [attachment]
    response = await intake.http.get(original(complaint, attachment["id"]), headers=verifier | REASON)
    assert response.status_code == 200
    assert response.content == content
    assert sha256(response.content).hexdigest() == attachment["sha256"]
    assert response.headers["content-type"] == media_type
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"
    read = (await intake.http.get(f"/complaints/{complaint}", headers=verifier)).json()
    assert read["attachments"] == [attachment]


async def test_a_large_file_is_stored_and_read_whole(intake: Running, verifier: dict[str, str]) -> None:
    content = png((1800, 1500))
    assert 2_000_000 < len(content) < 10_000_000
    attachment = await upload(intake, content)
    complaint = (await submit(intake, attachment["id"])).json()["id"]
    response = await intake.http.get(original(complaint, attachment["id"]), headers=verifier | REASON)
    assert sha256(response.content).hexdigest() == attachment["sha256"]


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "empty_file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_file"),
        (b"<html><script>alert(1)</script>", "unsupported_file"),
        (archive(), "unsupported_file"),
        (jpeg() + archive(), "hidden_content"),
        (b"\xff\xd8\xff\xe0 not a picture", "unreadable_file"),
        (b"%PDF-1.7 not a document", "unreadable_file"),
    ],
)
async def test_a_file_that_is_not_wanted_leaves_nothing_behind(intake: Running, content: bytes, slug: str) -> None:
    before = await stored(intake)
    response = await intake.http.post("/attachments", content=content, headers={"Content-Type": "image/jpeg"})
    assert reason(response) == (422, f"urn:aduan:problem:{slug}", ["file"])
    assert await stored(intake) == before


async def test_a_file_that_is_too_large_is_cut_off_while_it_comes(intake: Running) -> None:
    before, sent = await stored(intake), 0

    async def endless() -> Any:
        nonlocal sent
        yield jpeg()
        while sent < 100_000_000:
            sent += 100_000
            yield b"\x00" * 100_000

    response = await intake.http.post("/attachments", content=endless())
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert sent < 11_000_000
    declared = await intake.http.post("/attachments", content=b"\x00" * 11_000_000)
    assert declared.status_code == 413
    assert await stored(intake) == before


async def test_a_file_belongs_to_one_report_even_if_several_name_it_at_once(intake: Running) -> None:
    attachment = await upload(intake, png())
    responses = await asyncio.gather(*(submit(intake, attachment["id"]) for _ in range(10)))
    refused = [response for response in responses if response.status_code != 201]
    assert len(refused) == 9
    assert {str(reason(response)) for response in refused} == {str(UNKNOWN)}


async def test_another_reports_file_is_refused_exactly_like_one_that_does_not_exist(intake: Running) -> None:
    mine = await upload(intake, png())
    taken = await submit(intake, mine["id"])
    theirs, absent = await submit(intake, mine["id"]), await submit(intake, str(uuid4()))
    assert theirs.json() == absent.json()
    assert reason(theirs) == UNKNOWN
    other = (await submit(intake)).json()["tracking_code"]
    for id_ in (mine["id"], str(uuid4())):
        body = {"code": other, "attachments": [id_]}
        assert reason(await intake.http.post("/tracking/supplements", json=body)) == UNKNOWN
    own = {"code": taken.json()["tracking_code"], "attachments": [mine["id"]]}
    assert reason(await intake.http.post("/tracking/supplements", json=own)) == UNKNOWN


async def test_a_retried_report_keeps_its_files(intake: Running) -> None:
    attachment = await upload(intake, png())
    key = {"Idempotency-Key": str(uuid4())}
    first = await submit(intake, attachment["id"], **key)
    again = await submit(intake, attachment["id"], **key)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_a_refused_report_does_not_use_up_its_files(intake: Running) -> None:
    attachment = await upload(intake, png())
    assert reason(await submit(intake, attachment["id"], str(uuid4()))) == UNKNOWN
    assert (await submit(intake, attachment["id"])).status_code == 201


async def test_a_supplement_brings_files(intake: Running, verifier: dict[str, str]) -> None:
    receipt = (await submit(intake, (await upload(intake, jpeg()))["id"])).json()
    added = await upload(intake, pdf())
    body = {"code": receipt["tracking_code"], "attachments": [added["id"]]}
    key = {"Idempotency-Key": str(uuid4())}
    response = await intake.http.post("/tracking/supplements", json=body, headers=key)
    assert response.status_code == 201
    assert response.json()["attachments"] == [added]
    assert (await intake.http.post("/tracking/supplements", json=body, headers=key)).json() == response.json()
    event = await intake.says(ComplaintSupplemented, receipt["id"])
    assert (event.data.sealed.narrative, event.data.attachments[0].id) == (None, added["id"])
    path = original(receipt["id"], added["id"])
    assert (await intake.http.get(path, headers=verifier | REASON)).content == pdf()


async def test_a_file_is_absent_for_those_who_may_not_know_of_its_report(
    intake: Running, counter: dict[str, str], verifier: dict[str, str]
) -> None:
    attachment = await upload(intake, png())
    body = spoken(attachments=[attachment["id"]], conflicts=["officer-verifier"])
    complaint = (await intake.http.post("/counter/complaints", json=body, headers=counter)).json()["id"]
    path = f"/complaints/{complaint}/attachments/{attachment['id']}"
    assert (await intake.http.get(path, headers=counter)).status_code == 200
    other = (await submit(intake)).json()["id"]
    absent = await intake.http.get(f"/complaints/{other}/attachments/{uuid4()}", headers=verifier)
    crossed = await intake.http.get(f"/complaints/{other}/attachments/{attachment['id']}", headers=verifier)
    hidden = await intake.http.get(path, headers=verifier)
    assert {response.status_code for response in (absent, crossed, hidden)} == {404}
    assert absent.json() == crossed.json() == hidden.json()
    assert (await intake.http.get(path)).status_code == 401
    patrol = intake.token("patrol", units=("polres-sukamaju",))
    assert (await intake.http.get(path, headers=patrol)).status_code == 403
    absent = await intake.http.get(original(other, str(uuid4())), headers=verifier | REASON)
    hidden = await intake.http.get(f"{path}/original", headers=verifier | REASON)
    assert (hidden.status_code, hidden.json()) == (404, absent.json())


async def test_a_picture_is_shown_without_the_place_where_it_was_taken(
    intake: Running, verifier: dict[str, str]
) -> None:
    content = located()
    assert CAMERA in content
    attachment = await upload(intake, content)
    complaint = (await submit(intake, attachment["id"])).json()["id"]
    shown = await intake.http.get(f"/complaints/{complaint}/attachments/{attachment['id']}", headers=verifier)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert CAMERA not in shown.content
    assert not Image.open(BytesIO(shown.content)).getexif()
    kept = await intake.http.get(original(complaint, attachment["id"]), headers=verifier | REASON)
    assert kept.content == content


async def test_the_original_is_for_those_who_need_it_and_say_why(
    intake: Running, verifier: dict[str, str], counter: dict[str, str]
) -> None:
    attachment = await upload(intake, located())
    complaint = (await submit(intake, attachment["id"])).json()["id"]
    path = original(complaint, attachment["id"])
    bare = {name: value for name, value in verifier.items() if name != "Access-Reason"}
    assert (await intake.http.get(path, headers=bare)).status_code == 422
    assert (await intake.http.get(path, headers=bare | {"Access-Reason": "x" * 201})).status_code == 422
    assert (await intake.http.get(path, headers=counter | REASON)).status_code == 403
    assert (await intake.http.get(path)).status_code == 401


async def test_what_has_no_copy_is_not_shown(intake: Running, verifier: dict[str, str]) -> None:
    attachment = await upload(intake, pdf())
    complaint = (await submit(intake, attachment["id"])).json()["id"]
    shown = await intake.http.get(f"/complaints/{complaint}/attachments/{attachment['id']}", headers=verifier)
    assert (shown.status_code, shown.json()["type"]) == (409, "urn:aduan:problem:original_only")


async def test_a_file_that_no_report_names_is_deleted_and_one_that_is_named_stays(
    intake: Running, verifier: dict[str, str]
) -> None:
    unused, used, added = [(await upload(intake, png()))["id"] for _ in range(3)]
    receipt = (await submit(intake, used)).json()
    await intake.http.post("/tracking/supplements", json={"code": receipt["tracking_code"], "attachments": [added]})
    await _let_pass(intake, uploads.KEPT + uploads.GRACE, unused, used, added)
    rows = intake.room.mongo["uploads"]
    await until(lambda: _is_gone(rows, {"_id": unused}), "the unused upload is deleted")
    await until(lambda: _is_gone(rows, {"_id": {"$in": [used, added]}, "expires_at": {"$exists": True}}), "kept")
    gone = [unused, uploads.shown_id(unused)]
    assert await intake.room.mongo["attachments.files"].count_documents({"_id": {"$in": gone}}) == 0
    assert await intake.room.mongo["attachments.chunks"].count_documents({"files_id": {"$in": gone}}) == 0
    for kept in (used, added):
        path = original(receipt["id"], kept)
        assert (await intake.http.get(path, headers=verifier | REASON)).content == await _content(intake, kept)


async def test_a_file_that_has_expired_cannot_be_named_any_more(intake: Running) -> None:
    attachment = await upload(intake, png())
    await _let_pass(intake, uploads.KEPT, attachment["id"])
    assert reason(await submit(intake, attachment["id"])) == UNKNOWN


async def _let_pass(intake: Running, time: timedelta, *ids: str) -> None:
    """Makes the uploads as old as if the time had passed."""
    rows = intake.room.mongo["uploads"]
    async for row in rows.find({"_id": {"$in": list(ids)}}):
        older = {"$set": {"expires_at": row["expires_at"] - time}}
        await rows.update_one({"_id": row["_id"]}, older)


async def _is_gone(rows: Any, query: dict[str, Any]) -> bool:
    return bool(await rows.count_documents(query) == 0)


async def _content(intake: Running, id_: str) -> bytes:
    return b"".join([chunk async for chunk in uploads.files(intake.room).get(id_)])
