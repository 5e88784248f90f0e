"""Somebody reports: step by step on a phone, refused, without script, at a desk."""

import pytest
from playwright.async_api import Route, expect

from deploy.demo.stage import Stage
from tests.browser.reporting import SENT, STORY, at, at_the_summary, code_on, on, photo, text, track
from tests.browser.visiting import DESK, PHONE, TABLET, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_report_is_told_step_by_step_on_a_phone(site: Site, stage: Stage) -> None:
    here = {"latitude": -6.3, "longitude": 107.3}
    async with site.visit(PHONE, geolocation=here, permissions=["geolocation"]) as visit:
        page = visit.page
        await visit.go("/")
        await page.click("text=Mulai melapor")
        await _what(visit)
        await _where_and_when(visit)
        await _proof(visit)
        await _who(visit)
        await at(visit, "Periksa, lalu kirim")
        for told in (STORY, "Pencurian kendaraan", "Sukamaju", "3 Januari 2026", "parkiran.jpg", "0812 3456 7890"):
            await expect(page.locator("[data-answers]")).to_contain_text(told)
        await visit.axe()
        await visit.picture("report-5-360")
        await page.click("[type=submit]")

        await page.wait_for_url("**/intake/report/receipt")
        code = await code_on(page)
        await visit.axe()
        await visit.fits()
        await visit.picture("report-receipt-360")
        assert (await track(stage, code))["timeline"]
        assert await page.evaluate("() => localStorage.length") == 0
        await _papers(visit, code)
        await page.reload()
        await expect(page.locator("h1")).to_have_text("Kode lacak hanya ditampilkan sekali")
        await visit.axe()


async def _what(visit: Visit) -> None:
    page = visit.page
    await at(visit, "Apa yang terjadi?")
    await visit.picture("report-1-360")
    await on(visit)
    await expect(page.locator("#what-error")).to_have_text("Wajib diisi.")
    await expect(page.locator("#what")).to_be_focused()
    await visit.axe()
    await page.fill("#what", STORY)
    await expect(page.locator("#what-error")).to_have_count(0)
    await page.select_option("#category_hint", "vehicle_theft")
    await on(visit)


async def _where_and_when(visit: Visit) -> None:
    page = visit.page
    await at(visit, "Di mana dan kapan?")
    await expect(page.locator(".map path").first).to_be_visible()  # a village's outline, without any tiles
    await page.fill("#when", "2999-01-01T10:00")
    await on(visit)
    await expect(page.locator("#when-error")).to_be_visible()
    await visit.axe()
    await visit.picture("report-2-360")
    await page.fill("#when", "2026-01-03T21:30")
    await page.select_option("#village", "99.01.01.1001")
    await page.click("[data-locate]")
    await expect(page.locator("[data-point]")).to_contain_text("-6.300000")
    await page.locator(".map").click(position={"x": 200, "y": 200})
    await expect(page.locator("[data-point]")).not_to_contain_text("-6.300000")
    await on(visit)


async def _proof(visit: Visit) -> None:
    page = visit.page
    await at(visit, "Bukti")
    await page.set_input_files("#attachments", [photo(), text()])
    await expect(page.locator("[data-file]")).to_contain_text("parkiran.jpg")
    await expect(page.locator(".files .error")).to_have_text("Hanya foto JPEG atau PNG, dan PDF.")
    await on(visit)
    await expect(page.locator("#attachments-error")).to_be_visible()
    await visit.axe()
    await visit.picture("report-3-360")
    await page.click(".files button")
    await on(visit)


async def _who(visit: Visit) -> None:
    page = visit.page
    await at(visit, "Siapa yang melapor?")
    await expect(page.locator("#nik")).to_be_hidden()
    await page.check("[name=who][value=named]")
    await on(visit)
    await expect(page.locator("#who-error")).to_be_visible()
    await page.fill("#nik", "12")
    await page.fill("#phone", "0812 3456 7890")
    await on(visit)
    await expect(page.locator("#nik-error")).to_contain_text("16 angka")
    await visit.axe()
    await visit.picture("report-4-360")
    await page.fill("#nik", "")
    await on(visit)


async def _papers(visit: Visit, code: str) -> None:
    """The paper can be had twice, and the phone be confirmed beside the code."""
    page = visit.page
    for _ in range(2):
        async with page.expect_download() as paper:
            await page.click("text=Unduh PDF")
        assert (await paper.value).suggested_filename == "tanda-terima.pdf"
    await page.click("#contact-sms button")
    await expect(page.locator("#one_time_code")).to_be_visible()
    await page.fill("#one_time_code", "000000")
    await page.click("#contact-sms button:text-is('Pastikan')")
    await expect(page.locator("#one_time_code-error")).to_contain_text("Kode itu salah")
    await visit.axe()
    assert await code_on(page) == code


async def test_what_the_server_refuses_stands_at_its_step(site: Site) -> None:
    async with site.visit(DESK) as visit:
        page = visit.page
        await visit.go("/intake/report")
        await page.fill("#what", STORY)
        await on(visit)
        # The clock of this device is wrong.
        await page.clock.set_fixed_time("2999-01-02T00:00:00Z")
        await page.fill("#when", "2999-01-01T10:00")
        await on(visit)
        await page.set_input_files("#attachments", [photo()])
        await expect(page.locator("[data-file]")).to_be_visible()
        await on(visit)
        await on(visit)
        await page.click("[type=submit]")
        await at(visit, "Di mana dan kapan?")
        await expect(page.locator("#when-error")).to_have_text("Waktu itu belum tiba.")
        await expect(page.locator("#when")).to_have_value("2999-01-01T10:00")
        await visit.axe()
        await page.fill("#when", "2999-01-01T11:00")
        await page.reload()
        await at(visit, "Di mana dan kapan?")
        await expect(page.locator("#when")).to_have_value("2999-01-01T11:00")
        await on(visit)
        await expect(page.locator("[data-file]")).to_contain_text("parkiran.jpg")


async def test_where_nothing_is_to_be_mended_the_report_waits_at_its_last_step(site: Site, stage: Stage) -> None:
    async with site.visit(PHONE) as visit:
        # Browsers of a few years ago have no such thing.
        await visit.context.add_init_script("delete AbortSignal.timeout")
        await at_the_summary(visit, "Laporan yang dikirim saat terlalu ramai.")
        body = (
            '<main id="content"><div data-notice><p class="refused">Tunggu.</p></div><form data-report></form></main>'
        )

        async def too_many(route: Route) -> None:
            await route.fulfill(status=429, content_type="text/html", body=body)

        await visit.page.route(SENT, too_many, times=1)
        await visit.page.click("[type=submit]")
        await expect(visit.page.locator("[data-notice]")).to_have_text("Tunggu.")
        await at(visit, "Periksa, lalu kirim")
        await visit.page.click("[type=submit]")
        await visit.page.wait_for_url("**/intake/report/receipt")
        assert await track(stage, await code_on(visit.page))


async def test_without_script_it_is_one_form_and_its_answer_the_receipt(site: Site, stage: Stage) -> None:
    for size in (PHONE, TABLET, DESK):
        async with site.visit(size, scripts=False) as visit:
            page = visit.page
            await visit.go("/intake/report")
            await visit.fits()
            await visit.picture(f"report-plain-{size[0]}")
            if size != PHONE:
                continue
            await page.fill("#what", STORY)
            await page.fill("#name", "Sari Contoh")
            await page.set_input_files("#attachments", [photo(), text()])
            await page.click("[type=submit]")
            await expect(page.locator("#who-error")).to_be_visible()
            await expect(page.locator("#attachments-error")).to_contain_text("x.txt")
            await expect(page.locator("[name=attachments]")).to_be_checked()
            await visit.picture("report-plain-refused-360")
            await page.check("[name=who][value=named]")
            await page.click("[type=submit]")
            await page.wait_for_url("**/intake/report/receipt")
            code = await code_on(page)
            assert await track(stage, code)
            await page.reload()
            await expect(page.locator("main")).not_to_contain_text(code)


async def test_the_form_and_the_receipt_fit_larger_windows(site: Site) -> None:
    for size in (TABLET, DESK):
        async with site.visit(size) as visit:
            await at_the_summary(visit)
            await visit.picture(f"report-5-{size[0]}")
            await visit.page.click("[data-answers] [aria-label='Ubah: Di mana dan kapan?']")
            await at(visit, "Di mana dan kapan?")
            await expect(visit.page.locator(".map path").first).to_be_visible()
            await visit.picture(f"report-2-{size[0]}")
            for _ in range(3):
                await on(visit)
            await visit.page.click("[type=submit]")
            await visit.page.wait_for_url("**/intake/report/receipt")
            await visit.picture(f"report-receipt-{size[0]}")
            await visit.fits()
