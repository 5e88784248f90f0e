"""The form of a report and its receipt, as a browser without script meets them, on real servers."""

import asyncio
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pypdf import PdfReader

from services.intake.pages_receipt import CHECKED_WITHIN
from services.intake.quotas import REPORTS
from shared.contracts.intake import ComplaintSubmitted, ContactCodeIssued, ContactConfirmed
from tests.services.intake.samples import CANARIES, STORY, jpeg, pdf, report
from tests.support.room import Running

NAME, NIK, PHONE, EMAIL, ADDRESS = CANARIES
_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]")
Files = list[tuple[str, tuple[str, bytes, str]]]


def fresh() -> str:
    return str(uuid4())


def typed(**changes: Any) -> dict[str, Any]:
    """The form as somebody fills it in who says everything."""
    fields = {
        "key": fresh(),
        "what": STORY,
        "category_hint": "burglary",
        "village": "99.01.01.1001",
        "place": "Pasar Canary, kios 4",
        "lat": "-8.172400",
        "lon": "113.699500",
        "when": "2026-01-03T21:30",
        "who": "named",
        "name": NAME,
        "nik": NIK,
        "phone": PHONE,
        "email": EMAIL,
        "address": ADDRESS,
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def anonymous(**changes: Any) -> dict[str, Any]:
    return typed(who="anonymous", name=None, nik=None, phone=None, email=None, address=None, **changes)


def photo(name: str = "foto.jpg", content: bytes | None = None) -> Files:
    return [("files", (name, jpeg() if content is None else content, "image/jpeg"))]


async def send(intake: Running, fields: dict[str, Any], files: Files | None = None, **headers: str) -> httpx.Response:
    """As a browser sends it: in parts, also where no file was chosen."""
    none: Files = [("files", ("", b"", "application/octet-stream"))]
    intake.http.cookies.clear()
    return await intake.http.post("/intake/report", data=fields, files=files or none, headers=headers)


async def receipt(intake: Running, sent: httpx.Response) -> httpx.Response:
    assert sent.status_code == 303, sent.text
    assert sent.headers["location"] == "/intake/report/receipt"
    return await intake.http.get(sent.headers["location"])


async def code_of(intake: Running, sent: httpx.Response) -> str:
    shown = await receipt(intake, sent)
    found = _CODE.search(shown.text)
    assert found, shown.text
    return found[0]


async def complaint_of(intake: Running, code: str) -> str:
    lookup = intake.app.state.desk.codes.lookup(code)
    row = await intake.room.store().find_one({"case.tracking_lookup": lookup})
    assert row
    return row.id


async def stored(intake: Running) -> int:
    return int(await intake.room.store().collection.count_documents({}))


async def test_the_form_says_first_whom_to_call_and_may_ask_where_the_device_is(intake: Running) -> None:
    shown = await intake.http.get("/intake/report")
    assert shown.status_code == 200
    assert shown.text.index("tel:110") < shown.text.index("<form")
    assert "geolocation=(self)" in shown.headers["permissions-policy"]
    assert "camera=()" in shown.headers["permissions-policy"]
    assert "Pencurian biasa" in shown.text
    english = await intake.http.get("/intake/report", params={"language": "en"})
    assert "What happened?" in english.text
    assert '<label for="phone">Phone</label>' in english.text
    intake.http.cookies.clear()
    elsewhere = await intake.http.get("/intake/report/receipt")
    assert "geolocation=()" in elsewhere.headers["permissions-policy"]


async def test_everything_that_was_typed_reaches_the_report_as_by_the_api(intake: Running) -> None:
    code = await code_of(intake, await send(intake, typed(), photo() + photo("surat.pdf", pdf())))
    told = (await intake.says(ComplaintSubmitted, complaint := await complaint_of(intake, code))).data
    by_api = (
        await intake.http.post("/complaints", json=report(where={**report()["where"], "village": "99.01.01.1001"}))
    ).json()
    other = (await intake.says(ComplaintSubmitted, by_api["id"])).data
    for part in ("narrative", "identity", "contact"):
        opened = [
            intake.vault.open(part, id_, getattr(each.report.sealed, part))
            for id_, each in ((complaint, told), (by_api["id"], other))
        ]
        assert opened[0] == opened[1], part
    assert told.category_hint == other.category_hint
    assert told.report.occurred_at == datetime(2026, 1, 3, 14, 30, tzinfo=UTC)
    same = ("channel", "identity_level", "language", "occurred_at", "in_progress", "village")
    assert [getattr(told.report, name) for name in same] == [getattr(other.report, name) for name in same]
    assert [file.media_type for file in told.report.attachments] == ["image/jpeg", "application/pdf"]


async def test_a_story_alone_is_a_report_of_somebody_unnamed(intake: Running) -> None:
    code = await code_of(
        intake, await send(intake, {"key": fresh(), "what": STORY, "who": "anonymous", "in_progress": "yes"})
    )
    told = (await intake.says(ComplaintSubmitted, await complaint_of(intake, code))).data.report
    assert told.identity_level == "anonymous"
    assert told.in_progress
    assert told.sealed.identity is told.sealed.contact is None


async def test_the_code_is_shown_once_and_stands_in_no_address_and_no_cookie(intake: Running) -> None:
    sent = await send(intake, typed())
    shown = await receipt(intake, sent)
    code = _CODE.search(shown.text)
    assert code
    for text in (str(sent.headers), str(shown.headers), str(shown.url)):
        assert code[0] not in text
    assert not re.search(rf'(href|action|src)="[^"]*{re.escape(code[0])}', shown.text)
    assert "language=en" not in shown.text, "another language would be another page"
    again = await intake.http.get("/intake/report/receipt")
    assert again.status_code == 410
    assert not _CODE.search(again.text)


async def test_what_is_sent_again_leads_to_the_same_receipt(intake: Running) -> None:
    fields, before = typed(), await stored(intake)
    codes = {await code_of(intake, await send(intake, fields, photo())) for _ in range(2)}
    shown = await receipt(intake, await send(intake, fields | {"what": "Ceritanya lain."}))
    assert "sudah kami terima sebelumnya" in shown.text
    assert {_CODE.search(shown.text)[0]} == codes  # type: ignore[index]
    assert await stored(intake) == before + 1


async def test_two_clicks_at_once_make_one_report_also_with_files(intake: Running) -> None:
    fields, before = anonymous(), await stored(intake)
    answers = await asyncio.gather(*(send(intake, fields, photo()) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [303] * 3
    assert await stored(intake) == before + 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("what", None, "Wajib diisi."),
        ("nik", "12345", "NIK terdiri dari 16 angka"),
        ("phone", "nomor saya", "Tulis nomor telepon"),
        ("email", "sri.example", "Tulis alamat surel"),
        ("when", "3 Januari", "Pilih tanggal dan jam"),
        ("when", "9000-01-01T00:00", "Waktu itu belum tiba."),
        ("when", "0001-01-01T00:00", "Pilih tanggal dan jam"),
        ("lat", "north", "Titik peta tidak dapat dibaca"),
        ("lon", None, "Titik peta tidak dapat dibaca"),
        ("village", "Sukamaju", "Pilih desa/kelurahan"),
        ("who", "anonymous", "kosongkan data diri"),
        ("attachments", "3f0c8d1e-6a51-4d0e-9d0f-2b7b5b8d7c11", "Ada berkas yang tidak tersedia lagi"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    intake: Running, field: str, value: str | None, words: str
) -> None:
    before = await stored(intake)
    fields = typed(**{field: value})
    shown = await send(intake, fields)
    assert shown.status_code == 422
    error = re.search(r'id="(\w+)-error">([^<]*)<', shown.text)
    assert error
    assert error[1] == {"lon": "lat"}.get(field, field)
    assert words in error[2]
    for name in ("what", "place", "nik", "name", "phone", "key"):
        assert fields.get(name, "") in shown.text
    assert await stored(intake) == before


async def test_somebody_named_says_at_least_one_thing(intake: Running) -> None:
    shown = await send(intake, anonymous() | {"who": "named"})
    assert shown.status_code == 422
    assert "isi paling sedikit satu" in shown.text


async def test_files_stay_with_a_form_that_is_sent_again(intake: Running) -> None:
    shown = await send(intake, anonymous(what=None, key="the-same-form-0001"), photo() + photo("catatan.txt", b"text"))
    assert shown.status_code == 422
    assert "catatan.txt: Hanya foto JPEG" in shown.text
    (kept,) = re.findall(r'name="attachments" value="([^"]+)" checked', shown.text)
    code = await code_of(intake, await send(intake, anonymous(attachments=kept)))
    told = (await intake.says(ComplaintSubmitted, await complaint_of(intake, code))).data.report
    assert [file.id for file in told.attachments] == [kept]


async def test_a_file_goes_up_by_itself_and_one_that_is_refused_says_why(intake: Running) -> None:
    taken = await intake.http.post("/intake/report/files", content=jpeg(), headers={"HX-Request": "true"})
    assert taken.status_code == 201
    assert re.search(r'name="attachments" value="[0-9a-f-]{36}" checked', taken.text)
    refused = await intake.http.post("/intake/report/files", content=b"text", headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "Hanya foto JPEG" in refused.text
    assert "<html" not in refused.text


async def test_whoever_asks_too_much_has_back_what_was_typed(intake: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    none_left = replace(REPORTS, name=f"reports-{uuid4()}", free=0, most=0)
    monkeypatch.setattr("services.intake.pages_report.REPORTS", none_left)
    fields, before = typed(), await stored(intake)
    shown = await send(intake, fields)
    assert shown.status_code == 429
    assert "Tunggu sebentar" in shown.text
    for value in fields.values():
        assert value in shown.text
    heavy = await send(intake, fields, photo(content=bytes(1024 * 1024)), Accept="text/html")
    assert (heavy.status_code, "Tunggu sebentar" in heavy.text, STORY in heavy.text) == (429, True, False)
    assert await stored(intake) == before


async def test_more_files_than_a_report_may_have_are_too_many(intake: Running) -> None:
    shown = await send(intake, anonymous(), photo() * 11)
    assert shown.status_code == 422
    assert "Berkasnya terlalu banyak" in shown.text


async def test_the_paper_holds_the_code_and_its_square_leads_to_no_code(intake: Running) -> None:
    code = await code_of(intake, await send(intake, typed()))
    paper = await intake.http.post("/intake/report/receipt.pdf", data={"code": code.lower()})
    assert paper.headers["content-type"] == "application/pdf"
    assert code not in paper.headers["content-disposition"]
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert code in text
    assert "https://aduan.example/notification/track" in text
    assert NAME not in text
    unknown = await intake.http.post("/intake/report/receipt.pdf", data={"code": "0000-0000-0000-0000-0"})
    assert unknown.status_code == 404


async def test_a_phone_is_confirmed_from_the_receipt(intake: Running) -> None:
    shown = await receipt(intake, await send(intake, typed(email=None)))
    code = _CODE.search(shown.text)[0]  # type: ignore[index]
    assert "Pastikan telepon Anda" in shown.text
    assert "Pastikan surel Anda" not in shown.text
    form = {"code": code, "medium": "sms", "key": fresh()}
    asked = await intake.http.post("/intake/report/contact/code", data=form)
    assert 'name="one_time_code"' in asked.text
    soon = await intake.http.post("/intake/report/contact/code", data=form | {"key": fresh()})
    assert (soon.status_code, "Tunggu sebentar" in soon.text) == (429, True)
    assert 'name="one_time_code"' in soon.text, "the first code is still on its way"
    complaint = await complaint_of(intake, code)
    issued = (await intake.says(ContactCodeIssued, complaint)).data
    digits = intake.vault.open("notice", complaint, issued.sealed.notice)["text"]
    wrong = await intake.http.post(
        "/intake/report/contact/confirmation",
        data=form | {"key": fresh(), "one_time_code": f"{(int(digits) + 1) % 10**6:06d}"},
    )
    assert wrong.status_code == 422
    assert "Kode itu salah" in wrong.text
    right = await intake.http.post(
        "/intake/report/contact/confirmation",
        data=form | {"key": fresh(), "one_time_code": digits},
        headers={"HX-Request": "true"},
    )
    assert "Sudah dipastikan" in right.text
    assert await intake.says(ContactConfirmed, complaint)


async def test_whoever_leaves_no_contact_is_not_asked_to_confirm_any(intake: Running) -> None:
    shown = await receipt(intake, await send(intake, anonymous()))
    assert "Pastikan" not in shown.text


def test_the_receipt_promises_what_the_office_measures_itself_by() -> None:
    targets = tomllib.loads(Path("services/evaluation/targets.toml").read_text())
    assert CHECKED_WITHIN.total_seconds() == targets["stages"]["verification"]["hours"] * 3600
