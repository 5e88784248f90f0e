"""An auditor sees who did and read what, and nothing that a report tells; officers see what its reporter was told, and
the counter calls whom nothing reached."""

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Stage
from tests.browser.cases import doubtful
from tests.browser.visiting import DESK, PHONE, TABLET, Site, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")

_TOLD = "Jendela warung saya dipecah orang."


async def test_an_auditor_sees_who_read_and_asks_why(site: Site, stage: Stage) -> None:
    report = await doubtful(stage, _TOLD, "+6281210000411")
    officer = stage.officer("verifier-2", "verifier")
    await stage.get("verification", f"/complaints/{report.id}/narrative", officer)
    for size in (PHONE, DESK):
        async with site.visit(size, officer="auditor-1") as visit:
            await visit.go(f"/portal/cases/{report.id}")
            await settled(visit.page)
            trail = visit.page.locator(".panel:has(h2:has-text('Jejak audit: Verifikasi'))")
            text = await trail.inner_text()
            assert "Rantai utuh" in text
            assert "verifier-2" in text
            assert "handling the case" not in text
            await expect(visit.page.locator("body")).not_to_contain_text(_TOLD)
            await visit.axe()
            await visit.fits()
            await trail.locator("input[name=access_reason]").fill("pemeriksaan rutin")
            await trail.locator("text=Tampilkan alasan mereka").click()
            await visit.page.wait_for_selector("text=handling the case")
            await visit.axe()
            await visit.fits()
            await visit.picture(f"audit-{size[0]}")


async def test_officers_see_what_the_reporter_was_told(site: Site, stage: Stage) -> None:
    report = await doubtful(stage, _TOLD, "+6281210000412")
    for size in (PHONE, TABLET, DESK):
        async with site.visit(size, officer="verifier-1") as visit:
            await visit.go(f"/portal/cases/{report.id}")
            await settled(visit.page)
            panel = visit.page.locator(".panel:has(h2:has-text('Kabar untuk pelapor'))")
            await expect(panel).to_contain_text("Laporan diterima")
            await panel.locator("summary").click()
            await visit.axe()
            await visit.fits()
            await visit.picture(f"messages-{size[0]}")
            await expect(visit.page.locator("body")).not_to_contain_text("+62812")


async def test_the_counter_calls_whom_no_message_reached(site: Site, stage: Stage) -> None:
    phone, verifier = "+6281210000413", stage.officer("verifier-1", "verifier")
    await stage.post("sms_gateway", "/behaviour", {"refuse": 99})
    try:
        report = await doubtful(stage, _TOLD, phone)
        sent = f"/complaints/{report.id}/messages"
        await stage.found("notification", sent, verifier, lambda told: told["messages"][0]["status"] == "failed")
    finally:
        await stage.post("sms_gateway", "/behaviour")
    async with site.visit(PHONE, officer="counter-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await visit.page.locator(".panel", has_text="perlu dihubungi").locator("a").click()
        await visit.page.locator(f"a[href='/portal/cases/{report.id}']").wait_for()
        await visit.looks_right("unreached-list")
        await visit.page.click(f"a[href='/portal/cases/{report.id}']")
        await settled(visit.page)
        panel = visit.page.locator(".panel:has(h2:has-text('Kabar untuk pelapor'))")
        await visit.looks_right("unreached")
        await panel.locator("input[name=access_reason]").fill("mengabari pelapor")
        await panel.locator("text=Lihat kontak").click()
        await panel.locator("dd", has_text=phone).wait_for()
        await visit.axe()
        await visit.picture("unreached-contact")
        await panel.locator("text=Pelapor sudah dihubungi").click()
        await panel.locator("text=Dihubungi oleh counter-1.").wait_for()
        await expect(panel.locator("text=Lihat kontak")).to_have_count(0)
