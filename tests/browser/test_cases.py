"""The page of a case as its officers see it: what else is open around it, its files, and those that are attached at the
counter."""

from typing import Any

import httpx
import pytest
from playwright.async_api import FilePayload, expect

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import CIBUAH, TANJUNGRASA, ago, assigned, helped_on
from tests.browser.visiting import Site, Visit, settled
from tests.services.intake.samples import archive, jpeg, pdf

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHOTO = FilePayload(name="foto.jpg", mimeType="image/jpeg", buffer=jpeg((640, 480)))
LETTER = FilePayload(name="surat.pdf", mimeType="application/pdf", buffer=pdf())
PACKED = FilePayload(name="arsip.jpg", mimeType="image/jpeg", buffer=archive())


async def reported(stage: Stage, what: str, **more: Any) -> Report:
    body = {"what": what, "when": ago(hours=2), "reporter": {"name": "Wati Contoh", "nik": "3509014107900003"}, **more}
    return await stage.report("/counter/complaints", body, stage.officer("counter-1", "counter_officer"))


async def test_what_is_open_around_a_case_is_on_a_map_and_in_a_list(site: Site, stage: Stage) -> None:
    this = await reported(stage, "Ayam saya hilang dari kandang.", where={"village": CIBUAH})
    beyond = await reported(stage, "Ada yang mencoba membuka jendela warung.", where={"village": TANJUNGRASA})
    async with site.visit(officer="counter-1") as visit:
        await visit.go(f"/portal/cases/{this.id}")
        await settled(visit.page)
        panel = visit.page.locator(".panel", has=visit.page.locator("#intake"))
        around = panel.locator(".map")
        await expect(around.locator("path")).to_have_count(12)
        await expect(around.locator(".amount").first).to_be_visible()
        thick = around.locator("path[stroke-width='4']")
        await expect(thick).to_have_count(1)
        await visit.looks_right("case-around")
        near = panel.get_by_role("link", name=beyond.register_number)
        await near.focus()
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url(f"**/portal/cases/{beyond.id}")
        await settled(visit.page)
        await expect(panel.locator("dl.facts").first).to_contain_text(beyond.register_number)


async def test_a_detective_finds_the_files_of_a_case(site: Site, stage: Stage) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{site.state.url('intake')}/attachments", content=PHOTO["buffer"])
    report = await reported(
        stage,
        "Sepeda adik saya dicuri dari depan warung tadi malam. Gembok tidak rusak. Warna hijau.",
        # Where no other test tells of a theft, or it would be taken for that one.
        where={"text": "Jalan Kenanga, RT 02", "village": "99.01.03.2004"},
        attachments=[answer.json()["id"]],
    )
    await helped_on(stage, report)
    case, _ = await assigned(stage, report)
    async with site.visit(officer=case["detective"]) as visit:
        await visit.go(f"/portal/cases/{report.id}")
        await settled(visit.page)
        panel = visit.page.locator(".panel", has=visit.page.locator("#intake"))
        picture = panel.locator("form.reason", has_text="Lihat gambar")
        await picture.locator("input").fill("memeriksa bukti")
        await picture.locator("input").press("Enter")
        await expect(panel.locator("img[src^='data:image/jpeg']")).to_be_visible()
        original = panel.locator("form.reason", has_text="Simpan berkas asli")
        await original.locator("input").fill("memeriksa bukti")
        async with visit.page.expect_download() as downloading:
            await original.locator("input").press("Enter")
        assert (await (await downloading.value).path()).read_bytes() == PHOTO["buffer"]
        await visit.looks_right("case-detective")


async def test_files_are_attached_at_the_counter_by_keyboard(site: Site) -> None:
    async with site.visit(officer="counter-1") as visit:
        await visit.go("/intake/counter")
        await visit.page.keyboard.type("Dompet jatuh di pasar, ada foto KTP dan surat keterangan")
        await visit.page.keyboard.press("Alt+s")
        code = visit.page.locator("#taking .code")
        await code.wait_for()
        attaching = visit.page.locator("#attaching")
        await chosen(visit, PACKED)
        await expect(attaching.locator(".error")).to_have_text("arsip.jpg: Hanya foto JPEG atau PNG, dan PDF.")
        await visit.page.wait_for_function("() => document.activeElement.name === 'files'")
        await visit.axe()
        await chosen(visit, PHOTO, LETTER)
        await expect(attaching.locator(".done")).to_have_text("2 berkas terlampir.")
        await expect(attaching.locator("li")).to_have_count(2)
        await expect(code).to_be_visible()
        await visit.looks_right("counter-files")
        await visit.page.locator("#taking dl a").click()
        await settled(visit.page)
        panel = visit.page.locator(".panel", has=visit.page.locator("#intake"))
        await expect(panel.get_by_role("heading", name="Lampiran (2)")).to_be_visible()
        await panel.get_by_text("Lampirkan berkas dari pelapor").click()
        await panel.locator("input[type=file]").set_input_files([PHOTO])
        await panel.get_by_role("button", name="Lampirkan").click()
        await expect(panel.get_by_role("heading", name="Lampiran (3)")).to_be_visible()
        await visit.axe()


async def chosen(visit: Visit, *files: FilePayload) -> None:
    """Chooses files and sends them, without a mouse."""
    async with visit.page.expect_file_chooser() as choosing:
        await visit.page.keyboard.press("Alt+f")
    await (await choosing.value).set_files(list(files))
    await visit.page.keyboard.press("Alt+s")
