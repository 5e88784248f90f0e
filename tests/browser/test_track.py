"""Whoever holds a tracking code follows the report in a real browser: it brings itself up to date, and takes what they
have to say. The people are invented."""

import asyncio
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Route, expect

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import CIBUAH, SUKAMAJU, ago, assigned
from shared.tracking_cookie import COOKIE
from tests.browser.visiting import DESK, PATIENCE, PHONE, TABLET, Site, Visit
from tests.services.intake.samples import jpeg

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRACK = "/notification/track"


async def vague(stage: Stage, **reporter: str) -> Report:
    """A report that does not say where or when, so that its reporter is asked."""
    what = "Motor saya dicuri orang, tolong dibantu pak."
    return await stage.report("/complaints", {"channel": "web", "what": what, "reporter": reporter})


async def waiting(stage: Stage) -> tuple[Report, dict[str, str]]:
    """A report of another province, which waits for the verifier who comes with it."""
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Rumah saya dibobol maling, laptop dan perhiasan hilang.",
            "where": {"text": "Jalan Pahlawan, Surabaya", "lat": -7.2575, "lon": 112.7521},
            "when": ago(hours=20),
        },
    )
    verifier = stage.officer("verifier-1", "verifier")
    await stage.found("verification", f"/complaints/{report.id}", verifier, lambda case: case["status"] == "waiting")
    return report, verifier


async def concluded(
    stage: Stage,
    what: str = "Sepeda anak saya dicuri dari teras rumah tadi malam. Pagar tidak rusak. Warna merah.",
    village: str = CIBUAH,
) -> Report:
    """A theft that was investigated to its end. A second of the same words and village would be linked to the first."""
    report = await stage.report(
        "/counter/complaints",
        {
            "what": what,
            "where": {"text": "Jalan Melati, RT 02", "village": village},
            "when": ago(hours=20),
            "reporter": {"name": "Sari Contoh", "nik": "3509014107900001"},
        },
        stage.officer("counter-1", "counter_officer"),
    )
    _, detective = await assigned(stage, report)
    path = f"/cases/{report.id}"
    for milestone in ("inquiry_opened", "case_conference"):
        await stage.post("investigation", f"{path}/milestones", {"milestone": milestone}, detective)
    words = "Sepeda ternyata dipinjam tetangga dan sudah kembali. Perkara kami hentikan."
    ending = {"outcome": "not_a_crime", "reason": "no_criminal_event", "words": words}
    await stage.post("investigation", f"{path}/conclusion", ending, detective)
    await stage.tracked(report, "concluded")
    return report


async def enter(visit: Visit, report: Report) -> None:
    """Types the code in, and is shown the report."""
    await visit.go(TRACK)
    await visit.page.fill("input[name=code]", report.tracking_code.lower())
    await visit.page.click("main button[type=submit]")
    await visit.page.wait_for_selector("#report")
    await expect(visit.page.locator("#ways, .unavailable").first).to_be_visible()


async def good(visit: Visit, name: str) -> None:
    """What every page owes whoever reads it."""
    await visit.axe()
    await visit.fits()
    await visit.picture(name)


async def never_reloaded(visit: Visit) -> None:
    assert await visit.page.evaluate("() => window.sinceTheBeginning"), "the page was loaded again"


async def test_a_wrong_code_is_told_at_its_field_and_a_right_one_opens_the_report(site: Site, stage: Stage) -> None:
    report = await vague(stage)
    await stage.tracked(report, "received")
    async with site.visit(PHONE) as visit:
        await visit.go(TRACK)
        await good(visit, "track-entry")
        await visit.page.fill("input[name=code]", "ABCD-EFGH-JKMN-PQRS-T")
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.locator("#code-error")).to_contain_text("Kode ini tidak dikenal")
        await expect(visit.page.locator("input[name=code]")).to_have_value("ABCD-EFGH-JKMN-PQRS-T")
        await good(visit, "track-entry-wrong")
        await enter(visit, report)
        assert visit.page.url == f"{site.origin}{TRACK}", "the code stands in no address"
        await expect(visit.page.locator("#report")).to_contain_text(report.register_number)
        await expect(visit.page.locator("ol.timeline time")).not_to_have_count(0)
        await visit.page.click("text=English")
        await expect(visit.page.locator("h1")).to_have_text("Your report")
        await visit.page.click("text=Bahasa Indonesia")
        await visit.page.click("text=Selesai")
        await expect(visit.page.locator(".done")).to_have_text("Kode lacak sudah dihapus dari perangkat ini.")
        await visit.go(TRACK)
        await expect(visit.page.locator("input[name=code]")).not_to_have_count(0)  # the next person finds nothing


async def test_a_question_comes_by_itself_and_is_answered_with_words_and_a_file(
    site: Site, stage: Stage, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(jpeg())
    report = await vague(stage)
    await stage.tracked(report, "clarification")
    async with site.visit(PHONE) as visit:
        await enter(visit, report)
        await good(visit, "track-question")
        await visit.page.click("text=Jawab sekarang")
        await expect(visit.page.locator(".asked")).to_contain_text("di mana terjadi")
        await visit.page.click("text=Kirim tambahan")
        await expect(visit.page.locator("#what-error")).to_contain_text("Tulis keterangan")
        await good(visit, "track-add")
        await visit.page.fill("#what", "Motor Beat hitam, dicuri kemarin sore sekitar jam 5 dari parkiran pasar.")
        await visit.page.fill("#place", "parkiran pasar Sukamaju")
        await visit.page.select_option("#village", SUKAMAJU)
        await visit.page.set_input_files("#files", photo)
        await visit.page.click("text=Kirim tambahan")
        await expect(visit.page.locator(".done")).to_contain_text("tambahan Anda sudah kami terima")
        await good(visit, "track-added")
        await stage.tracked(report, "supplemented")
        await visit.page.click("text=Lihat perjalanan laporan")
        await expect(visit.page.locator("#report")).to_contain_text("Anda menambahkan keterangan.")
        await expect(visit.page.locator(".asked")).to_have_count(0)


async def test_the_page_tells_by_itself_of_a_rejection_which_is_then_objected_to(site: Site, stage: Stage) -> None:
    report, verifier = await waiting(stage)
    async with site.visit(PHONE) as visit:
        await enter(visit, report)
        await visit.page.evaluate("() => { window.sinceTheBeginning = true; }")
        words = "Kejadian di luar wilayah kami. Silakan melapor ke Polrestabes setempat."
        body = {"reason": "outside_jurisdiction", "words": words}
        await stage.post("verification", f"/complaints/{report.id}/reject", body, verifier)
        await expect(visit.page.locator("#news")).to_contain_text("Ada kabar baru: Laporan tidak dilanjutkan")
        await expect(visit.page.locator("#report")).to_contain_text(words)
        await expect(visit.page.locator("#way-appeal")).to_be_visible()
        await expect(visit.page.locator("#way-survey")).to_be_visible()
        await never_reloaded(visit)
        await good(visit, "track-rejected")
        await visit.page.click("#way-appeal")
        await good(visit, "track-appeal")
        await visit.page.fill("#grounds", "Kejadiannya di desa Sukamaju, alamat Surabaya itu alamat KTP saya.")
        await visit.page.click("text=Kirim keberatan")
        await expect(visit.page.locator(".done")).to_contain_text("Keberatan Anda sudah kami terima.")
        await stage.tracked(report, "appealed")
        await visit.page.click("text=Lihat perjalanan laporan")
        await expect(visit.page.locator("#report")).to_contain_text("Keberatan sedang diperiksa")


async def test_the_end_is_judged_and_asked_to_be_undone(site: Site, stage: Stage) -> None:
    report = await concluded(stage)
    async with site.visit(TABLET) as visit:
        await enter(visit, report)
        await good(visit, "track-concluded")
        await visit.page.click("#way-survey")
        for element in range(1, 9):
            await visit.page.check(f"input[name=u{element}][value='3']")
        await visit.page.fill("#comment", "Petugasnya ramah.")
        await visit.page.click("text=Kirim penilaian")
        await expect(visit.page.locator("#u9-error")).to_have_text("Wajib diisi.")
        await expect(visit.page.locator("#comment")).to_have_value("Petugasnya ramah.")
        await good(visit, "track-survey")
        await visit.page.check("input[name=u9][value='4']")
        await visit.page.click("text=Kirim penilaian")
        await expect(visit.page.locator(".done")).to_have_text("Terima kasih atas penilaian Anda.")
        await visit.page.click("#way-reopen")
        await good(visit, "track-reopen")
        await visit.page.fill("#reason", "Sepedanya belum kembali.")
        await visit.page.click("text=Kirim permintaan")
        await expect(visit.page.locator(".done")).to_contain_text("Permintaan Anda sudah kami terima.")
        await stage.tracked(report, "feedback", "reopen_requested")
        await visit.page.click("text=Lihat perjalanan laporan")
        await expect(visit.page.locator("#report")).to_contain_text("Anda meminta laporan dibuka kembali.")


async def test_a_phone_is_proven_and_the_reporter_says_how_to_be_told(site: Site, stage: Stage) -> None:
    phone = "+6281210000771"
    report = await vague(stage, phone=phone)
    await stage.tracked(report, "received")
    async with site.visit(PHONE) as visit:
        await enter(visit, report)
        await visit.page.click("#way-contact")
        await good(visit, "track-contact")
        await visit.page.click("button:text('Kirim kode')")
        await expect(visit.page.locator(".done")).to_contain_text("Kode sudah dikirim.")

        async def code() -> str | None:
            found = [text[:6] for text in await stage.sms(phone) if text[:6].isdigit()]
            return found[-1] if found else None

        await visit.page.fill("#one_time_code", str(await stage.until(code, "the code comes by SMS")))
        await good(visit, "track-contact-code")
        await visit.page.click("button:text('Pastikan')")
        await expect(visit.page.locator(".done")).to_contain_text("Kontak Anda sudah dipastikan.")
        await visit.page.click("text=Lihat perjalanan laporan")
        await visit.page.click("text=Atur cara Anda diberi tahu")
        await good(visit, "track-preferences")
        await visit.page.select_option("#channel", "sms")
        await visit.page.fill("#quiet_start", "20:00")
        await visit.page.click("text=Simpan")
        await expect(visit.page.locator("#quiet_until-error")).to_contain_text("Isi kedua jam")
        await visit.page.fill("#quiet_until", "06:00")
        await visit.page.click("text=Simpan")
        await expect(visit.page.locator(".done").first).to_have_text("Pilihan Anda tersimpan.")


async def test_without_scripts_a_report_is_followed_added_to_and_taken_back(site: Site, stage: Stage) -> None:
    report = await vague(stage)
    await stage.tracked(report, "received")
    async with site.visit(PHONE, scripts=False) as visit:
        await visit.go(TRACK)
        await visit.page.fill("input[name=code]", report.tracking_code)
        await visit.page.click("main button[type=submit]")
        await visit.fits()
        await visit.picture("track-without-scripts")
        await visit.page.click("text=Tambah keterangan, cabut laporan")
        await visit.page.click("#way-add")
        await visit.page.fill("#what", "Motornya Beat hitam.")
        await visit.page.click("text=Kirim tambahan")
        await expect(visit.page.locator(".done")).to_contain_text("tambahan Anda sudah kami terima")
        await visit.page.click("#way-withdraw")
        await visit.fits()
        await visit.picture("track-withdraw")
        await visit.page.click("text=Tidak, kembali")
        await visit.page.click("text=Tambah keterangan, cabut laporan")
        await visit.page.click("#way-withdraw")
        await visit.page.click("text=Ya, cabut laporan")
        await expect(visit.page.locator(".done")).to_contain_text("Laporan Anda sudah dicabut.")
        await stage.tracked(report, "supplemented", "withdrawn")
        await visit.page.click("text=Lihat perjalanan laporan")
        await expect(visit.page.locator("#report")).to_contain_text("Dicabut oleh pelapor")


def sent_whole(origin: str, code: str, form: bytes) -> tuple[int, str]:
    """What a client is told that reads no answer before all of its form has gone."""
    connection = HTTPConnection(urlsplit(origin).netloc, timeout=PATIENCE / 1000)
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Cookie": f"{COOKIE}={code}"}
    headers["Content-Type"] = "multipart/form-data; boundary=x"
    with closing(connection):
        connection.request("POST", "/intake/track/add", form, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


async def test_without_scripts_a_film_is_refused_by_a_page_and_not_by_a_cut_connection(
    site: Site, stage: Stage, tmp_path: Path
) -> None:
    film = tmp_path / "film.jpg"
    with film.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    report = await vague(stage)
    await stage.tracked(report, "received")
    status, page = await asyncio.to_thread(sent_whole, site.origin, report.tracking_code, film.read_bytes())
    assert (status, "Kiriman ini terlalu besar." in page) == (413, True)
    async with site.visit(PHONE, scripts=False) as visit:
        await visit.go(TRACK)
        await visit.page.fill("input[name=code]", report.tracking_code)
        await visit.page.click("main button[type=submit]")
        await visit.go("/intake/track/add")
        await visit.page.fill("#what", "Film kejadian.")
        await visit.page.set_input_files("#files", film)
        await visit.page.click("text=Kirim tambahan")
        await expect(visit.page.locator("main p").first).to_contain_text("Kiriman ini terlalu besar.")
        await expect(visit.page.locator("footer")).to_contain_text("110")
        await visit.fits()
        await visit.picture("track-too-large")


async def test_a_service_that_is_away_costs_its_panel_alone(site: Site, stage: Stage) -> None:
    report = await vague(stage)
    await stage.tracked(report, "received")
    async with site.visit(DESK) as visit:

        async def away(route: Route) -> None:
            await route.fulfill(status=503, body="")

        await visit.page.route("**/intake/track", away)
        await enter(visit, report)
        await expect(visit.page.locator("#report")).to_contain_text(report.register_number)
        await expect(visit.page.locator(".unavailable")).to_have_count(1)
        await good(visit, "track-intake-away")
        await visit.page.unroute("**/intake/track", away)
        await visit.page.click("text=Coba lagi")
        await expect(visit.page.locator("#way-add")).to_be_visible()
        # The browser's own note of what this test has done.
        visit.complaints = [each for each in visit.complaints if "Error Code 503 from /intake/track" not in each]
