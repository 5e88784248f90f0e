"""A report is kept on the device: on a slow line, over a reload, without a connection, when its answer is lost."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from deploy.demo.stage import Stage
from tests.browser.reporting import SENT, STORY, at, at_the_summary, code_on, on, photo, track
from tests.browser.visiting import PHONE, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_on_a_slow_line_the_steps_do_not_wait_for_the_map(site: Site) -> None:
    async with site.visit(PHONE) as visit:
        page, arrives = visit.page, asyncio.Event()

        async def slow(route: Route) -> None:
            await arrives.wait()
            await route.continue_()

        await page.route("**/leaflet.js*", slow)
        await page.goto(f"{visit.origin}/intake/report", wait_until="commit")
        await at(visit, "Apa yang terjadi?")
        await page.fill("#what", STORY)
        await on(visit)
        await at(visit, "Di mana dan kapan?")
        assert await page.evaluate("() => localStorage.length"), "what was typed is kept by then"
        await expect(page.locator(".map path")).to_have_count(0)
        arrives.set()
        await expect(page.locator(".map path").first).to_be_visible()


async def test_a_draft_outlives_a_reload_and_is_erased_at_a_word(site: Site) -> None:
    async with site.visit(PHONE) as visit:
        page = visit.page
        await visit.go("/intake/report")
        await expect(page.locator("[data-draft]")).to_be_hidden()
        await page.fill("#what", STORY)
        await expect(page.locator("[data-draft]")).to_be_visible()
        await on(visit)
        await page.fill("#place", "Pasar Lama")
        await on(visit)
        await page.set_input_files("#attachments", [photo()])
        await expect(page.locator("[data-file]")).to_be_visible()
        await page.reload()
        await at(visit, "Bukti")
        await expect(page.locator("[data-file]")).to_contain_text("parkiran.jpg")
        await page.go_back()
        await at(visit, "Di mana dan kapan?")
        await expect(page.locator("#place")).to_have_value("Pasar Lama")
        page.once("dialog", lambda dialog: dialog.accept())
        await page.click("[data-erase]")
        await at(visit, "Apa yang terjadi?")
        await expect(page.locator("#what")).to_have_value("")
        assert await page.evaluate("() => localStorage.length") == 0


async def test_a_draft_of_last_week_is_gone(site: Site) -> None:
    async with site.visit(PHONE) as visit:
        await visit.go("/intake/report")
        await visit.page.fill("#what", STORY)
        await visit.page.evaluate(
            """() => {
                const kept = JSON.parse(localStorage.getItem("aduan-draft"));
                kept.at -= 7 * 24 * 3600 * 1000;
                localStorage.setItem("aduan-draft", JSON.stringify(kept));
            }"""
        )
        await visit.page.reload()
        await expect(visit.page.locator("#what")).to_have_value("")
        assert await visit.page.evaluate("() => localStorage.length") == 0


async def test_without_a_connection_the_report_is_kept_and_goes_once_it_is_back(site: Site, stage: Stage) -> None:
    async with site.visit(PHONE) as visit:
        await at_the_summary(visit)
        await visit.context.set_offline(True)
        await visit.page.click("[type=submit]")
        await expect(visit.page.locator("[data-notice]")).to_contain_text(
            "Sambungan internet terputus. Laporan BELUM terkirim."
        )
        await visit.picture("report-offline-360")
        await visit.context.set_offline(False)
        await visit.page.wait_for_url("**/intake/report/receipt")
        assert await track(stage, await code_on(visit.page))


async def test_an_answer_that_is_lost_and_two_clicks_make_one_report(site: Site, stage: Stage) -> None:
    async with site.visit(PHONE) as visit:
        page, keys = visit.page, list[str]()
        await at_the_summary(visit, "Laporan yang jawabannya hilang di jalan.")

        async def lose(route: Route) -> None:
            keys.extend(re.findall(r'name="key"\s+([\w-]+)', route.request.post_data or ""))
            await route.fetch(max_redirects=0)
            await route.abort()

        await page.route(SENT, lose, times=1)
        await page.click("[type=submit]")
        await expect(page.locator("[data-notice]")).to_contain_text("BELUM terkirim karena gangguan")
        await page.reload()
        await at(visit, "Periksa, lalu kirim")
        await expect(page.locator("[name=key]")).to_have_value(keys[0])
        await page.dblclick("[type=submit]")
        await page.wait_for_url("**/intake/report/receipt")
        await expect(page.locator("main")).to_contain_text("sudah kami terima sebelumnya")
        assert await track(stage, await code_on(page))
