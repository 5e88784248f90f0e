"""Officers sign in at the provider's real pages, come back to where they were, and sign out for good."""

import pytest
from playwright.async_api import expect

from tests.browser.visiting import DESK, PHONE, Site, settled, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_start_page_says_first_what_to_do_in_danger(site: Site) -> None:
    for size in (PHONE, DESK):
        async with site.visit(size) as visit:
            await visit.go("/")
            await expect(visit.page.locator("h1").first).to_have_text("Dalam bahaya? Telepon sekarang.")
            await expect(visit.page.locator("a[href='tel:110']").first).to_be_visible()
            gap, unused = await visit.page.evaluate(
                """() => {
                    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
                    return [box(".cards + section").top - box(".cards").bottom,
                        box(".cards").right - box(".cards > :last-child").right];
                }"""
            )
            assert gap >= 16, "the cards stand apart from what follows"
            assert unused < 1, "the cards fill the width"
            await visit.fits()
            await visit.can_be_hit()
            await visit.axe()
            await visit.picture(f"start-{size[0]}")
            await visit.page.click("text=English")
            await expect(visit.page.locator("h1").first).to_have_text("In danger? Call now.")
            await visit.go("/")
            await expect(visit.page.locator("html")).to_have_attribute("lang", "en")  # the choice is remembered


async def test_an_officer_signs_in_and_is_back_where_they_wanted_to_be(site: Site) -> None:
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await visit.axe()
        await visit.picture("desk")
        await expect(visit.page.locator("header")).to_contain_text("verifier-1")
        await visit.page.click("nav >> text=Verifikasi")
        await expect(visit.page.locator("h1")).to_have_text("Laporan yang menunggu verifikasi")
        await visit.axe()


async def test_whoever_signs_out_is_out_also_with_the_cookie_of_before(site: Site) -> None:
    context = await site.browser.new_context()
    page = await context.new_page()
    await sign_in(page, site.origin, "verifier-2", site.state.environment["ADUAN_IDENTITY_PASSWORD"])
    before = await context.storage_state()
    await page.goto(f"{site.origin}/portal/desk")
    await page.click("text=Keluar")
    await page.wait_for_url(f"{site.origin}/")
    await page.goto(f"{site.origin}/portal/desk")
    await page.wait_for_selector("input[name=login]")
    assert not page.url.startswith(site.origin), "it leads to the provider"
    await expect(page.locator("input[name=login]")).not_to_have_count(0)  # and the provider asks who it is
    await context.close()
    assert before["cookies"]
