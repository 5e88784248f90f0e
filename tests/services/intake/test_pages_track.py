"""The pages on which the holder of a tracking code adds to a report, takes it back, objects and proves a contact."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.case import Complaint, Supplement
from services.intake.domain import SUPPLEMENTS_KEPT
from services.intake.ways import ways
from shared import tracking
from shared.contracts.intake import ComplaintAppealed, ComplaintSupplemented, ComplaintWithdrawn, ContactConfirmed
from shared.contracts.notification import Medium
from shared.contracts.refusals import Refusal
from shared.contracts.verification import ComplaintRejected
from shared.tracking_cookie import ENTRY
from tests.services.intake.samples import archive, jpeg, png
from tests.services.intake.test_confirming import another, filed, sent
from tests.services.intake.test_domain import NOW, complaint
from tests.services.intake.test_service import submit
from tests.support.holding import browser, error_at, said, send
from tests.support.room import Running, until

TRACK = "/intake/track"
MEGABYTE = 1024 * 1024
PAGES = (TRACK, f"{TRACK}/add", f"{TRACK}/withdraw", f"{TRACK}/appeal", f"{TRACK}/contact")


BOTH: tuple[Medium, ...] = ("sms", "email")


def kinds(*refusals: Refusal | None) -> list[str | None]:
    return [refusal.slug if refusal else None for refusal in refusals]


def test_what_is_open_now_follows_from_the_case() -> None:
    now = ways(complaint(), NOW, BOTH)
    assert kinds(now.add, now.withdraw, now.appeal) == [None, None, "not_rejected"]
    assert now.prove == BOTH
    assert ways(complaint(confirmed=("sms",)), NOW, BOTH).prove == ("email",)
    assert ways(complaint(appeal_until=NOW), NOW, ()).appeal is None
    assert kinds(ways(complaint(appeal_until=NOW), NOW + timedelta(seconds=1), ()).appeal) == ["too_late"]
    gone = ways(complaint(status="withdrawn"), NOW, BOTH)
    assert kinds(gone.add, gone.withdraw, gone.appeal) == ["withdrawn"] * 3
    assert gone.prove == ()
    full = complaint(supplements=tuple(Supplement(str(n), "f", NOW) for n in range(SUPPLEMENTS_KEPT)))
    assert kinds(ways(full, NOW, ()).add) == ["full"]


async def case_of(intake: Running, id_: str) -> Complaint:
    case: Complaint | None = (await intake.room.store().load([id_]))[id_].case
    assert case is not None
    return case


async def uploads(intake: Running) -> int:
    return int(await intake.room.mongo["uploads"].count_documents({}))


async def rejected(intake: Running) -> dict[str, Any]:
    receipt = await submit(intake)
    until_when = datetime.now(UTC) + timedelta(days=14)
    event = ComplaintRejected(reason="outside_jurisdiction", appeal_until=until_when, officer="verifier-1")
    await intake.hear(event, receipt["id"], sequence=3)

    async def known() -> bool:
        return (await case_of(intake, receipt["id"])).appeal_until is not None

    await until(known, "intake knows of the rejection")
    return receipt


async def test_without_a_code_reading_leads_to_where_it_is_typed(intake: Running) -> None:
    async with browser(intake) as client:
        for path in PAGES:
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, ENTRY)
            part = await client.get(path, headers={"HX-Request": "true"})
            assert (part.status_code, part.text) == (404, "")
        for path in (*PAGES[1:], f"{TRACK}/contact/code"):
            answer = await send(client, path)
            assert answer.status_code == 404
            assert "Kode lacak tidak lagi disimpan" in said(answer)


async def test_codes_that_lead_nowhere_are_answered_alike(intake: Running) -> None:
    texts = set()
    for code in ("x", tracking.encode(bytes(range(10)))):
        async with browser(intake, code) as client:
            answers = [await client.get(path) for path in PAGES] + [await send(client, path) for path in PAGES[1:]]
        assert {answer.status_code for answer in answers} == {404}
        texts |= {said(answer) for answer in answers}
    assert len(texts) == 1


async def test_the_panel_offers_what_is_possible_and_nothing_else(intake: Running) -> None:
    receipt = await submit(intake)
    async with browser(intake, receipt["tracking_code"]) as client:
        panel = await client.get(TRACK, headers={"HX-Request": "true"})
        assert panel.text.startswith("<section")
        assert "Cabut laporan" in said(panel)
        assert "keberatan" not in said(panel)
        assert "What you can do" in said(await client.get(f"{TRACK}?language=en"))
        appeal = await client.get(f"{TRACK}/appeal?language=id")
        assert appeal.status_code == 409
        assert "Laporan ini tidak ditolak" in said(appeal)


async def test_words_a_place_and_files_are_added_once_however_often_they_are_sent(intake: Running) -> None:
    receipt = await submit(intake)
    form = {
        "key": str(uuid4()),
        "what": "Pelakunya bernama Canary.",
        "place": "Gang Canary 2",
        "village": "35.09.01.2003",
    }
    files = [("files", ("a.jpg", jpeg(), "image/jpeg")), ("files", ("b.png", png(), "text/plain"))]
    before = await uploads(intake)
    async with browser(intake, receipt["tracking_code"]) as client:
        for _ in range(2):
            answer = await send(client, f"{TRACK}/add", files, **form)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TRACK}?done=add")
            assert await uploads(intake) == before + 2, "what comes again is not kept again"
        other = await send(client, f"{TRACK}/add", **{**form, "what": "Lain."})
        assert (other.status_code, "sudah terkirim dengan isi lain" in said(other)) == (422, True)
        page = said(await client.get(f"{TRACK}?done=add"))
        assert "tambahan Anda sudah kami terima" in page
        assert "1 tambahan sudah kami terima" in page
    event = await intake.says(ComplaintSupplemented, receipt["id"])
    assert len({event.id for event in intake.of(ComplaintSupplemented, receipt["id"])}) == 1
    assert event.data.village == "35.09.01.2003"
    assert [file.media_type for file in event.data.attachments] == ["image/jpeg", "image/png"]
    assert "Canary" not in event.model_dump_json()
    opened = intake.vault.open("narrative", receipt["id"], event.data.sealed.narrative)
    assert (opened["text"], opened["place_text"]) == ("Pelakunya bernama Canary.", "Gang Canary 2")


@pytest.mark.parametrize(
    ("form", "files", "field", "words"),
    [
        ({}, None, "what", "Tulis keterangan atau tempat, atau pilih berkas."),
        ({"what": "x" * 10_001}, None, "what", "Terlalu panjang: paling banyak 10000 huruf."),
        ({"village": "Sukamaju"}, None, "village", "Isian ini tidak dapat dibaca"),
        ({}, [("files", ("a.zip", archive(), "image/jpeg"))], "files", "Hanya foto JPEG atau PNG, dan PDF"),
        ({}, [("files", ("a.jpg", b"", "image/jpeg"))], "files", "Berkas ini kosong."),
        ({}, [("files", ("a.jpg", b"x" * (10 * MEGABYTE + 1), "x/x"))], "files", "Ada berkas yang terlalu besar."),
        ({}, [("files", (f"{n}.jpg", b"x", "image/jpeg")) for n in range(11)], "files", "Berkasnya terlalu banyak"),
    ],
)  # fmt: skip
async def test_what_is_wrong_stands_at_its_field_and_the_words_are_kept(
    intake: Running, form: dict[str, str], files: Any, field: str, words: str
) -> None:
    receipt = await submit(intake)
    kept = {"place": "Gang Canary 2"} if form or files else {}
    async with browser(intake, receipt["tracking_code"]) as client:
        answer = await send(client, f"{TRACK}/add", files, **kept, **form)
    assert answer.status_code == 422
    assert str(error_at(answer, field)).startswith(words)
    assert ("Gang Canary 2" in answer.text) == bool(kept)
    assert (await case_of(intake, receipt["id"])).supplements == ()


async def test_what_is_far_too_large_is_refused_by_a_page(intake: Running) -> None:
    receipt = await submit(intake)
    files = [("files", ("film.jpg", b"x" * (36 * MEGABYTE + 1), "image/jpeg"))]
    async with browser(intake, receipt["tracking_code"]) as client:
        answer = await send(client, f"{TRACK}/add", files, what="Film kejadian.")
    assert answer.status_code == 413
    assert "Kiriman ini terlalu besar." in said(answer)
    assert answer.headers["content-type"].startswith("text/html")


async def test_taking_a_report_back_is_asked_once_more_and_done_once(intake: Running) -> None:
    receipt = await submit(intake)
    key = str(uuid4())
    async with browser(intake, receipt["tracking_code"]) as client:
        assert "Ya, cabut laporan" in said(await client.get(f"{TRACK}/withdraw"))
        assert (await case_of(intake, receipt["id"])).status == "received"
        for _ in range(2):
            answer = await send(client, f"{TRACK}/withdraw", key=key)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TRACK}?done=withdraw")
        page = said(await client.get(answer.headers["location"]))
        assert "Laporan Anda sudah dicabut." in page
        assert "Laporan ini tidak dapat ditambah atau diubah lagi." in page
        late = await send(client, f"{TRACK}/add", what="Masih ada.")
        assert (late.status_code, "Laporan ini sudah dicabut" in said(late)) == (409, True)
    await intake.says(ComplaintWithdrawn, receipt["id"])
    assert len({event.id for event in intake.of(ComplaintWithdrawn, receipt["id"])}) == 1


async def test_a_rejection_is_objected_to_once_with_its_grounds_sealed(intake: Running) -> None:
    receipt = await rejected(intake)
    form = {"key": str(uuid4()), "grounds": "Itu masih wilayah Canary."}
    async with browser(intake, receipt["tracking_code"]) as client:
        panel = said(await client.get(TRACK))
        assert "Ajukan keberatan atas penolakan" in panel
        assert "Cabut laporan" not in panel
        empty = await send(client, f"{TRACK}/appeal", grounds=" ")
        assert (empty.status_code, error_at(empty, "grounds")) == (422, "Wajib diisi.")
        for _ in range(2):
            answer = await send(client, f"{TRACK}/appeal", **form)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TRACK}?done=appeal")
        again = await send(client, f"{TRACK}/appeal", grounds="Sekali lagi.")
        assert (again.status_code, "hanya dapat satu kali" in said(again)) == (409, True)
        assert "Keberatan Anda diterima" in said(await client.get(TRACK))
    event = await intake.says(ComplaintAppealed, receipt["id"])
    assert len({event.id for event in intake.of(ComplaintAppealed, receipt["id"])}) == 1
    opened = intake.vault.open("narrative", receipt["id"], event.data.sealed.narrative)
    assert opened["text"] == "Itu masih wilayah Canary."


async def test_a_contact_is_proven_with_the_code_that_came(intake: Running) -> None:
    receipt = await filed(intake)
    async with browser(intake, receipt["tracking_code"]) as client:
        assert "Pastikan telepon atau surel Anda" in said(await client.get(TRACK))
        answer = await send(client, f"{TRACK}/contact/code", medium="sms")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{TRACK}/contact")
        assert "Kode sudah dikirim." in said(await client.get(f"{TRACK}/contact"))
        soon = await send(client, f"{TRACK}/contact/code", medium="sms")
        assert (soon.status_code, "Tunggu sebentar" in said(soon)) == (429, True)
        digits = await sent(intake, receipt["id"])
        wrong = await send(client, f"{TRACK}/contact", one_time_code=another(digits))
        assert wrong.status_code == 422
        assert str(error_at(wrong, "one_time_code")).startswith("Kode itu salah")
        right = await send(client, f"{TRACK}/contact", one_time_code=digits)
        assert (right.status_code, right.headers["location"]) == (303, f"{TRACK}?done=contact")
        assert (await intake.says(ContactConfirmed, receipt["id"])).data.medium == "sms"
        left = await client.get(f"{TRACK}/contact")
        assert 'value="email"' in left.text
        assert 'value="sms"' not in left.text


async def test_a_contact_that_the_report_does_not_name_is_not_offered(intake: Running) -> None:
    receipt = await submit(intake, reporter={})
    async with browser(intake, receipt["tracking_code"]) as client:
        assert "Pastikan" not in said(await client.get(TRACK))
        assert (await client.get(f"{TRACK}/contact")).status_code == 422
        assert (await send(client, f"{TRACK}/contact/code", medium="sms")).status_code == 422
