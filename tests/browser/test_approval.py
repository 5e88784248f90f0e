"""A matter of women and children: nobody leads it to mediation without the PPA unit, and there the unit has its say."""

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Report, Stage
from deploy.demo.stories_mediation import had_by_an_officer, reported
from deploy.demo.telling import MEKARSARI
from tests.browser.visiting import PHONE, Site, Visit, settled

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "Suami saya memukul saya di rumah kemarin malam, ini sudah KDRT yang kesekian kali."


async def opened(visit: Visit, report: Report) -> None:
    """The case is on the screen."""
    await visit.go(f"/portal/cases/{report.id}")
    await settled(visit.page)


async def led_to_mediation(visit: Visit, report: Report) -> None:
    """Decides in the browser that the matter goes to mediation alone."""
    await opened(visit, report)
    form = visit.page.locator("details", has=visit.page.locator("#classification-note"))
    await form.locator("summary").click()
    for track in ("investigation", "dispatch"):
        await form.locator(f"[name=tracks][value={track}]").uncheck()
    await form.locator("[name=tracks][value=mediation]").check()
    await form.locator("#classification-note").fill("Kedua pihak meminta dipertemukan.")
    await form.locator("button[type=submit]").click()


async def test_a_matter_of_the_ppa_unit_goes_to_mediation_with_its_approval_alone(site: Site, stage: Stage) -> None:
    report = await reported(
        stage,
        WORDS,
        {"text": "Gang Flamboyan, RT 05", "village": MEKARSARI},
        {"name": "Ratih Contoh", "phone": "+6281210000411"},
    )
    classifier = stage.officer("classifier-1", "classifier")
    matter = await stage.found("classification", f"/complaints/{report.id}", classifier, lambda it: it["in_force"])
    assert matter["in_force"]["units"] == ["PPA"]
    async with site.visit(officer="classifier-1") as visit:
        await led_to_mediation(visit, report)
        await visit.page.wait_for_selector("#classification-tracks-error")
        panel = visit.page.locator(".panel", has=visit.page.locator("#classification"))
        await expect(panel).to_contain_text("hanya dengan persetujuan unit PPA")
        await visit.axe()
    async with site.visit(officer="classifier-ppa") as visit:
        await led_to_mediation(visit, report)
        await visit.page.locator("[role=status]", has_text="Tersimpan.").wait_for()
    await had_by_an_officer(stage, report, "mediation")
    await _approved(site, report)
    lead = stage.officer("lead-1", "mediation_lead")
    case = await stage.get("mediation", f"/cases/{report.id}", lead)
    assert (case["round"]["approval"]["approved"], case["round"]["approval"]["officer"]) == (True, "ppa-1")


async def _approved(site: Site, report: Report) -> None:
    """The unit's officer finds it among what waits for them, reads it and agrees."""
    async with site.visit(PHONE, officer="ppa-1") as visit:
        await visit.go("/mediation/worklist")
        await visit.page.click(f"a >> text={report.register_number}")
        await settled(visit.page)
        reason = visit.page.locator("form.reason", has=visit.page.get_by_role("button", name="Baca isi kasus"))
        await reason.locator("[name=access_reason]").fill("memutuskan persetujuan")
        await reason.get_by_role("button").click()
        await visit.page.locator(".opened", has_text=WORDS).wait_for()
        await visit.page.click("summary:has-text('Putusan Unit PPA')")
        await visit.page.fill("details[open] textarea[name=note]", "Korban didampingi dan setuju.")
        await visit.axe()
        await visit.fits()
        await visit.picture("approval-360")
        await visit.page.click("button:has-text('Setujui mediasi')")
        await visit.page.locator(".panel .done").wait_for()
        await expect(visit.page.locator(".gate")).to_contain_text("Disetujui")
        await visit.go("/mediation/worklist")
        await expect(visit.page.locator(f"a >> text={report.register_number}")).to_have_count(0)
