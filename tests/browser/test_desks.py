"""The desks of classification, referral and internal affairs, as their officers use them in a browser."""

from typing import Any

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import CIBUAH, SUKAMAJU, ago, helped_on
from tests.browser.visiting import PHONE, Site, Visit, settled
from tests.support.room import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOUBTFUL = "Tetangga saya marah dan mengancam soal utang duit, pagar rumah saya rusak."
POWER = "Listrik di RT 03 padam sejak subuh, gardu PLN di ujung jalan berbunyi lalu mati."
BRIBE = "Polisi lalu lintas minta uang damai saat menilang saya di simpang pasar, tanpa surat tilang."
ACCUSED = "aipda-contoh"


async def told(stage: Stage, what: str, village: str = SUKAMAJU) -> Report:
    """A report on the web, passed on by verification."""
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": what,
            "where": {"text": "ujung Jalan Melati RT 03", "village": village},
            "when": ago(hours=6),
            "reporter": {"name": "Hendra Contoh", "phone": "+6281210000177"},
        },
    )
    await helped_on(stage, report)
    return report


async def opens(visit: Visit, report: Report) -> None:
    """Opens the case from wherever it is, once its panels are there."""
    await visit.go(f"/portal/cases/{report.id}")
    await settled(visit.page)


async def reads(visit: Visit, words: str, reason: str = "memutuskan perkara") -> None:
    """Opens what is sealed."""
    form = visit.page.locator("form.reason", has_text=words)
    if await form.locator("select").count():
        await form.locator("select").select_option("examination")
    else:
        await form.locator("input[name=access_reason]").fill(reason)
    await form.locator("button").click()
    await visit.page.locator(".opened").first.wait_for()


async def does(visit: Visit, summary: str, button: str, **fields: str) -> None:
    """Unfolds a form, fills it in by its fields' names and sends it."""
    form = visit.page.locator("details", has=visit.page.locator("summary", has_text=summary)).first
    await form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        elif await field.get_attribute("type") == "radio":
            await form.locator(f"[name={name}][value={value}]").check()
        else:
            await field.fill(value)
    await form.locator("button[type=submit]", has_text=button).click()
    await visit.page.locator("[role=status]", has_text="Tersimpan.").wait_for()


async def looks_right(site: Site, officer: str, path: str, name: str) -> None:
    """The page on each size of window."""
    async with site.visit(PHONE, officer=officer) as visit:
        await visit.go(path)
        await settled(visit.page)
        await visit.looks_right(name)


async def listed(visit: Visit, path: str, report: Report) -> None:
    """Follows the report's line in a worklist to its case."""

    async def there() -> bool:
        await visit.go(path)
        return bool(await visit.page.locator(f"a[href='/portal/cases/{report.id}']").count())

    await until(there, f"{report.id} stands on {path}")
    await visit.page.click(f"a[href='/portal/cases/{report.id}']")
    await settled(visit.page)


async def test_a_classifier_reads_why_and_confirms_or_decides_otherwise(site: Site, stage: Stage) -> None:
    first, second = await told(stage, DOUBTFUL), await told(stage, DOUBTFUL + " Kejadian kedua.", CIBUAH)
    async with site.visit(officer="classifier-1") as visit:
        await listed(visit, "/classification/worklist?why=low_confidence", first)
        await visit.page.click("text=Tetapkan sesuai usul")
        await visit.page.locator("[role=status]", has_text="Tersimpan.").wait_for()
        await expect(visit.page.locator("h2", has_text="Terklasifikasi")).not_to_have_count(0)
        await reads(visit, "Baca laporan dan dasar usul")
        await expect(visit.page.locator("mark", has_text="mengancam")).not_to_have_count(0)
        await visit.axe()
        await visit.picture("classification-opened")
    await looks_right(site, "classifier-1", "/classification/worklist", "classification-worklist")
    await looks_right(site, "classifier-1", f"/portal/cases/{second.id}", "classification-panel")
    async with site.visit(PHONE, officer="classifier-1") as visit:
        await opens(visit, second)
        form = visit.page.locator("details", has_text="Tetapkan lain").first
        await form.locator("summary").click()
        await form.locator("[name=category]").select_option("threats")
        await form.locator("[name=tracks][value=investigation]:checked").wait_for()
        await visit.fits()
        await form.locator("[name=note]").fill("Ada ancaman yang nyata.")
        await form.locator("button[type=submit]").click()
        await visit.page.locator("[role=status]", has_text="Tersimpan.").wait_for()
        await expect(visit.page.locator(".panel:has(#classification) dl.facts").first).to_contain_text("Pengancaman")
        await visit.page.locator("summary", has_text="Ubah").click()
        await visit.axe()
        await visit.picture("classification-changed-360")


async def test_a_referral_officer_reads_who_has_it_and_sends_it_again(site: Site, stage: Stage) -> None:
    report = await told(stage, POWER, CIBUAH)
    officer = stage.officer("referral-1", "referral_officer")
    await stage.found("referral", f"/cases/{report.id}", officer, lambda case: not case["undelivered"])
    async with site.visit(officer="referral-1") as visit:
        await listed(visit, "/referral/worklist?what=offered", report)
        await expect(visit.page.locator("dd", has_text="PLN ULP Sukamaju Kota")).not_to_have_count(0)
        await reads(visit, "Baca isi laporan dan jawaban")
        await expect(visit.page.locator(".opened")).to_contain_text(POWER)
        await visit.picture("referral-opened")
        await does(visit, "Kirim ulang", "Kirim ulang sekarang")
        await visit.axe()
    await stage.found("referral", f"/cases/{report.id}", officer, lambda case: not case["undelivered"])
    await looks_right(site, "referral-1", "/referral/worklist", "referral-worklist")
    await looks_right(site, "referral-1", f"/portal/cases/{report.id}", "referral-panel")
    async with site.visit(PHONE, officer="referral-1") as visit:
        await opens(visit, report)
        await does(visit, "Tawarkan ke instansi lain", "Tawarkan", agency="pln-up3-sukamaju")
        await expect(visit.page.locator("dl.facts")).to_contain_text("PLN UP3 Sukamaju")
        await visit.fits()
        await visit.picture("referral-offered-360")


async def test_internal_affairs_examines_and_decides_and_the_accused_sees_nothing(site: Site, stage: Stage) -> None:
    report = await told(stage, BRIBE)
    head = stage.officer("head-propam", "internal_affairs_head", units=("Sipropam",))
    await stage.found("internal_affairs", f"/cases/{report.id}", head)
    units = {"units": ["polres-sukamaju", "Sipropam"]}
    await stage.call("internal_affairs", "PUT", "/examiners/examiner-1", units, head)
    async with site.visit(officer="examiner-1") as visit:
        await listed(visit, "/internal_affairs/worklist", report)
        await does(visit, "Catat siapa yang diadukan", "Catat", names=ACCUSED)
        await reads(visit, "Baca isi pengaduan dan berkas")
        await expect(visit.page.locator(".opened")).to_contain_text(BRIBE)
        await visit.picture("conduct-opened")
        await does(visit, "Nyatakan lengkap", "Nyatakan lengkap", note="Saksi disebut.")
    await nothing_for_the_accused(site, report)
    async with site.visit(officer="head-propam") as visit:
        await opens(visit, report)
        await does(visit, "Tunjuk pemeriksa", "Tetapkan pemeriksa", examiner="examiner-1")
    async with site.visit(PHONE, officer="examiner-1") as visit:
        await opens(visit, report)
        await does(visit, "Catat temuan", "Simpan temuan", text="Dua saksi membenarkan.")
        await does(visit, "Kirim surat SP3D", "Kirim surat", words="Pengaduan Ibu kami periksa.")
        await visit.fits()
        await visit.axe()
    await looks_right(site, "head-propam", "/internal_affairs/worklist", "conduct-worklist")
    await looks_right(site, "head-propam", f"/portal/cases/{report.id}", "conduct-panel")
    async with site.visit(officer="head-propam") as visit:
        await opens(visit, report)
        await does(visit, "Tetapkan hasil", "Tetapkan hasil", outcome="proven", words="Pengaduan terbukti.")
        await expect(visit.page.locator("dd", has_text="Terbukti (selesai benar)")).not_to_have_count(0)
        await visit.axe()
        await visit.picture("conduct-concluded")


async def nothing_for_the_accused(site: Site, report: Report) -> None:
    """No page that their roles open says a word of it."""
    async with site.visit(officer=ACCUSED) as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        menu: list[Any] = await visit.page.locator("nav.menu a").evaluate_all("links => links.map(link => link.href)")
        paths = [link.removeprefix(site.origin) for link in menu]
        assert "/internal_affairs/worklist" in paths
        for path in paths:
            await visit.go(path)
            await settled(visit.page)
            page = await visit.page.content()
            assert report.id not in page, path
            assert report.register_number not in page, path
        await opens(visit, report)
        await expect(visit.page.locator(".panel")).to_have_count(0)
        await expect(visit.page.locator("main")).to_contain_text("Laporan itu tidak ada.")
