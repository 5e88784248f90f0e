"""An auditor sees who did and read what, and nothing that a report tells; officers see what its reporter was told."""

import pytest

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
            assert _TOLD not in await visit.page.locator("body").inner_text()
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
            assert "Laporan diterima" in await panel.inner_text()
            await panel.locator("summary").click()
            await visit.axe()
            await visit.fits()
            await visit.picture(f"messages-{size[0]}")
            assert "+62812" not in await visit.page.locator("body").inner_text()
