"""Mediation in the browser: a dispute from the lead's desk to the signed agreement, and a guidance visit."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, expect

from deploy.demo.stage import Report, Stage
from deploy.demo.stories_mediation import had_by_an_officer, on_track, reported
from deploy.demo.telling import KERTAWENING, MEKARSARI, from_now
from tests.browser.visiting import PHONE, Site, Visit, settled
from tests.support.room import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

ZONE = ZoneInfo("Asia/Jakarta")


async def dispute(stage: Stage) -> Report:
    """A neighbours' dispute that its village's officer has."""
    report = await reported(
        stage,
        "Tetangga saya membangun pagar yang melewati batas tanah kami. Kami sudah cekcok beberapa kali.",
        {"text": "Gang Kenanga, RT 04", "village": MEKARSARI},
        {"name": "Tuti Contoh", "phone": "+6281210000311"},
    )
    await on_track(stage, report, "neighbour_dispute", "mediation")
    return report


async def opened(visit: Visit, report: Report) -> None:
    """The case is on the screen."""
    await visit.go(f"/portal/cases/{report.id}")
    await settled(visit.page)


async def does(visit: Visit, title: str, button: str, **fields: str) -> None:
    """Opens a step of the panel, fills its form in and sends it."""
    step = visit.page.locator("details.step", has=visit.page.locator(f"summary:text-is('{title}')")).first
    await step.locator("> summary").click()
    for name, value in fields.items():
        field = step.locator(f"[name={name}]")
        if await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    await pressed(visit, step.get_by_role("button", name=button))


async def pressed(visit: Visit, button: Locator) -> None:
    """Presses a button of the panel, and waits till the panel says that it is stored."""
    async with visit.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        await button.click()
    answer = await answered.value
    assert answer.status == 200, await answer.text()
    await visit.page.locator(".panel .done").wait_for()


async def paper(visit: Visit, button: str, name: str) -> None:
    """Saves a paper for a reason, as everywhere; its name says whose it is."""
    form = visit.page.locator("form.reason", has=visit.page.get_by_role("button", name=button))
    await form.locator("[name=access_reason]").fill("untuk ditandatangani para pihak")
    async with visit.page.expect_download() as downloading:
        await form.get_by_role("button").click()
    saved = await downloading.value
    assert saved.suggested_filename.startswith(f"{name}-LP-")
    assert (await saved.path()).read_bytes().startswith(b"%PDF-")
    await form.get_by_text("Berkas tersimpan.").wait_for()


async def corrected(visit: Visit, title: str, button: str, was: str, **fields: str) -> None:
    """Opens a text for a reason, in the form that holds it, and changes it."""
    step = visit.page.locator("details.step", has=visit.page.locator(f"summary:text-is('{title}')")).first
    await step.locator("> summary").click()
    await step.locator("[name=access_reason]").fill("salah tulis")
    await step.get_by_role("button", name="Buka untuk diperbaiki").click()
    for name, value in fields.items():
        field = step.locator(f"[name={name}]")
        await field.wait_for()
        await expect(field).to_have_value(was)
        await field.fill(value)
    await visit.looks_right(f"mediation-{button.replace(' ', '-').lower()}")
    await pressed(visit, step.get_by_role("button", name=button))


def tomorrow(**by: float) -> str:
    """As a browser writes it, by the office's clock."""
    return (datetime.now(UTC).astimezone(ZONE) + timedelta(days=1) + timedelta(**by)).strftime("%Y-%m-%dT%H:%M")


async def brought_forward(stage: Stage, visit: Visit, report: Report, path: str) -> None:
    """What was set for tomorrow is moved to now, and its hour has come."""
    lead, at = stage.officer("lead-1", "mediation_lead"), from_now(seconds=1)
    await stage.call("mediation", "PUT", f"/cases/{report.id}/{path}", {"at": at, "place": "Balai Desa"}, lead)
    await until(lambda: from_now() > at, "the hour has come")
    await opened(visit, report)


async def test_a_dispute_is_given_to_an_officer_and_settled(site: Site, stage: Stage) -> None:
    report = await dispute(stage)
    case, _ = await had_by_an_officer(stage, report, "mediation")
    other = next(name for name in ("wayan-sudarma", "yuli-astari") if name != case["mediator"])
    async with site.visit(officer="lead-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await visit.page.click("h2 >> text=Mediasi dan pembinaan")
        await visit.looks_right("mediation-worklist")
        await visit.page.click(f"a >> text={report.register_number}")
        await settled(visit.page)
        await visit.looks_right("mediation-lead")
        await does(visit, "Ganti petugas", "Serahkan kasus", mediator=other)
        await visit.page.click("a >> text=English")
        await settled(visit.page)
        await expect(visit.page.locator("h3 >> text=Parties")).not_to_have_count(0)
    async with site.visit(officer=other) as visit:
        await mediated(stage, visit, report)


async def mediated(stage: Stage, visit: Visit, report: Report) -> None:
    """The officer brings the parties together, until both have signed."""
    await visit.go("/mediation/worklist?which=mine&kind=mediation&late=")
    await visit.page.click(f"a >> text={report.register_number}")
    await settled(visit.page)
    for side, name in (("complainant", "Warga Pertama Contoh"), ("respondent", "Warga Kedua Contoh")):
        await does(visit, "Undang pihak", "Undang", side=side, name=name)
        await pressed(visit, visit.page.get_by_role("button", name="Bersedia bertemu"))
    await does(visit, "Jadwalkan pertemuan", "Jadwalkan", at=tomorrow(), place="Balai Desa Mekarsari")
    await visit.looks_right("mediation-scheduled")
    await brought_forward(stage, visit, report, "sessions/1")
    await does(visit, "Catat terlaksana", "Terlaksana")
    await does(visit, "Tulis catatan hasil", "Simpan catatan", text="Kedua pihak hadir dan sepakat.")
    sent = "Kedua pihak hadir dan sepakat."
    await corrected(visit, "Perbaiki catatan hasil", "Simpan catatan", sent, text="Kedua pihak hadir, dan sepakat.")
    await paper(visit, "Simpan catatan (PDF)", "notulen-1")
    due = tomorrow(days=14)[:10]
    await does(visit, "Tulis kesepakatan", "Simpan kesepakatan", text_1="Pagar dimundurkan.", due_1=due)
    sent = "Pagar dimundurkan."
    await corrected(visit, "Perbaiki kesepakatan", "Simpan kesepakatan", sent, text_1="Pagar dimundurkan satu meter.")
    await paper(visit, "Simpan kesepakatan (PDF)", "kesepakatan")
    await visit.looks_right("mediation-agreement")
    for _ in range(2):
        await pressed(visit, visit.page.get_by_role("button", name="Catat tanda tangan").first)
    await expect(visit.page.locator("#mediation")).to_contain_text("Disepakati, sedang dipantau")
    reason = visit.page.locator("form.reason", has=visit.page.get_by_role("button", name="Baca isi kasus"))
    await reason.locator("[name=access_reason]").fill("memantau kesepakatan")
    await reason.get_by_role("button").click()
    await visit.page.locator(".opened >> text=Warga Kedua Contoh").wait_for()
    await visit.page.locator(".opened summary >> text=Perbaiki catatan hasil").click()
    await visit.looks_right("mediation-settled")


async def test_a_guidance_officer_plans_visits_and_completes(site: Site, stage: Stage) -> None:
    report = await reported(
        stage,
        "Bengkel di sebelah rumah berisik sampai larut malam, musik keras, kami tidak bisa tidur.",
        {"text": "sebelah bengkel, RT 02", "village": KERTAWENING},
        {"name": "Nani Contoh", "phone": "+6281210000313"},
    )
    await on_track(stage, report, "noise", "guidance")
    await had_by_an_officer(stage, report, "guidance")
    lead = stage.officer("lead-1", "mediation_lead")
    await stage.call("mediation", "PUT", f"/cases/{report.id}/mediator", {"mediator": "guidance-1"}, lead)
    async with site.visit(officer="guidance-1") as visit:
        await opened(visit, report)
        await does(visit, "Tulis rencana", "Simpan rencana", text="Menyepakati jam kerja bengkel.")
        await does(visit, "Jadwalkan kunjungan", "Jadwalkan", at=tomorrow(), place="Bengkel di RT 02")
        await brought_forward(stage, visit, report, "visits/1")
        await does(visit, "Catat terlaksana", "Terlaksana")
        await does(visit, "Tulis catatan hasil", "Simpan catatan", text="Bersedia berhenti pukul delapan malam.")
        await visit.looks_right("guidance-visited")
        await does(visit, "Selesaikan pembinaan", "Selesaikan", words="Pemilik bengkel sudah dinasihati.")
        assert re.search("Selesai", await visit.page.locator("#mediation").inner_text())
        await visit.go("/mediation/worklist")
        await visit.axe()


async def test_the_ppa_unit_reads_what_waits_for_its_word(site: Site, stage: Stage) -> None:
    async with site.visit(PHONE, officer="ppa-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await expect(visit.page.locator("main")).to_contain_text("Menunggu persetujuan PPA")
        await visit.page.click("nav >> text=Mediasi")
        await visit.fits()
        await visit.axe()
        await visit.picture("mediation-ppa-360")
