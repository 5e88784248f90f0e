"""Detectives, their heads, dispatchers and crews at their pages: a case from its detective to its end, and a P1 that
rings until somebody answers."""

import re
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, expect

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import PASIRHAUR, ago, assigned, helped_on
from tests.browser.cases import called_off, robbery
from tests.browser.visiting import PHONE, Site, Visit, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def theft(stage: Stage) -> tuple[Report, Any]:
    """A theft that a detective has."""
    report = await stage.report(
        "/counter/complaints",
        {
            # Somewhere else than the thefts that other tests tell of, or it would be taken for one of them.
            "what": "Sepeda anak saya dicuri dari teras rumah tadi malam. Pagar tidak rusak. Warna biru muda.",
            "where": {"text": "Jalan Teratai, RT 09", "village": "99.01.03.2003"},
            "when": ago(hours=20),
            "reporter": {"name": "Nina Contoh", "nik": "3509014107900002", "email": "nina.contoh@example.org"},
        },
        stage.officer("counter-1", "counter_officer"),
    )
    await helped_on(stage, report)
    case, _ = await assigned(stage, report)
    return report, case


async def tip(stage: Stage) -> Report:
    """A tip about drugs that a detective has."""
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Ada transaksi narkoba jenis sabu di rumah kosong dekat jembatan setiap malam Sabtu.",
            "where": {"text": "dekat jembatan", "village": PASIRHAUR},
            "when": ago(hours=20),
        },
    )
    await assigned(stage, report)
    return report


async def heeded(visit: Visit) -> None:
    """What rings meanwhile in other people's cases is seen, and keeps nobody from their own."""

    async def see(ring: Locator) -> None:
        await ring.locator("text=Saya lihat").click()

    await visit.page.add_locator_handler(visit.page.locator("dialog.ring"), see)


async def opened(visit: Visit, report: Report) -> None:
    """The case, from the worklist on."""
    await heeded(visit)
    await visit.go("/investigation/worklist")
    await visit.page.click(f"a[href='/portal/cases/{report.id}']")
    await settled(visit.page)
    await expect(visit.page.locator("h2#investigation")).to_be_visible()


async def test_a_head_assigns_and_a_detective_leads_a_case_to_its_end(site: Site, stage: Stage) -> None:
    report, case = await theft(stage)
    head_of = f"head-{case['units'][0].lower()}"
    async with site.visit(officer=head_of) as head:
        await opened(head, report)
        await head.page.click("summary:has-text('Serahkan kepada penyidik lain')")
        chosen = head.page.locator("#detective-detective option").nth(1)
        successor = await chosen.get_attribute("value")
        assert successor
        await head.looks_right("investigation-head")
        await head.page.select_option("#detective-detective", successor)
        await head.page.select_option("#detective-reason", "workload")

        # Meanwhile the detective who has it records a milestone: the head is told, and loses nothing.
        detective = stage.officer(case["detective"], "detective", units=tuple(case["units"]))
        await stage.post("investigation", f"/cases/{report.id}/milestones", {"milestone": "inquiry_opened"}, detective)
        await head.page.click("button:has-text('Serahkan perkara')")
        await expect(head.page.locator(".refused")).to_contain_text("Kasus ini sudah berubah")
        await expect(head.page.locator(".changed li").first).to_contain_text("Penyelidikan dimulai")
        await expect(head.page.locator("#detective-detective")).to_have_value(successor)
        await head.picture("investigation-changed")
        await head.axe()
        await head.page.click("button:has-text('Serahkan perkara')")
        await expect(head.page.locator(".done")).to_be_visible()

    async with site.visit(officer=successor) as visit:
        await opened(visit, report)
        await visit.page.click("summary:has-text('Catat tahap yang dicapai')")
        await visit.page.select_option("#milestone-milestone", "case_conference")
        await visit.page.fill("#milestone-note", "Sepeda dipinjam tetangga.")
        await visit.page.click("button:has-text('Catat tahap')")
        await expect(visit.page.locator(".done")).to_be_visible()
        await _letter(visit)
        await _evidence(visit)
        await _witness(visit)
        await visit.page.fill("input[name=access_reason]", "memeriksa berkas")
        await visit.page.click("button:has-text('Buka isi berkas')")
        await expect(visit.page.locator(".opened")).to_contain_text("Sepeda anak saya dicuri")
        await expect(visit.page.locator(".opened")).to_contain_text("Sepeda dipinjam tetangga.")
        await visit.looks_right("investigation-panel")
        await visit.page.click("summary:has-text('Bukan tindak pidana')")
        await visit.page.select_option("#end-not_a_crime-reason", "no_criminal_event")
        await visit.page.fill("#end-not_a_crime-words", "Sepeda sudah kembali.")
        await visit.page.click("button:has-text('Akhiri perkara')")
        await expect(visit.page.locator("h2#investigation")).to_contain_text("Selesai")
    tracking = await stage.tracked(report, "letter", "concluded")
    assert tracking["status"] == "concluded"


async def _letter(visit: Visit) -> None:
    await visit.page.click("summary:has-text('Kirim SP2HP')")
    await visit.page.fill("#letter-words", "Laporan sudah diteliti. Tetangga sudah dimintai keterangan.")
    async with visit.context.expect_event("response", lambda answer: answer.url.endswith("/preview")) as previewed:
        await visit.page.click("button:has-text('Pratinjau PDF')")
    answer = await previewed.value
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    for other in visit.context.pages[1:]:
        await other.close()
    await visit.page.click("button:has-text('Kirim surat')")
    await expect(visit.page.locator(".done")).to_be_visible()
    await visit.page.click("summary:has-text('Riwayat')")
    await expect(visit.page.locator(".panel:has(#investigation)")).to_contain_text("SP2HP dikirim: A1")


async def _evidence(visit: Visit) -> None:
    await visit.page.click("summary:has-text('Catat barang bukti')")
    await visit.page.select_option("#evidence-kind", "electronic")
    await visit.page.fill("#evidence-description", "Rekaman kamera tetangga")
    await visit.page.fill("#evidence-taken_at", "2026-01-02T03:04")
    file = FilePayload(name="rekaman.mp4", mimeType="video/mp4", buffer=b"invented")
    await visit.page.set_input_files("#evidence-file", file)
    await expect(visit.page.locator("#evidence-sha256")).to_have_value(re.compile("^[0-9a-f]{64}$"))
    await visit.page.click("button:has-text('Simpan barang bukti')")
    await expect(visit.page.locator("ul.entries")).to_contain_text("2 Jan 2026 03.04")


async def _witness(visit: Visit) -> None:
    """Put on file, and put right from what stands, once that is opened."""
    await visit.page.click("summary:has-text('Catat saksi')")
    await visit.page.fill("#witness-name", "Wati Conto")
    await visit.page.fill("#witness-phone", "+6281210000195")
    await visit.page.click("button:has-text('Simpan saksi')")
    await expect(visit.page.locator("ul.entries").last).to_contain_text("belum memberi keterangan")
    await visit.page.fill("input[name=access_reason]", "memperbaiki nama saksi")
    await visit.page.click("button:has-text('Buka isi berkas')")
    await visit.page.click(".opened summary:has-text('Perbaiki')")
    name = visit.page.locator(".opened input[name=name]")
    await expect(name).to_have_value("Wati Conto")
    await expect(visit.page.locator(".opened input[name=phone]")).to_have_value("+6281210000195")
    await visit.looks_right("investigation-witness")
    await name.fill("Wati Contoh")
    await visit.page.click("button:has-text('Simpan perbaikan')")
    await expect(visit.page.locator("details.history")).to_contain_text("Data saksi diperbaiki")
    await expect(visit.page.locator(".panel:has(#investigation)")).not_to_contain_text("Wati")


async def test_worklists_keep_their_filter_and_fit_everywhere(site: Site, stage: Stage) -> None:
    report = await tip(stage)
    async with site.visit(officer="chief-1") as visit:
        await heeded(visit)
        await visit.go("/investigation/worklist")
        row = visit.page.locator(f"a[href='/portal/cases/{report.id}']")
        await expect(row).to_be_visible()
        await visit.looks_right("investigation-worklist")
        await visit.page.select_option("#urgency", "P1")
        await visit.page.check("input[name=overdue]")
        await visit.page.click("button:has-text('Saring')")
        await visit.page.reload()
        assert "urgency=P1" in visit.page.url
        assert "overdue=true" in visit.page.url
        await expect(visit.page.locator("#urgency")).to_have_value("P1")
        await expect(row).to_have_count(0)
        await visit.go("/portal/desk")
        await settled(visit.page)
        await expect(visit.page.locator("a[href='/investigation/worklist']").last).to_be_visible()
        await visit.axe()
        await visit.picture("investigation-desk")


async def test_a_p1_rings_until_it_is_seen_and_a_crew_takes_it(site: Site, stage: Stage) -> None:
    await called_off(stage)
    async with site.visit(officer="operator-1") as board, site.visit(PHONE, "satlantas-2") as crew:
        await board.go("/investigation/patrols")
        await board.axe()
        await expect(board.page.locator(".sound")).to_be_visible()
        await board.page.click(".sound button")
        await expect(board.page.locator("html")).to_have_attribute("data-sound", "running")
        await expect(board.page.locator(".sound")).to_be_hidden()
        await crew.go("/investigation/patrols")

        report = await robbery(
            stage,
            "Tolong, toko sedang dirampok, dua orang bawa celurit menodong kasir minta uang.",
            *("toko di tikungan", -6.647, 107.418, "+6281210000191"),
        )
        dialog = board.page.locator("dialog.ring")
        await expect(dialog).to_be_visible()
        await expect(dialog).to_contain_text("P1")
        await board.looks_right("investigation-rings")
        await board.page.keyboard.press("Escape")
        await expect(dialog).to_be_visible()
        await dialog.locator("text=Saya lihat").click()
        await expect(dialog).to_be_hidden()
        await board.page.reload()
        await expect(board.page.locator(f"tr[data-ring^='{report.id}']")).to_be_visible()
        await expect(dialog).to_be_hidden()

        await _answered(crew, report)
        await expect(board.page.locator(f"tr:has(a[href='/portal/cases/{report.id}'])")).to_contain_text("Di lokasi")
        await expect(board.page.locator(f"[data-ring^='{report.id}']")).to_have_count(0)
        await board.looks_right("investigation-board")
        await _left(crew, report)


async def _answered(crew: Visit, report: Report) -> None:
    """The crew sees the order, reads it, acknowledges and arrives; what it has opened stays open."""
    dialog = crew.page.locator("dialog.ring")
    await expect(dialog).to_be_visible()
    await crew.axe()
    await crew.picture("investigation-crew-rings")
    await dialog.locator("text=Saya lihat").click()
    await crew.page.click("text=Akui perintah")
    await expect(crew.page.locator(".order")).to_contain_text("Menuju lokasi")
    await crew.page.fill(".order input[name=access_reason]", "dikerahkan")
    await crew.page.click("text=Baca perintah")
    await expect(crew.page.locator(".opened")).to_contain_text("sedang dirampok")
    await crew.page.click("text=Tiba di lokasi")
    await expect(crew.page.locator(".order")).to_contain_text("Selesai di lokasi")
    await expect(crew.page.locator(".opened")).to_contain_text("sedang dirampok")
    await crew.looks_right("investigation-crew")


async def _left(crew: Visit, report: Report) -> None:
    await crew.page.select_option(".order select[name=result]", "suspect_held")
    await crew.page.fill(".order textarea[name=note]", "Dua orang diamankan.")
    await crew.page.click("text=Selesai, siap lagi")
    await expect(crew.page.locator(".done, #rows > .quiet").first).to_be_visible()
    await crew.go(f"/portal/cases/{report.id}")
    await settled(crew.page)
    await expect(crew.page.locator(".panel")).to_contain_text("Terduga pelaku diamankan")
    await crew.fits()
    await crew.axe()
