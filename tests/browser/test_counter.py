"""Reports taken down at the counter and at 110 with the keyboard alone, and intake's part of a case's page."""

import asyncio
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import Page, expect

from deploy.demo.stage import Report, Stage
from tests.browser.visiting import DESK, PHONE, Site, settled
from tests.services.intake.samples import CANARIES, STORY, jpeg

pytestmark = pytest.mark.asyncio(loop_scope="session")

CIBUAH = "99.01.02.1001"
KEYS_A_SECOND = 4  # of somebody who types daily, and listens meanwhile


@dataclass
class Keyboard:
    """Somebody who never touches the mouse. Counts the keys."""

    page: Page
    pressed: int = 0

    async def types(self, text: str) -> None:
        await self.page.keyboard.type(text)
        self.pressed += len(text)

    async def presses(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)
            self.pressed += 1

    async def at(self, name: str) -> None:
        """Tabs on to a field; a person who tabs on and on does not find it."""
        for _ in range(12):
            if await self.page.evaluate("() => document.activeElement?.name") == name:
                return
            await self.presses("Tab")
        raise AssertionError(f"{name} is not within reach of the Tab key")


async def reported(stage: Stage, **more: object) -> Report:
    body = {"what": STORY, "where": {"village": CIBUAH}, "reporter": {"name": CANARIES[0]}, **more}
    return await stage.report("/counter/complaints", body, stage.officer("counter-1", "counter_officer"))


async def test_a_whole_report_is_taken_down_by_keyboard_within_a_minute(site: Site, stage: Stage) -> None:
    before = await reported(stage)
    async with site.visit(officer="counter-1") as visit:
        await visit.go("/intake/counter")
        await visit.looks_right("counter")
        began = asyncio.get_running_loop().time()
        keyboard = Keyboard(visit.page)
        await keyboard.types("Motor korban diambil dari parkiran pasar, pelaku dua orang lari ke timur")
        await keyboard.at("place")
        await keyboard.types("Parkiran Pasar Cibuah")
        await keyboard.at("village")
        await keyboard.types("Cibuah")
        nearby = visit.page.locator("#nearby")
        await nearby.get_by_text(before.register_number).wait_for()
        await keyboard.at("time")
        await keyboard.types("0005")
        await keyboard.at("in_progress")
        await keyboard.presses("Space")
        await keyboard.at("name")
        await keyboard.types("Sari Contoh")
        await keyboard.at("nik")
        await keyboard.types("3509014107900001")
        await visit.page.locator("#nik-says").get_by_text("Lahir 1 Juli 1990, perempuan").wait_for()
        await visit.axe()
        await visit.picture("counter-typed")
        await keyboard.at("phone")
        await keyboard.types("081210000202")
        await keyboard.at("address")
        await keyboard.types("Jalan Melati 3")
        await keyboard.presses("Enter")
        code = visit.page.locator("#taking .code")
        await code.wait_for()
        took = asyncio.get_running_loop().time() - began
        assert keyboard.pressed / KEYS_A_SECOND < 60, f"{keyboard.pressed} keys"
        assert took < 60
        await visit.page.wait_for_function("() => document.activeElement.textContent === 'Laporan diterima'")
        await visit.axe()
        await visit.picture("counter-taken")
        shown = await code.inner_text()
        for key, name in (("Alt+r", "sttlp-"), ("Alt+l", "lp-")):
            async with visit.page.expect_download() as downloading:
                await keyboard.presses(key)
            paper = await downloading.value
            assert paper.suggested_filename.startswith(name)
            assert (await paper.path()).read_bytes().startswith(b"%PDF-")
        await keyboard.presses("Alt+n")
        await visit.page.locator("textarea[name=what]").wait_for()
        assert await visit.page.evaluate("() => document.activeElement.name") == "what"
        assert shown not in await visit.page.content()


async def test_what_is_wrong_is_where_one_types_next(site: Site) -> None:
    async with site.visit(officer="counter-1") as visit:
        await visit.go("/intake/counter")
        keyboard = Keyboard(visit.page)
        await keyboard.types("Sepeda hilang")
        await keyboard.at("village")
        await keyboard.types("Atlantis")
        await keyboard.presses("Alt+s")
        await visit.page.get_by_text("Desa ini tidak ada di daftar").wait_for()
        await visit.page.wait_for_function("() => document.activeElement.name === 'village'")
        await expect(visit.page.locator("textarea[name=what]")).to_have_value("Sepeda hilang")
        await visit.axe()
        await visit.picture("counter-wrong")
    async with site.visit(PHONE, officer="counter-1", scripts=False) as visit:
        await visit.go("/intake/counter")
        await visit.page.fill("textarea[name=what]", "Sepeda hilang")
        await visit.page.press("input[name=village]", "Enter")
        await expect(visit.page.locator("#taking .code")).not_to_have_count(0)  # it works without a script too
        await visit.fits()
        await visit.picture("counter-taken-phone")


async def test_a_call_is_a_report_by_keyboard_or_none_by_one_key(site: Site) -> None:
    async with site.visit(officer="operator-1") as visit:
        await visit.go("/intake/call")
        await visit.axe()
        keyboard = Keyboard(visit.page)
        await keyboard.presses("Alt+p")
        logged = visit.page.locator("#log li")
        await logged.get_by_text("Iseng").wait_for()
        await keyboard.presses("Alt+a")
        await logged.get_by_text("Salah sambung").wait_for()
        assert keyboard.pressed == 2
        await visit.page.evaluate("() => document.querySelector('[name=in_progress]').focus()")
        await keyboard.presses("Space")
        await keyboard.at("phone")
        await keyboard.types("081210000303")
        await keyboard.at("what")
        await keyboard.types("Minimarket dirampok dua orang bawa celurit")
        await keyboard.presses("Alt+t")
        await logged.get_by_text("Terputus").wait_for()
        await expect(visit.page.locator("[name=phone]")).to_have_value("081210000303")  # a slip costs nothing
        await visit.looks_right("call")
        await keyboard.presses("Alt+s")
        await visit.page.locator("#taking .code").wait_for()
        await visit.axe()
        await visit.picture("call-taken")
        await visit.go("/portal/desk")
        await settled(visit.page)
        await visit.page.get_by_text("panggilan Anda catat dalam satu jam ini").wait_for()
        await visit.axe()
        await visit.picture("desk-operator")


async def test_a_case_shows_how_it_came_in_and_opens_what_is_sealed_for_a_reason(site: Site, stage: Stage) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{site.state.url('intake')}/attachments", content=jpeg((640, 480)))
    report = await reported(stage, attachments=[answer.json()["id"]])
    await reported(stage)
    async with site.visit(officer="counter-1") as visit:
        await visit.go(f"/portal/cases/{report.id}")
        await settled(visit.page)
        panel = visit.page.locator(".panel", has=visit.page.locator("#intake"))
        await expect(panel).to_contain_text(report.register_number)
        assert CANARIES[0] not in await visit.page.content()
        who, picture = panel.locator("form.reason[hx-get]").all(), panel.locator("form.reason", has_text="Lihat gambar")
        assert len(await who) == 2
        await picture.locator("input").fill("melayani pelapor di loket")
        await picture.locator("input").press("Enter")
        await panel.locator("img[src^='data:image/jpeg']").wait_for()
        first = panel.locator("form.reason", has_text="Lihat pelapor")
        await first.locator("input").fill("melayani pelapor di loket")
        await first.locator("input").press("Enter")
        await panel.get_by_text(CANARIES[0]).wait_for()
        paper = panel.locator("form.reason", has_text="STTLP")
        await paper.locator("input").fill("pelapor minta salinan")
        async with visit.page.expect_download() as downloading:
            await paper.locator("input").press("Enter")
        assert (await downloading.value).suggested_filename == f"sttlp-{report.id}.pdf"
        await visit.axe()
        for size in (PHONE, DESK):
            await visit.page.set_viewport_size({"width": size[0], "height": size[1]})
            await visit.fits()
            await visit.picture(f"case-intake-{size[0]}")


async def test_the_chief_puts_a_report_under_a_legal_hold(site: Site, stage: Stage) -> None:
    report = await reported(stage)
    async with site.visit(officer="chief-1") as visit:
        await visit.go(f"/portal/cases/{report.id}")
        await settled(visit.page)
        panel = visit.page.locator(".panel", has=visit.page.locator("#intake"))
        await panel.get_by_text("Tahan demi hukum").click()
        await panel.locator("textarea[name=words]").fill("Penetapan pengadilan")
        await panel.get_by_role("button", name="Tahan").click()
        await panel.get_by_text("Ditahan demi hukum oleh chief-1").wait_for()
        await visit.axe()
        await visit.picture("case-held")
        await panel.get_by_role("button", name="Akhiri penahanan").click()
        await panel.get_by_text("Tersimpan.").wait_for()
