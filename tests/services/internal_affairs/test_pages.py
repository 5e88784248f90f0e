"""The pages of the sealed desk: steps, findings, letters and results, and who never sees any of it."""

import re

from shared.contracts.internal_affairs import ConductCaseConcluded, ConductConflictFound, ConductLetterSent
from tests.services.internal_affairs.cases import POLRES
from tests.services.internal_affairs.conftest import NAME, PHONE, STORY, ask, tell
from tests.support.clock import Clock
from tests.support.panels import HTMX, Headers, cases, error_at_field, look, send
from tests.support.room import Running

EXAMINING = {"Access-Reason": "examination"}


def panel(complaint: str) -> str:
    return f"/internal_affairs/panels/{complaint}"


async def test_the_list_shows_what_is_open_and_what_is_late(
    internal_affairs: Running, head: Headers, clock: Clock
) -> None:
    complaint = await tell(internal_affairs)
    for query, there in (("", True), ("?overdue=", True), ("?overdue=true", False)):
        page = await look(internal_affairs, head, f"/internal_affairs/worklist{query}")
        assert page.status_code == 200
        assert (complaint in page.text) is there, query
    english = await look(internal_affairs, head, "/internal_affairs/worklist", Cookie="language=en", **HTMX)
    assert "Letter by" in english.text
    clock.forward(days=40)
    fresh = await tell(internal_affairs)
    summary = await look(internal_affairs, head, "/internal_affairs/summary")
    assert "pengaduan terbuka" in summary.text
    every, late = [
        cases(await look(internal_affairs, head, f"/internal_affairs/worklist{query}"))
        for query in ("", "?overdue=true")
    ]
    assert complaint in late
    assert fresh not in late
    assert cases(summary) == [*late, *(id_ for id_ in every if id_ not in late)][:3], "what is late comes first"


async def test_a_complaint_goes_to_its_result_on_its_panel(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    at = panel(complaint)
    complete = await send(internal_affairs, examiner, at, "steps", step="complete", note="Canary note")
    assert "Lengkap" in complete.text
    assert "Tunjuk pemeriksa" not in complete.text, "the head alone names who examines"
    named = await send(internal_affairs, head, at, "examiner", examiner="examiner-1")
    assert "Dalam pemeriksaan" in named.text
    assert "Catat temuan" not in named.text, "the head is not the examiner"
    early = await send(internal_affairs, head, at, "result", outcome="proven", words="Terbukti.")
    assert early.status_code == 409
    assert "Pemeriksa belum mencatat temuan." in early.text
    assert "Terbukti." in early.text, "what was written is not lost"
    found = await send(internal_affairs, examiner, at, "findings", text="Canary finding")
    assert "Temuan dicatat" in found.text
    await send(internal_affairs, examiner, at, "letters", words="Canary letter")
    await internal_affairs.says(ConductLetterSent, complaint)
    ended = await send(internal_affairs, head, at, "result", outcome="proven", words="Canary result")
    assert "Terbukti (selesai benar)" in ended.text
    assert "Canary" not in ended.text
    said = await internal_affairs.says(ConductCaseConcluded, complaint)
    assert internal_affairs.vault.open("notice", complaint, said.data.sealed.notice) == {"text": "Canary result"}


async def test_what_is_missing_is_said_at_its_field(internal_affairs: Running, head: Headers) -> None:
    complaint = await tell(internal_affairs)
    at = panel(complaint)
    assert error_at_field(await send(internal_affairs, head, at, "return"), "Wajib diisi.")
    await ask(internal_affairs, head, complaint, "steps", {"step": "complete"})
    unknown = await send(internal_affairs, head, at, "examiner", examiner="somebody")
    assert error_at_field(unknown, "Pemeriksa itu tidak ada dalam daftar meja ini.")
    empty = await send(internal_affairs, head, at, "result", outcome="archived")
    assert error_at_field(empty, "Wajib diisi.")
    assert 'value="archived" checked' in empty.text


async def test_words_are_opened_for_a_purpose_that_the_case_keeps_and_forms_go_on(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    at = panel(complaint)
    shown = await look(internal_affairs, examiner, at)
    for sealed in (STORY, NAME, PHONE):
        assert sealed not in shown.text
    for reason in ({}, {"Access-Reason": "curiosity"}):
        refused = await look(internal_affairs, examiner, f"{at}/contents", **HTMX, **reason)
        assert refused.status_code == 422
        assert STORY not in refused.text
    version = re.search(r'name="version" value="(\d+)"', shown.text)
    assert version
    opened = await look(internal_affairs, head, f"{at}/contents", **HTMX, **EXAMINING)
    for sealed in (STORY, NAME, PHONE):
        assert sealed in opened.text
    done = await send(internal_affairs, examiner, at, "steps", step="complete", version=version[1])
    assert done.status_code == 200, "reading is no change that a form must not overlook"
    stale = await send(internal_affairs, head, at, "letters", words="Surat", version=version[1])
    assert stale.status_code == 412, "but what a colleague did is one"
    assert "head-propam · Pemeriksaan" in (await look(internal_affairs, head, at)).text


async def test_whoever_is_named_on_the_panel_finds_nothing_any_more(
    internal_affairs: Running, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs, conflicts=())
    named = internal_affairs.token("internal_affairs", "chief", person="aipda-contoh", units=(POLRES,))
    assert (await look(internal_affairs, named, panel(complaint))).status_code == 200
    done = await send(internal_affairs, examiner, panel(complaint), "conflicts", names="aipda-contoh")
    assert "aipda-contoh" in done.text
    await internal_affairs.says(ConductConflictFound, complaint)
    for path, asked in (("worklist", {}), ("worklist", HTMX), ("summary", HTMX)):
        assert complaint not in (await look(internal_affairs, named, f"/internal_affairs/{path}", **asked)).text
    for path in (panel(complaint), f"{panel(complaint)}/contents"):
        absent = await look(internal_affairs, named, path, **HTMX, **EXAMINING)
        assert (absent.status_code, absent.text) == (404, "")
    late = await send(internal_affairs, named, panel(complaint), "letters", words="x")
    assert late.status_code == 404


async def test_what_leaves_the_desk_by_its_own_act_says_so(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint, other = await tell(internal_affairs), await tell(internal_affairs)
    forwarded = await send(internal_affairs, head, panel(complaint), "forwarding", words="Diteruskan ke Polda.")
    assert forwarded.status_code == 200
    assert "tidak lagi terlihat dari meja Anda" in forwarded.text
    own = await send(internal_affairs, examiner, panel(other), "conflicts", names="Sipropam")
    assert "tidak lagi terlihat dari meja Anda" in own.text
    assert (await look(internal_affairs, examiner, panel(other))).status_code == 404


async def test_a_form_on_what_a_colleague_changed_shows_what_has_changed(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await send(internal_affairs, head, panel(complaint), "steps", step="clarify")
    late = await send(internal_affairs, examiner, panel(complaint), "letters", words="Surat panjang", version="1")
    assert late.status_code == 412
    assert "Surat panjang" in late.text
    assert "<details open><summary>Riwayat" in late.text
