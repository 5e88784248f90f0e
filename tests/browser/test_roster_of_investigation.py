"""An administrator keeps the rosters of detectives and patrols; a crew says that it is on duty."""

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Stage
from tests.browser.cases import called_off
from tests.browser.visiting import PHONE, Site, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


def line(name: str) -> str:
    """The line of the list that somebody stands on."""
    return f"tr:has(a:text-is('{name}'))"


async def test_an_administrator_adds_a_detective_changes_the_entry_and_marks_leave(site: Site, stage: Stage) -> None:
    async with site.visit(officer="administrator-1") as visit, site.visit(officer="administrator-1") as other:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await visit.page.click("nav.menu >> text=Penyidik dan patroli")
        await visit.looks_right("roster")
        await visit.page.click("text=Tambah penyidik")
        await visit.page.fill("#id", "Wulan Contoh")
        await visit.page.fill("#name", "Wulan Contoh")
        await visit.page.fill("#phone", "0264-000119")
        await visit.page.fill("#units-other", "Unit Contoh")
        await visit.page.click("text=Tambahkan")
        await visit.page.wait_for_selector("#id-error")
        await expect(visit.page.locator("#units-other")).to_have_value("Unit Contoh")
        await visit.looks_right("roster-new")
        await visit.page.fill("#id", "wulan-contoh")
        await visit.page.click("text=Tambahkan")
        await visit.page.click(f"{line('Wulan Contoh')} a")
        await expect(visit.page.locator("[name=units][value='Unit Contoh']")).to_be_checked()
        await other.go("/investigation/roster/officers/wulan-contoh")

        await visit.page.click("summary:has-text('Keahlian')")
        await visit.page.check("[name=specialities][value=theft]")
        await visit.page.click("button:has-text('Simpan')")
        await visit.page.wait_for_selector(".done >> text=Wulan Contoh")

        await other.page.fill("#phone", "0264-000120")
        await other.page.click("button:has-text('Simpan')")
        await other.page.wait_for_selector(".refused:has-text('sudah diubah orang lain')")
        await expect(other.page.locator("dl.facts")).to_contain_text("Pencurian")
        await expect(other.page.locator("#phone")).to_have_value("0264-000120")
        await other.looks_right("roster-changed")

        await visit.go("/investigation/roster")
        await visit.page.click(f"{line('Wulan Contoh')} button")
        await visit.page.wait_for_selector(f"{line('Wulan Contoh')}:has-text('Sudah kembali')")

        await visit.page.click(f"{line('Wulan Contoh')} a")
        await visit.page.click("summary:has-text('Riwayat')")
        await expect(visit.page.locator("ol.timeline")).to_contain_text("Ditandai cuti · administrator-1")
        await visit.page.click("summary:has-text('Berhenti sebagai penyidik')")
        await visit.looks_right("roster-officer")
        await visit.page.click("text=Keluarkan dari daftar")
        await visit.page.click("summary:has-text('Sudah berhenti')")
        await visit.page.wait_for_selector("li >> text=Wulan Contoh")
        await expect(visit.page.locator(line("Wulan Contoh"))).to_have_count(0)
        await visit.looks_right("roster-retired")


async def test_a_patrol_is_put_on_the_map_and_says_itself_that_it_is_on_duty(site: Site, stage: Stage) -> None:
    async with site.visit(officer="administrator-1") as visit:
        await visit.go("/investigation/roster/new-patrol")
        await visit.page.fill("#id", "contoh-9")
        await visit.page.fill("#call_sign", "Contoh 9")
        await visit.page.fill("#unit", "Unit Contoh")
        await visit.page.check("[name=status]")  # or it would be sent to what other tests tell of
        await visit.page.wait_for_selector(".map path")
        await visit.page.click(".map", position={"x": 150, "y": 120})
        assert float(await visit.page.input_value("#lat")) < 0
        await visit.looks_right("roster-patrol")
        await visit.page.click("text=Tambahkan")
        await visit.page.click(f"{line('Contoh 9')} a")
        await visit.page.fill("#lat", "-6,61")
        await visit.page.click("text=Simpan posisi")
        await visit.page.wait_for_selector(".done >> text=Contoh 9")
        await visit.page.click(f"{line('Contoh 9')} a")
        await expect(visit.page.locator("#lat")).to_have_value("-6.61")
        await visit.looks_right("roster-patrol-placed")
    await called_off(stage)
    async with site.visit(PHONE, officer="samapta-4") as crew:
        await crew.go("/investigation/patrols")
        await crew.page.click("button:has-text('Selesai bertugas')")
        await crew.page.wait_for_selector("#rows >> text=Tidak bertugas")
        await crew.fits()
        await crew.axe()
        await crew.picture("roster-crew-360")
        await crew.page.click("button:has-text('Mulai bertugas')")
        await crew.page.wait_for_selector("button:has-text('Selesai bertugas')")
