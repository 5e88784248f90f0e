"""What a reporter is asked and may ask once something was decided: on every screen, and while evaluation is away. The
people are invented."""

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import SUKAMAJU
from tests.browser.outage import back, dead
from tests.browser.test_track import TRACK, concluded, enter, vague, waiting
from tests.browser.visiting import PATIENCE, PHONE, Site, Visit
from tests.support.room import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ended(stage: Stage) -> Report:
    """A report that was dealt with to its end."""
    return await concluded(stage, "Pompa air saya dicuri dari samping sumur kemarin sore. Warna kuning.", SUKAMAJU)


async def rejected(stage: Stage) -> Report:
    """A report that was not taken on, of which its reporter has been told."""
    report, verifier = await waiting(stage)
    words = "Kejadian di luar wilayah kami. Silakan melapor ke Polrestabes setempat."
    body = {"reason": "outside_jurisdiction", "words": words}
    await stage.post("verification", f"/complaints/{report.id}/reject", body, verifier)
    await stage.tracked(report, "rejected")
    return report


async def test_the_end_can_be_judged_and_undone_on_every_screen(site: Site, ended: Report) -> None:
    async with site.visit(PHONE) as visit:
        await enter(visit, ended)
        await expect(visit.page.locator("#way-survey")).to_be_visible()
        await visit.looks_right("afterwards-track")
        await visit.page.click("#way-survey")
        await expect(visit.page.locator("fieldset")).to_have_count(9)
        await expect(visit.page.locator("input[type=radio]")).to_have_count(36)
        await visit.looks_right("afterwards-survey")
        await visit.page.click("text=Kirim penilaian")
        await expect(visit.page.locator("#u1-error")).to_have_text("Wajib diisi.")
        await visit.looks_right("afterwards-survey-refused")
        await visit.go("/evaluation/track/reopen")
        await visit.looks_right("afterwards-reopen")


async def test_a_report_can_be_taken_back_and_a_rejection_objected_to_on_every_screen(site: Site, stage: Stage) -> None:
    async with site.visit(PHONE) as visit:
        await enter(visit, await vague(stage))
        await visit.page.click("#way-withdraw")
        await visit.looks_right("afterwards-withdraw")
    async with site.visit(PHONE) as visit:
        await enter(visit, await rejected(stage))
        await visit.page.click("#way-appeal")
        await visit.looks_right("afterwards-appeal")


async def gone(site: Site, service: str) -> None:
    """Waits till nobody answers for the service any more."""
    url = f"{site.state.url(service)}/health/live"

    async def silent() -> bool:
        try:
            async with httpx.AsyncClient() as client:
                await client.get(url, timeout=3)
        except httpx.TransportError:
            return True
        return False

    await until(silent, f"{service} is away", PATIENCE / 1000)


async def all_but_evaluation_works(visit: Visit, report: Report) -> None:
    """The report, the ways of another service, and what the reporter wants to be told."""
    await expect(visit.page.locator("#report")).to_contain_text(report.register_number)
    await expect(visit.page.locator("#way-add, #way-withdraw, #ways").first).to_be_visible()
    await expect(visit.page.locator(".unavailable")).to_have_count(1)
    await visit.page.click("text=Atur cara Anda diberi tahu")
    await visit.page.select_option("#channel", "none")
    await visit.page.click("text=Simpan")
    await expect(visit.page.locator(".done").first).to_have_text("Pilihan Anda tersimpan.")


async def test_while_evaluation_is_away_its_panel_says_so_and_all_else_works(site: Site, ended: Report) -> None:
    async with site.visit(PHONE) as visit:
        await enter(visit, ended)
        await expect(visit.page.locator("#way-survey")).to_be_visible()
        async with dead(site, "evaluation"):
            await gone(site, "evaluation")
            # As when news of the report come: every panel asks what can be done now.
            await visit.page.evaluate("() => htmx.trigger(document.body, 'tracked')")
            away = visit.page.locator(".unavailable")
            await expect(away).to_contain_text("Bagian ini sedang tidak dapat ditampilkan.", timeout=3 * PATIENCE)
            await visit.looks_right("afterwards-away")
            await all_but_evaluation_works(visit, ended)
            await visit.go(TRACK)
            await expect(visit.page.locator(".unavailable")).to_be_visible(timeout=3 * PATIENCE)
        await back(site, "evaluation")
        await visit.page.click("text=Coba lagi")
        await visit.page.click("#way-survey")
        for element in range(1, 10):
            await visit.page.check(f"input[name=u{element}][value='4']")
        await visit.page.click("text=Kirim penilaian")
        await expect(visit.page.locator(".done")).to_have_text("Terima kasih atas penilaian Anda.")
        # HTMX says in the console what the page has said to its reader.
        visit.complaints = [said for said in visit.complaints if "503" not in said]
