"""A service that is down costs its panel alone, and comes back by itself."""

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Stage
from tests.browser.cases import doubtful
from tests.browser.outage import back, dead
from tests.browser.visiting import PATIENCE, Site, panel_of, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_service_that_is_down_costs_its_panel_alone(site: Site, stage: Stage) -> None:
    report = await doubtful(stage, "Pagar kebun saya dirusak orang tadi malam.", "+6281210000401")
    async with site.visit(officer="verifier-1") as visit:
        async with dead(site, "notification"):
            await visit.go(f"/portal/cases/{report.id}")
            await visit.page.wait_for_selector(".panel .unavailable", timeout=3 * PATIENCE)
            word = await visit.page.locator(".panel .unavailable").inner_text()
            assert word.startswith("Bagian ini sedang tidak dapat ditampilkan.")
            await visit.picture("frame-down")
            await visit.axe()
            verification = visit.page.locator(panel_of("Verifikasi"))
            await expect(verification).to_contain_text("Pemeriksaan")
            await verification.locator("input[name=access_reason]").fill("memeriksa laporan")
            await verification.locator("text=Baca laporan").click()
            await visit.page.wait_for_selector("text=Pagar kebun saya dirusak")
        await back(site, "notification")
        await visit.page.click("text=Coba lagi")
        await visit.page.wait_for_selector(panel_of("Kabar untuk pelapor"), timeout=3 * PATIENCE)
        # HTMX says in the console what the page has said to its reader.
        visit.complaints = [said for said in visit.complaints if "503" not in said]


async def test_a_service_that_is_down_says_so_to_whoever_asks_and_comes_back(site: Site, stage: Stage) -> None:
    report = await doubtful(stage, "Pintu gudang saya dibongkar orang semalam.", "+6281210000404")
    async with site.visit(officer="verifier-1") as visit:
        await visit.go(f"/portal/cases/{report.id}")
        await settled(visit.page)
        reason = visit.page.locator(panel_of("Verifikasi")).locator("input[name=access_reason]")
        async with dead(site, "verification"):
            await reason.fill("memeriksa")
            await reason.press("Enter")
            await visit.page.wait_for_selector("#notice:has-text('sedang tidak dapat ditampilkan')")
            await expect(reason).to_have_value("memeriksa")
            visit.complaints = [said for said in visit.complaints if "503" not in said]
            answer = await visit.page.goto(f"{site.origin}/verification/worklist")
            assert answer is not None
            assert answer.status == 503
            await expect(visit.page.locator("h1")).to_have_text("Bagian ini sedang tidak tersedia")
        await back(site, "verification")
        # It asks again by itself.
        await visit.page.wait_for_selector("text=Laporan yang menunggu verifikasi", timeout=3 * PATIENCE)
