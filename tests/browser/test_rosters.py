"""Rosters in the browser: the administrator's village officers and the head's examiners."""

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Stage
from tests.browser.visiting import Site, Visit, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def entered(visit: Visit, menu: str) -> None:
    """The roster is on the screen, as its keeper gets there."""
    await visit.go("/portal/desk")
    await settled(visit.page)
    await visit.page.click(f"nav >> text={menu}")
    await visit.page.locator("h1").wait_for()


async def filled(visit: Visit, **fields: str) -> None:
    for name, value in fields.items():
        await visit.page.fill(f"main [name={name}]", value)


async def pressed(visit: Visit, button: str) -> None:
    await visit.page.get_by_role("button", name=button, exact=True).click()


async def test_an_administrator_keeps_the_village_officers(site: Site, stage: Stage) -> None:
    async with site.visit(officer="administrator-1") as visit:
        await entered(visit, "Petugas desa")
        await visit.looks_right("mediators")
        await visit.page.click("text=Tambah petugas")
        await filled(visit, id="laras-contoh", name="Laras Contoh", phone="tidak ada", units="Bhabinkamtibmas\nBinmas")
        await pressed(visit, "Tambahkan")
        await visit.page.locator("#phone-error").wait_for()
        await expect(visit.page.locator("[name=units]")).to_have_value("Bhabinkamtibmas\nBinmas")
        await visit.looks_right("mediators-refused")
        await filled(visit, phone="0264-000277")
        await pressed(visit, "Tambahkan")
        await visit.page.locator(".done >> text=Laras Contoh").wait_for()
        await visit.page.click("td >> text=Laras Contoh")
        await expect(visit.page.locator("[name=phone]")).to_have_value("0264-000277")
        await visit.looks_right("mediator")
        await visit.page.check("[name=absent]")
        await visit.page.select_option("[name=stand_in]", label="Budi Hermawan")
        await pressed(visit, "Simpan")
        row = visit.page.locator("tr", has_text="Laras Contoh")
        await row.get_by_text("digantikan Budi Hermawan").wait_for()
        await row.get_by_role("link").click()
        await visit.page.click("summary >> text=Berhenti sebagai petugas desa")
        await pressed(visit, "Keluarkan dari daftar")
        await visit.page.click("summary >> text=Sudah berhenti")
        await visit.page.locator("li >> text=Laras Contoh").click()
        await visit.page.click("summary >> text=Riwayat")
        await expect(visit.page.locator("ol.timeline")).to_contain_text("Dikeluarkan dari daftar · administrator-1")
        await visit.looks_right("mediator-retired")


async def test_a_head_keeps_the_examiners(site: Site) -> None:
    async with site.visit(officer="head-propam") as visit:
        await entered(visit, "Daftar pemeriksa")
        await visit.page.click("text=Tambah pemeriksa")
        await filled(visit, id="Pemeriksa Contoh", units="Sipropam")
        await pressed(visit, "Tambahkan")
        await visit.page.locator("#id-error").wait_for()
        await filled(visit, id="pemeriksa-contoh")
        await pressed(visit, "Tambahkan")
        await visit.page.locator(".done").wait_for()
        await visit.looks_right("examiners")
        await visit.page.click("td >> text=pemeriksa-contoh")
        await visit.looks_right("examiner")
        await filled(visit, units="Sipropam\nSatlantas")
        await pressed(visit, "Simpan")
        row = visit.page.locator("tr", has_text="pemeriksa-contoh")
        await row.get_by_text("Satlantas").wait_for()
        await row.get_by_role("link").click()
        await visit.page.click("summary >> text=Berhenti sebagai pemeriksa")
        await pressed(visit, "Keluarkan dari daftar")
        await visit.page.locator(".done").wait_for()
        await expect(row).to_have_count(0)
