"""The pages of referral's officers: who has a report, what agencies said, and what is decided about it."""

import re

from shared.contracts.referral import ReferralAccepted, ReferralDeclined, ReferralUpdated
from tests.services.referral.conftest import POLRES, STORY, classified, complaint_id, new_report
from tests.services.referral.handling import asked, offered, shown
from tests.services.referral.sides import AgencySide
from tests.support.panels import HTMX, READING, Headers, cases, error_at_field, look, send
from tests.support.room import Running


def panel(complaint: str) -> str:
    return f"/referral/panels/{complaint}"


async def delivered(referral: Running, side: AgencySide) -> tuple[str, str]:
    """A complaint whose agency has been told, so that nothing of it changes by itself."""
    complaint, number = await offered(referral, side)
    await shown(referral, complaint, undelivered=0)
    return complaint, number


async def test_the_list_names_agencies_by_their_titles_and_can_be_narrowed(
    referral: Running, damkar: AgencySide, officer: Headers
) -> None:
    complaint, _ = await offered(referral, damkar)
    for query, there in (("", True), ("?what=", True), ("?what=offered", True), ("?what=accepted", False)):
        page = await look(referral, officer, f"/referral/worklist{query}")
        assert page.status_code == 200, query
        assert (complaint in page.text) is there, query
    rows = await look(referral, officer, "/referral/worklist?what=offered", Cookie="language=en", **HTMX)
    assert "Damkar-Test" in rows.text
    assert "damkar-test" not in rows.text
    assert "Waits for an agency's answer" in rows.text
    summary = await look(referral, officer, "/referral/summary")
    assert cases(summary) == cases(await look(referral, officer, "/referral/worklist"))[:3]
    assert "Jawab sebelum" in summary.text
    await referral.http.post(f"/cases/{complaint}/return", json={}, headers=officer)
    await shown(referral, complaint, status="declined")
    declined = await look(referral, officer, "/referral/worklist?what=declined")
    assert complaint in declined.text
    assert "menunggu jawaban" in (await look(referral, officer, "/referral/summary")).text


async def test_a_panel_shows_what_was_asked_and_answered_and_opens_words_for_a_reason(
    referral: Running, damkar: AgencySide, officer: Headers
) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("accept", number, reference="DK-7")
    await referral.says(ReferralAccepted, complaint)
    await damkar.say("update", number, step="waiting", words="Menunggu alat berat.", note="Jalan ditutup.")
    await referral.says(ReferralUpdated, complaint)
    page = await look(referral, officer, panel(complaint))
    for words in ("Instansi sekarang", "Damkar-Test", number, "DK-7", "Menunggu sesuatu"):
        assert words in page.text
    for sealed in (STORY, "Menunggu alat berat."):
        assert sealed not in page.text
    assert (await look(referral, officer, f"{panel(complaint)}/contents")).status_code == 422
    opened = await look(referral, officer, f"{panel(complaint)}/contents", **READING)
    for sealed in (STORY, "Menunggu alat berat.", "Jalan ditutup.", "Jalan Kenanga 7"):
        assert sealed in opened.text
    readings = await referral.room.mongo["readings"].find({"complaint": complaint}).to_list(10)
    assert [reading["person"] for reading in readings] == ["officer-1"]


async def test_an_officer_directs_a_referral_on_its_panel(
    referral: Running, damkar: AgencySide, bpbd: AgencySide, officer: Headers
) -> None:
    complaint, number = await delivered(referral, damkar)
    resent = await send(referral, officer, panel(complaint), "resend")
    assert "Tersimpan." in resent.text
    await damkar.hears("referral.offer.v1", number, 2)
    await shown(referral, complaint, undelivered=0)
    helped = await send(referral, officer, panel(complaint), "collaborators", agency="bpbd-test")
    assert "Akhiri bantuan Bpbd-Test" in helped.text
    await shown(referral, complaint, undelivered=0)
    ended = await send(referral, officer, panel(complaint), "collaborators/removal", agency="bpbd-test")
    assert "Akhiri bantuan Bpbd-Test" not in ended.text
    await shown(referral, complaint, undelivered=0)
    given = await send(referral, officer, panel(complaint), "offers", agency="bpbd-test")
    assert "ditarik kembali: keputusan petugas" in given.text
    assert (await damkar.hears("referral.withdrawn.v1", number))["reason"] == "officer_decision"
    await shown(referral, complaint, undelivered=0)
    back = await send(referral, officer, panel(complaint), "return")
    assert "Tidak ada instansi yang menerima" in back.text
    assert "<form hx-post" not in back.text, "nothing is left to direct"
    assert (await referral.says(ReferralDeclined, complaint)).data.reason == "officer_decision"


async def test_a_form_goes_on_when_its_agency_was_told_and_not_when_a_colleague_was_faster(
    referral: Running, damkar: AgencySide, bpbd: AgencySide, officer: Headers
) -> None:
    complaint, _ = await delivered(referral, damkar)
    resent = await send(referral, officer, panel(complaint), "resend")
    version = re.findall(r'name="version" value="(\d+)"', resent.text)[0]
    told = await shown(referral, complaint, undelivered=0)
    assert told["version"] > int(version), "that it was told is noted"
    helped = await send(referral, officer, panel(complaint), "collaborators", agency="bpbd-test", version=version)
    assert "Akhiri bantuan Bpbd-Test" in helped.text
    late = await send(referral, officer, panel(complaint), "return", version=version)
    assert late.status_code == 412


async def test_what_cannot_be_is_said_where_it_was_asked(
    referral: Running, damkar: AgencySide, officer: Headers
) -> None:
    complaint, _ = await delivered(referral, damkar)
    nobody = await send(referral, officer, panel(complaint), "offers", agency="nobody")
    assert nobody.status_code == 422
    assert error_at_field(nobody, "Instansi itu tidak terdaftar.")
    empty = await send(referral, officer, panel(complaint), "collaborators", agency="")
    assert error_at_field(empty, "Wajib diisi.")
    stranger = await send(referral, officer, panel(complaint), "collaborators/removal", agency="pln-test")
    assert "Instansi itu tidak membantu laporan ini." in stranger.text
    same = await send(referral, officer, panel(complaint), "offers", agency="damkar-test")
    assert same.status_code == 409
    assert "Instansi itu sudah memegang laporan ini." in same.text
    late = await send(referral, officer, panel(complaint), "return", version="0")
    assert late.status_code == 412
    assert "Kasus ini sudah berubah" in late.text


async def test_the_chief_reads_and_directs_nothing(referral: Running, damkar: AgencySide) -> None:
    complaint, _ = await offered(referral, damkar)
    chief = referral.token("chief", person="chief-1", units=(POLRES,))
    page = await look(referral, chief, panel(complaint))
    assert page.status_code == 200
    assert "<form hx-post" not in page.text
    assert (await send(referral, chief, panel(complaint), "return")).status_code == 403


async def test_whoever_it_is_about_finds_nothing(referral: Running, damkar: AgencySide) -> None:
    report = new_report(referral, complaint := complaint_id(), conflicts=("named-officer",))
    await referral.hear(classified(referral, complaint, report), complaint)
    await asked(referral, damkar, complaint)
    named = referral.token("referral_officer", "chief", person="named-officer", units=(POLRES,))
    for path, asked_by in (("worklist", {}), ("worklist", HTMX), ("summary", HTMX)):
        assert complaint not in (await look(referral, named, f"/referral/{path}", **asked_by)).text
    for path in (panel(complaint), f"{panel(complaint)}/contents"):
        absent = await look(referral, named, path, **HTMX, **READING)
        assert (absent.status_code, absent.text) == (404, "")
