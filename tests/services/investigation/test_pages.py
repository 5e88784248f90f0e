"""Investigation's pages on real servers: worklist, summary, and the panel of a case with its forms."""

import re

import pytest

from shared.contracts.investigation import InvestigationConcluded, InvestigationProgressed, PatrolDispatched
from tests.services.investigation.conftest import POLRES, STORY, classified, complaint_id, new_report
from tests.services.investigation.handling import Case, opened
from tests.services.investigation.screen import CHANGED, Screen, operator
from tests.support.clock import Clock
from tests.support.panels import cases, version_of
from tests.support.room import Running

pytestmark = [pytest.mark.usefixtures("roster", "patrols")]


async def test_a_worklist_has_the_urgent_first_and_its_filter_in_the_address(investigation: Running) -> None:
    late, urgent = await opened(investigation), await opened(investigation, urgency="P2")
    head = Screen(investigation, late.head)
    page = await head.open("worklist")
    assert page.status_code == 200
    assert page.text.index(urgent.id) < page.text.index(late.id)
    assert "Dimas Sudirja" in page.text
    assert "Penyelidikan belum dimulai" in page.text
    assert "dimas-sudirja" not in page.text, "people have names"
    only = await head.open("worklist?urgency=P2")
    assert (urgent.id in only.text, late.id in only.text) == (True, False)
    assert "/investigation/worklist?urgency=P2" in only.text
    assert late.id not in (await head.open("worklist?unit=PPA")).text
    assert late.id not in (await head.open("worklist?unassigned=true", fragment=True)).text
    assert (await head.open("worklist?urgency=P9")).status_code == 422
    assert late.id in (await head.open("worklist?urgency=&unit=")).text, "a field that was left empty filters nothing"
    english = await head.open("worklist", language="en")
    assert "Open cases" in english.text
    assert "Inquiry not begun" in english.text


async def test_a_detective_sees_the_own_cases_alone(investigation: Running) -> None:
    case = await opened(investigation)
    other = Screen(investigation, investigation.token("detective", person="somebody-else", units=(POLRES, "Pidum")))
    assert case.id in (await Screen(investigation, case.detective).open("worklist")).text
    assert case.id not in (await other.open("worklist")).text
    assert (await other.open(f"panels/{case.id}")).status_code == 404


async def test_what_is_late_is_counted_and_found(investigation: Running, clock: Clock) -> None:
    case = await opened(investigation)
    head = Screen(investigation, case.head)
    clock.forward(days=4)
    page = await head.open("worklist?overdue=true")
    assert case.id in page.text
    assert '<span class="mark late">Terlambat</span>' in page.text
    summary = await head.open("summary")
    assert re.search(r"\d+ terlambat", summary.text)
    assert cases(summary) == cases(await head.open("worklist"))[:3]
    assert cases(summary), "what comes first is one step from the desk"


async def test_a_panel_tells_the_case_and_nothing_sealed(investigation: Running) -> None:
    case = await opened(investigation)
    screen = Screen(investigation, case.detective)
    panel = await screen.open(f"panels/{case.id}")
    assert panel.status_code == 200
    assert "Dimas Sudirja" in panel.text
    assert "Canary" not in panel.text
    assert STORY not in panel.text
    refused = await screen.open(f"panels/{case.id}/contents")
    assert refused.status_code == 422
    assert STORY not in refused.text
    shown = await screen.open(f"panels/{case.id}/contents", reason="memeriksa perkara")
    assert STORY in shown.text
    assert "Canary Reporter" in shown.text
    assert await investigation.room.mongo["readings"].find_one({"complaint": case.id})


async def test_a_milestone_is_recorded_and_what_was_typed_survives_another_officers_change(
    investigation: Running,
) -> None:
    case = await opened(investigation)
    screen, head = Screen(investigation, case.detective), Screen(investigation, case.head)
    seen = version_of(await screen.open(f"panels/{case.id}"))
    given = await head.send(f"panels/{case.id}/detective", seen, detective="citra-anggun", reason="workload")
    assert given.status_code == 200
    assert "Citra Anggun" in given.text
    assert (await screen.send(f"panels/{case.id}/milestones", seen, milestone="inquiry_opened")).status_code == 404
    citra = Screen(investigation, investigation.token("detective", person="citra-anggun", units=(POLRES, "Pidum")))
    late = await citra.send(
        f"panels/{case.id}/milestones", seen, milestone="inquiry_opened", note="Catatan A", words="Kata <B>"
    )
    assert late.status_code == 412
    assert CHANGED in late.text
    assert "Penyidik ditunjuk: Citra Anggun · oleh Nining Hartati" in late.text
    assert "Catatan A" in late.text
    assert "Kata &lt;B&gt;" in late.text
    done = await citra.send(f"panels/{case.id}/milestones", version_of(late), milestone="inquiry_opened", note="C")
    assert done.status_code == 200
    assert "Tersimpan." in done.text
    assert "Tahap dicatat: Penyelidikan dimulai · Citra Anggun" in done.text


async def test_a_form_says_at_its_field_what_is_wrong(investigation: Running) -> None:
    case = await opened(investigation)
    screen = Screen(investigation, case.detective)
    empty = await screen.send(f"panels/{case.id}/letters", letter="A1")
    assert empty.status_code == 422
    assert 'id="letter-words-error">Wajib diisi.' in empty.text
    assert 'id="milestone-words-error"' not in empty.text
    future = await screen.send(
        f"panels/{case.id}/evidence", kind="object", description="Pisau dapur", taken_at="2099-01-02T03:04"
    )
    assert future.status_code == 422
    assert 'id="evidence-taken_at-error">Waktu ini ada di masa depan.' in future.text
    assert "Pisau dapur" in future.text
    wrong = await screen.send(f"panels/{case.id}/letters", letter="A4", words="Isi")
    assert wrong.status_code == 409
    assert "Surat pertama selalu A1" in wrong.text


async def test_a_letter_is_seen_as_pdf_before_it_goes_out(investigation: Running) -> None:
    case = await opened(investigation)
    screen = Screen(investigation, case.detective)
    draft = await screen.send(
        f"panels/{case.id}/letters/preview", letter="A1", words="Saksi <b>diperiksa</b> & dicatat."
    )
    assert draft.status_code == 200
    assert draft.headers["content-type"] == "application/pdf"
    assert draft.headers["content-disposition"].startswith("inline")
    assert draft.content.startswith(b"%PDF-")
    assert (await screen.send(f"panels/{case.id}/letters/preview", letter="A1")).status_code == 422
    assert not investigation.of(InvestigationProgressed, case.id)
    sent = await screen.send(f"panels/{case.id}/letters", letter="A1", words="Saksi diperiksa.")
    assert "SP2HP dikirim: A1: hasil penelitian laporan" in sent.text
    event = await investigation.says(InvestigationProgressed, case.id)
    assert investigation.vault.open("notice", case.id, event.data.sealed.notice)["text"] == "Saksi diperiksa."


async def test_a_case_ends_only_as_its_stage_allows(investigation: Running) -> None:
    case = await opened(investigation)
    screen = Screen(investigation, case.detective)
    at = f"panels/{case.id}"
    fresh = await screen.open(at)
    assert 'value="transferred"' in fresh.text
    assert 'value="stopped"' not in fresh.text
    for step in ("inquiry_opened", "case_conference"):
        await screen.send(f"{at}/milestones", milestone=step)
    hard = await screen.send(f"{at}/difficulty", difficulty="hard")
    assert "<dd>Sulit</dd>" in hard.text
    without = await screen.send(f"{at}/conclusion", outcome="not_a_crime", words="Kami hentikan.")
    assert without.status_code == 422
    assert 'id="end-not_a_crime-reason-error">Pilih alasan dari daftar.' in without.text
    assert "Kami hentikan." in without.text
    ended = await screen.send(f"{at}/conclusion", outcome="not_a_crime", reason="civil_matter", words="Kami hentikan.")
    assert ended.status_code == 200
    assert "Bukan tindak pidana: Perkara perdata" in ended.text
    assert "<form" not in ended.text.replace('<form class="reason"', ""), "nothing is left to do"
    await investigation.says(InvestigationConcluded, case.id)


async def test_a_head_picks_among_the_units_detectives_by_their_load(investigation: Running) -> None:
    case = await opened(investigation)
    panel = (await Screen(investigation, case.head).open(f"panels/{case.id}")).text
    assert re.search(r"Citra Anggun, Pidum · \d+ perkara", panel)
    assert 'value="dimas-sudirja"' not in panel, "who has it already"
    assert 'value="arif-nugraha"' not in panel, "of another unit"
    assert 'name="detective"' not in (await Screen(investigation, case.detective).open(f"panels/{case.id}")).text


async def test_a_case_about_somebody_is_absent_for_them_on_every_page(investigation: Running) -> None:
    complaint = complaint_id()
    report = new_report(investigation, complaint, conflicts=("head-pidum", "operator-1"), in_progress=True)
    await investigation.hear(classified(investigation, complaint, report, urgency="P1"), complaint, lane="urgent")
    await investigation.says(PatrolDispatched, complaint)
    case = Case(investigation, complaint)
    for screen in (Screen(investigation, case.head), operator(investigation)):
        for path in ("worklist", "patrols", "summary"):
            assert complaint not in (await screen.open(path)).text
        assert (await screen.open(f"panels/{complaint}")).status_code == 404
    assert complaint in (await Screen(investigation, case.chief).open("worklist")).text
