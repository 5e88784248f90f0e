"""What joins the pages: a session that ends, another language, the keyboard, one origin."""

import pytest
from playwright.async_api import Page, expect

from deploy.demo.stage import Stage
from deploy.identity.people import ADMINISTRATOR
from tests.browser.cases import called_off, doubtful, robbery
from tests.browser.visiting import DESK, PHONE, Site, Visit, panel_of, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_was_typed_outlives_the_session(site: Site, stage: Stage) -> None:
    report = await doubtful(stage, "Sepeda anak saya hilang dari teras rumah.", "+6281210000402")
    words = "Titik pada peta berada di kabupaten lain; silakan lapor ke sana."
    async with site.visit(officer="verifier-1") as visit:
        await visit.go(f"/portal/cases/{report.id}")
        await settled(visit.page)
        await visit.page.click("summary:has-text('Tolak')")
        form = visit.page.locator("form[hx-post$='/reject']")
        await form.locator("select").select_option("outside_jurisdiction")
        await form.locator("textarea").fill(words)
        await visit.context.clear_cookies(name="aduan")
        await form.locator("button").click()
        await visit.page.wait_for_selector("#notice:has-text('Sesi Anda berakhir')")
        await expect(form.locator("textarea")).to_have_value(words)
        await visit.axe()
        other = await visit.context.new_page()
        await other.goto(f"{site.origin}/sign-in")
        await _sign_in_if_asked(other, site, "verifier-1")
        await other.close()
        await form.locator("button").click()
        await visit.page.wait_for_selector(f"{panel_of('Verifikasi')}:has-text('Ditolak')")
        _is_the_providers(visit, site)


def _is_the_providers(visit: Visit, site: Site) -> None:
    """The provider is the one other origin that a browser is ever led to; what its pages do there is not ours."""
    provider = f"{site.state.url('identity')}/"
    visit.abroad = [url for url in visit.abroad if not url.startswith(provider)]
    visit.complaints = [said for said in visit.complaints if provider not in said]


async def _sign_in_if_asked(page: Page, site: Site, officer: str) -> None:
    """The provider may still know who it is; then it asks nothing."""
    await page.wait_for_selector("input[name=login], nav.menu")
    if page.url.startswith(f"{site.origin}/"):
        return
    await page.fill("input[name=login]", officer)
    await page.keyboard.press("Enter")
    await page.fill("input[name=password]", site.state.environment["ADUAN_IDENTITY_PASSWORD"])
    await page.keyboard.press("Enter")
    await page.wait_for_selector("nav.menu")


async def test_reading_on_after_the_session_leads_to_where_one_signs_in(site: Site) -> None:
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/verification/worklist")
        await visit.context.clear_cookies()
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        await visit.page.click("text=Saring")
        await visit.page.wait_for_selector("input[name=login]")
        assert f"{site.origin}/sign-in?to=/verification/worklist%3Fcheck%3D" in asked
        # HTMX says in the console that the page's stream is refused too; it leads nowhere.
        visit.complaints = [said for said in visit.complaints if not said.startswith("[object Event]")]
        assert sum("/sign-in" in url for url in asked) == 1
        _is_the_providers(visit, site)


async def test_officers_read_english_on_the_same_page_with_the_same_filter(site: Site) -> None:
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/verification/worklist?check=place")
        await visit.page.click("header >> text=English")
        await expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        assert "check=place" in visit.page.url
        await expect(visit.page.locator("select[name=check]")).to_have_value("place")
        await expect(visit.page.locator("nav >> text=Desk")).to_have_count(1)
        await visit.go("/portal/desk")
        await settled(visit.page)
        text = await visit.page.locator("body").inner_text()
        assert "Verification" in text
        assert "Meja kerja" not in text
        await visit.axe()
        await visit.page.click("header >> text=Bahasa Indonesia")
        await expect(visit.page.locator("html")).to_have_attribute("lang", "id")


async def test_a_p1_rings_at_every_desk_until_it_is_seen_and_stops_once_its_crew_has_it(
    site: Site, stage: Stage
) -> None:
    await called_off(stage)
    async with site.visit(officer="operator-1") as desk, site.visit(officer="chief-1") as chief:
        await desk.go("/portal/desk")
        await settled(desk.page)
        await chief.go("/investigation/worklist")
        report = await robbery(
            stage,
            "Gudang beras sedang dirampok, tiga orang bersenjata mengikat penjaga.",
            *("gudang beras dekat stasiun", -6.575, 107.425, "+6281210000403"),
        )
        bell = f"li[data-ring^='{report.id}']"
        for visit in (desk, chief):
            dialog = visit.page.locator("dialog.ring")
            await visit.page.locator(bell).wait_for(state="attached")
            await dialog.wait_for()
            await visit.axe()
            await visit.page.keyboard.press("Escape")
            await expect(dialog).to_be_visible()  # a key does not put it aside
            await dialog.locator("text=Saya lihat").click()
            await dialog.wait_for(state="hidden")
            await expect(visit.page.locator(bell)).to_have_count(1)  # seen is not answered
        await desk.picture("frame-rings")
        await desk.page.reload()
        await desk.page.locator(bell).wait_for()
        await expect(desk.page.locator("dialog.ring")).to_be_hidden()  # who has seen it is not rung again
        leader = stage.officer("chief-1", "chief")
        case = await stage.found("investigation", f"/cases/{report.id}", leader, lambda case: case["patrol"])
        crew, at = stage.officer(case["patrol"], "patrol"), f"/patrols/dispatches/{report.id}"
        await stage.post("investigation", f"{at}/acknowledge", headers=crew)
        for visit in (desk, chief):
            await visit.page.locator(bell).wait_for(state="detached")
        await stage.post("investigation", f"{at}/arrive", headers=crew)
        await stage.post("investigation", f"{at}/clear", {"result": "suspect_held"}, crew)


async def test_somebody_without_a_role_is_told_so(site: Site) -> None:
    for size in (PHONE, DESK):
        async with site.visit(size, officer=ADMINISTRATOR) as visit:
            await visit.go("/portal/desk")
            await expect(visit.page.locator("main")).to_contain_text("Peran Anda tidak mencakup halaman ini.")
            await expect(visit.page.locator("header >> text=Keluar")).to_be_visible()
            await expect(visit.page.locator("nav.menu")).to_have_count(0)
            await visit.axe()
            await visit.fits()
            await visit.picture(f"frame-no-role-{size[0]}")


async def test_the_keyboard_alone_gets_everywhere_in_the_order_in_which_one_reads(site: Site) -> None:
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/verification/worklist")
        assert await _next(visit) == "Langsung ke isi"
        assert await visit.page.locator(".skip").evaluate("link => link.getBoundingClientRect().left >= 0")
        assert await _next(visit) == "POLRES SUKAMAJU"
        order = [await _next(visit) for _ in range(5)]
        assert order == ["English", "Keluar", "Meja kerja", "Verifikasi", "check"]
        await visit.go("/verification/worklist")
        await visit.page.keyboard.press("Tab")
        await visit.page.keyboard.press("Enter")
        assert await _next(visit) == "check", "the link leads past the menu"
        assert await _next(visit) == "Saring"


async def test_who_goes_through_a_list_by_keyboard_keeps_their_place_as_it_changes(site: Site, stage: Stage) -> None:
    first = await doubtful(stage, "Jemuran saya hilang dari halaman belakang.", "+6281210000404")
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/verification/worklist")
        link = visit.page.locator(f"a[href='/portal/cases/{first.id}']")
        await link.focus()
        second = await doubtful(stage, "Pompa air saya hilang dari sumur.", "+6281210000405")
        await visit.page.locator(f"a[href='/portal/cases/{second.id}']").wait_for()
        assert await link.evaluate("link => link === document.activeElement")


async def _next(visit: Visit) -> str:
    """What has the focus after one more step, and that one can see it there."""
    await visit.page.keyboard.press("Tab")
    told: dict[str, str] = await visit.page.evaluate(
        """() => {
            const it = document.activeElement, look = getComputedStyle(it);
            return {
                name: it.innerText && it.tagName !== "SELECT" ? it.innerText.trim() : it.id,
                seen: (look.outlineStyle !== "none" && look.outlineWidth !== "0px") || look.boxShadow !== "none",
            };
        }"""
    )
    assert told["seen"], f"{told['name']} has the focus, and nobody sees it"
    return told["name"]


async def test_no_page_loads_from_elsewhere_and_none_can(site: Site) -> None:
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        refused: str = await visit.page.evaluate(
            """url => new Promise(told => {
                document.addEventListener("securitypolicyviolation", event => told(event.effectiveDirective));
                document.body.append(Object.assign(new Image(), { src: `${url}/x.png` }));
            })""",
            site.state.url("mailbox"),
        )
        assert refused == "img-src"
        visit.complaints.clear()  # Chromium says in the console that it refused
        visit.abroad.clear()


async def test_a_page_that_asks_elsewhere_would_be_noticed(site: Site) -> None:
    """The control."""
    with pytest.raises(AssertionError, match="another origin"):
        async with site.visit() as visit:
            await visit.page.goto(f"{site.state.url('mailbox')}/messages")


async def test_no_script_reads_who_is_signed_in(site: Site) -> None:
    async with site.visit(officer="verifier-1") as visit:
        await visit.go("/portal/desk")
        held = {cookie["name"]: cookie for cookie in await visit.context.cookies(site.origin)}
        session = held["aduan"]
        assert (session.get("httpOnly"), session.get("sameSite"), session.get("path")) == (True, "Lax", "/")
        assert held["aduan-identity"].get("httpOnly") if "aduan-identity" in held else True
        assert "aduan=" not in str(await visit.page.evaluate("document.cookie"))
