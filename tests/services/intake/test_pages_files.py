"""Files that an officer attaches at the counter, on the page that shows the number and on the page of the case."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from tests.services.intake.samples import CANARIES, STORY, archive, jpeg, pdf, png, spoken
from tests.support.holding import error_at, said
from tests.support.panels import HTMX, look
from tests.support.room import Running

MEGABYTE = 1024 * 1024
PHOTO, SCAN = ("foto.jpg", jpeg(), "image/jpeg"), ("surat.pdf", pdf(), "application/pdf")
PACKED = ("arsip.jpg", archive(), "image/jpeg")


async def taken_down(intake: Running, counter: dict[str, str], **changes: Any) -> dict[str, str]:
    taken = await intake.http.post("/counter/complaints", json=spoken(**changes), headers=counter)
    assert taken.status_code == 201, taken.text
    receipt: dict[str, str] = taken.json()
    return receipt


async def attach(
    intake: Running, who: dict[str, str], at: str, *files: tuple[str, bytes, str], key: str = "", **headers: str
) -> httpx.Response:
    """Sends the form with its files, as a page does."""
    without = {name: value for name, value in who.items() if name != "Access-Reason"}
    sent = [("files", file) for file in files]
    form = {"key": key or str(uuid4())}
    return await intake.http.post(f"{at}/files", data=form, files=sent or None, headers={**without, **headers})


async def test_the_page_with_the_number_takes_files(intake: Running, counter: dict[str, str]) -> None:
    form = {"key": str(uuid4()), "what": STORY, "name": CANARIES[0]}
    page = await intake.http.post("/intake/counter", data=form, headers=counter | HTMX)
    at = re.search(r'hx-post="(/intake/counter/[^"/]*)/files"', page.text)
    assert at, page.text
    complaint = at[1].rsplit("/", 1)[1]
    key = str(uuid4())
    for _ in range(2):
        answer = await attach(intake, counter, at[1], PHOTO, PACKED, SCAN, key=key, **HTMX)
        assert answer.status_code == 200, answer.text
        assert "<html" not in answer.text
        assert "2 berkas terlampir." in said(answer)
        assert re.search(r"<li>Foto \(JPEG\) · \d+ KB", answer.text)
        assert error_at(answer, "files") == "arsip.jpg: Hanya foto JPEG atau PNG, dan PDF."
    told = await intake.says(ComplaintSupplemented, complaint)
    assert [file.media_type for file in told.data.attachments] == ["image/jpeg", "application/pdf"]
    assert told.data.sealed.narrative is None
    assert len(intake.of(ComplaintSupplemented, complaint)) == 1, "sent twice by a bad line, they are attached once"
    row = await intake.room.store().collection.find_one({"_id": complaint})
    assert row is not None
    assert row["trail"][-1]["who"] == "officer-counter"
    more = await attach(intake, counter, at[1], ("lagi.png", png(), "image/png"), **HTMX)
    assert more.text.count("<li>") == 3
    assert "1 berkas terlampir." in said(more)
    shown = await look(intake, counter, f"/intake/panels/{complaint}")
    assert "Lampiran (3)" in shown.text
    for secret in (STORY, CANARIES[0]):
        assert secret not in more.text + shown.text


async def test_files_are_brought_later_too(intake: Running, counter: dict[str, str]) -> None:
    receipt = await taken_down(intake, counter)
    at = f"/intake/panels/{receipt['id']}"
    answer = await attach(intake, counter, at, PHOTO, **HTMX)
    assert answer.status_code == 200, answer.text
    assert "1 berkas terlampir." in said(answer)
    assert "Lampiran (1)" in said(answer)
    wrong = await attach(intake, counter, at, PACKED, **HTMX)
    assert wrong.status_code == 422
    assert error_at(wrong, "intake-files") == "arsip.jpg: Hanya foto JPEG atau PNG, dan PDF."
    assert "<details open>" in wrong.text


async def test_without_a_script_it_is_a_page_and_the_code_is_not_shown_again(
    intake: Running, counter: dict[str, str]
) -> None:
    receipt = await taken_down(intake, counter)
    answer = await attach(intake, counter, f"/intake/counter/{receipt['id']}", PHOTO)
    assert (answer.status_code, "<html" in answer.text) == (200, True)
    assert receipt["register_number"] in said(answer)
    assert "1 berkas terlampir." in said(answer)
    assert receipt["tracking_code"] not in answer.text


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), "Pilih berkasnya dulu."),
        ((PACKED,), "arsip.jpg: Hanya foto JPEG atau PNG, dan PDF."),
        ((("kosong.jpg", b"", "image/jpeg"),), "kosong.jpg: Berkas ini kosong."),
        ((("besar.jpg", b"x" * (10 * MEGABYTE + 1), "image/jpeg"),), "besar.jpg: Berkas ini terlalu besar."),
        ((PHOTO,) * 11, "Berkasnya terlalu banyak. Kurangi, lalu kirim lagi."),
    ],
)
async def test_what_is_wrong_with_files_stands_at_their_field(
    intake: Running, counter: dict[str, str], files: tuple[tuple[str, bytes, str], ...], words: str
) -> None:
    receipt = await taken_down(intake, counter)
    answer = await attach(intake, counter, f"/intake/counter/{receipt['id']}", *files, **HTMX)
    assert (answer.status_code, error_at(answer, "files")) == (422, words)
    assert "terlampir" not in said(answer)
    assert not intake.of(ComplaintSupplemented, receipt["id"])


async def test_what_is_far_too_large_leaves_the_form_where_it_is(intake: Running, counter: dict[str, str]) -> None:
    receipt = await taken_down(intake, counter)
    film = ("film.jpg", bytes(36 * MEGABYTE + 1), "image/jpeg")
    answer = await attach(intake, counter, f"/intake/counter/{receipt['id']}", film, **HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (413, "#notice")
    assert "Kiriman ini terlalu besar." in said(answer)


async def test_what_is_hidden_from_an_officer_takes_no_files_of_theirs(
    intake: Running, counter: dict[str, str]
) -> None:
    hidden = await taken_down(intake, counter, conflicts=["officer-counter"])
    absent = str(uuid4())
    for way in ("counter", "panels"):
        answers = [
            await attach(intake, counter, f"/intake/{way}/{id_}", *files)
            for id_ in (hidden["id"], absent)
            for files in ((PHOTO,), ())
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text.replace(hidden["id"], absent) for answer in answers}) == 1
    assert not intake.of(ComplaintSupplemented, hidden["id"])


async def test_a_report_that_is_taken_back_takes_no_more_files(intake: Running, counter: dict[str, str]) -> None:
    receipt = await taken_down(intake, counter)
    await intake.http.post("/tracking/withdrawal", json={"code": receipt["tracking_code"]})
    await intake.says(ComplaintWithdrawn, receipt["id"])
    answer = await attach(intake, counter, f"/intake/counter/{receipt['id']}", PHOTO, **HTMX)
    assert (answer.status_code, "sudah dicabut" in said(answer)) == (409, True)
    assert "/files" not in (await look(intake, counter, f"/intake/panels/{receipt['id']}")).text
