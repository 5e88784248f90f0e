"""A classifier's pages: what waits, what is proposed and why, and what is decided."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contracts.classification import ComplaintClassified
from shared.contracts.verification import ComplaintRejected
from tests.services.classification.desk import Headers, tell, told, waiting
from tests.services.classification.samples import BRIBE, GIBBERISH, POLRES
from tests.support.panels import HTMX, READING, cases, error_at_field, look, send
from tests.support.room import Running, until


def panel(complaint: str, *more: str) -> str:
    return "/".join(("/classification/panels", complaint, *more))


async def test_the_list_says_why_a_report_waits_and_keeps_its_filter_in_the_address(
    classification: Running, officer: Headers
) -> None:
    complaint = await waiting(classification, officer)
    page = await look(classification, officer, "/classification/worklist")
    assert page.status_code == 200
    assert complaint in page.text
    assert "Jenisnya tidak dikenali" in page.text
    for query, shown in {
        "urgency=&track=&why=": True,
        "why=unrecognised": True,
        "why=terrorism": False,
        "urgency=P1": False,
        "urgency=P3&track=referral": True,
    }.items():
        rows = await look(classification, officer, f"/classification/worklist?{query}", **HTMX)
        assert rows.status_code == 200, query
        assert "<main" not in rows.text, "the list alone"
        assert (complaint in rows.text) == shown, query
    english = await look(classification, officer, "/classification/worklist?language=en&why=unrecognised")
    classification.http.cookies.clear()  # it remembers the language
    assert "Its category is not recognised" in english.text
    assert 'hx-get="/classification/worklist?language=en&amp;why=unrecognised"' in english.text


async def test_the_desk_hears_how_many_wait_and_which_come_first(classification: Running, officer: Headers) -> None:
    await waiting(classification, officer)
    summary = await look(classification, officer, "/classification/summary")
    assert re.search(r"[1-9]\d* laporan menunggu", summary.text)
    assert cases(summary) == cases(await look(classification, officer, "/classification/worklist"))[:3]
    assert cases(summary), "what comes first is one step from the desk"


async def test_the_words_that_led_to_it_are_marked_in_the_report_for_whoever_says_why(
    classification: Running, officer: Headers
) -> None:
    complaint = await tell(classification, BRIBE)
    await classification.says(ComplaintClassified, complaint)
    shown = await look(classification, officer, panel(complaint))
    assert "menilang" not in shown.text
    unsaid = await look(classification, officer, panel(complaint, "grounds"))
    assert unsaid.status_code == 422
    assert "menilang" not in unsaid.text
    opened = await look(classification, officer, panel(complaint, "grounds"), **READING)
    assert opened.status_code == 200
    assert "<mark>" in opened.text
    told_text = re.sub(r"</?mark>", "", opened.text)
    assert BRIBE in told_text, "nothing of the report is lost between the marks"
    assert "Pelanggaran anggota / layanan Polri" in opened.text


async def test_what_is_proposed_is_confirmed_once(classification: Running, officer: Headers) -> None:
    complaint = await waiting(classification, officer)
    done = await send(classification, officer, panel(complaint), "confirm")
    assert done.status_code == 200, done.text
    assert "Tersimpan." in done.text
    assert "Terklasifikasi" in done.text
    await classification.says(ComplaintClassified, complaint)
    late = await send(classification, officer, panel(complaint), "confirm")
    assert late.status_code == 409
    assert "langkah itu tidak lagi mungkin" in late.text
    assert told(classification, ComplaintClassified, complaint) == 1


async def test_a_change_needs_its_reason_and_loses_nothing_of_what_was_chosen(
    classification: Running, officer: Headers
) -> None:
    complaint = await waiting(classification, officer)
    chosen = {"category": "theft", "urgency": "P2", "tracks": ["investigation", "dispatch"]}
    refused = await send(classification, officer, panel(complaint), "change", **chosen)
    assert refused.status_code == 422
    assert "Wajib diisi." in refused.text
    assert '<option value="theft" selected>' in refused.text
    assert 'value="dispatch" checked' in refused.text
    assert 'value="referral" checked' not in refused.text
    done = await send(classification, officer, panel(complaint), "change", **chosen, note="Canary: dompet diambil")
    assert done.status_code == 200, done.text
    assert "Canary" not in done.text
    said = (await classification.says(ComplaintClassified, complaint)).data.classification
    assert (said.category, said.urgency, said.tracks) == ("theft", "P2", ("investigation", "dispatch"))
    opened = await look(classification, officer, panel(complaint, "grounds"), **READING)
    assert "Canary: dompet diambil" in opened.text


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"category": "theft", "tracks": ["mediation"]}, "Jalur itu tidak boleh"),
        ({"category": "no-such-category", "tracks": ["investigation"]}, "Jenis itu tidak ada"),
        ({"category": "theft"}, "Wajib diisi."),
        ({"category": "theft", "tracks": ["investigation", "prayer"]}, "Pilih salah satu."),
        ({"category": "theft", "tracks": ["investigation"], "note": "x" * 20_000}, "Terlalu panjang"),
    ],
)
async def test_what_the_rules_forbid_is_said_at_its_field(
    classification: Running, officer: Headers, chosen: dict[str, Any], words: str
) -> None:
    complaint = await waiting(classification, officer)
    refused = await send(classification, officer, panel(complaint), "change", **{"note": "sebab", **chosen})
    assert refused.status_code == 422
    assert error_at_field(refused, words)
    ticked = re.findall(r'value="(\w+)" checked', refused.text)
    assert ticked == [track for track in chosen.get("tracks", []) if track != "prayer"], "what was chosen, and no more"
    rule = "hanya keadilan restoratif" if chosen["category"] == "theft" else "tidak boleh"
    assert re.search(rf"Mediasi atau pembinaan: {rule}", refused.text), "of the category that was chosen"
    assert chosen.get("note", "sebab") in refused.text


async def test_a_decision_on_what_a_colleague_changed_shows_what_has_changed(
    classification: Running, officer: Headers
) -> None:
    complaint = await waiting(classification, officer)
    before = {"version": "1", "category": "fraud", "tracks": ["investigation"], "note": "Ditulis sebelum tahu"}
    await send(classification, officer, panel(complaint), "confirm")
    refused = await send(classification, officer, panel(complaint), "change", **before)
    assert refused.status_code == 412
    assert "Kasus ini sudah berubah" in refused.text
    assert "Ditulis sebelum tahu" in refused.text


async def test_a_note_for_a_report_that_has_ended_meanwhile_is_shown(classification: Running, officer: Headers) -> None:
    complaint = await waiting(classification, officer)
    shown = (await look(classification, officer, panel(complaint))).text
    version = re.findall(r'name="version" value="(\d+)"', shown)[0]
    rejected = ComplaintRejected(reason="incomplete", appeal_until=datetime.now(UTC), officer="officer-2")
    await classification.hear(rejected, complaint, sequence=3)

    async def ended() -> bool:
        return "Berakhir tanpa klasifikasi" in (await look(classification, officer, panel(complaint))).text

    await until(ended, f"{complaint} has ended")
    chosen = {"category": "theft", "tracks": ["investigation"], "note": "Ditulis sebelum tahu", "version": version}
    late = await send(classification, officer, panel(complaint), "change", **chosen)
    assert late.status_code == 412
    assert late.text.count("Ditulis sebelum tahu") == 1


async def test_another_category_brings_its_own_urgency_and_tracks(classification: Running, officer: Headers) -> None:
    complaint = await waiting(classification, officer)
    own = await look(classification, officer, panel(complaint, "choice?category=noise"), **HTMX)
    assert '<option value="P3" selected>' in own.text
    assert 'value="mediation" checked' in own.text
    unknown = await look(classification, officer, panel(complaint, "choice?category=nothing"), **HTMX)
    assert unknown.status_code == 422


async def test_whoever_it_is_about_finds_nothing(classification: Running, officer: Headers) -> None:
    complaint = await waiting(classification, officer, GIBBERISH, conflicts=("officer-named",))
    named = classification.token("classifier", person="officer-named", units=(POLRES,))
    assert (await look(classification, officer, panel(complaint))).status_code == 200
    for path, asked in (("worklist", {}), ("worklist", HTMX), ("summary", HTMX)):
        assert complaint not in (await look(classification, named, f"/classification/{path}", **asked)).text
    for path in (panel(complaint), panel(complaint, "grounds"), panel(complaint, "choice?category=noise")):
        absent = await look(classification, named, path, **HTMX, **READING)
        assert (absent.status_code, absent.text) == (404, "")
