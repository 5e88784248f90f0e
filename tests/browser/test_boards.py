"""What everybody reads of the office's figures, and what chief and evaluators read and do."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
import pytest_asyncio
from playwright.async_api import expect
from pydantic import SecretStr

from deploy.demo.stage import Stage
from services.evaluation.domain import month_before, month_of
from shared.contracts.envelope import Envelope
from shared.topology import lane_queue
from tests.browser.visiting import PHONE, Site, Visit, settled
from tests.services.evaluation.samples import START, ZONE, investigated, said, submitted
from tests.services.evaluation.telling import Reporter

pytestmark = pytest.mark.asyncio(loop_scope="session")

TODAY = datetime.now(ZONE).date()
NOW = month_of(datetime.now(UTC), ZONE)
LAST = month_before(NOW)
QUIET = month_before(LAST, 2)  # a month of which nothing is known
VILLAGES = ("99.01.01.1001", "99.01.01.1001", "99.01.02.2001")
LATE = "LP/B/901/SPKT/POLRES SUKAMAJU"


def thefts(month: str, count: int) -> list[list[Envelope[Any]]]:
    """So many thefts from the receipt to the end, in a month."""
    first = (datetime.fromisoformat(f"{month}-05T02:00:00+00:00") - START) / timedelta(hours=1)
    return [
        investigated(str(uuid4()), first + number, village=VILLAGES[number % len(VILLAGES)]) for number in range(count)
    ]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def history(site: Site, stage: Stage) -> None:
    """Thefts of two months that are over, and a report of five days ago that nobody has verified yet: evaluation hears
    of them as it hears of everything."""
    told = [message for messages in thefts(month_before(LAST), 7) for message in messages]
    reporters = [Reporter() for _ in range(3)]
    key = SecretStr(site.state.environment["ADUAN_CODE_KEY"])
    for number, messages in enumerate(thefts(LAST, 12)):
        first = messages[0]
        if number < len(reporters):
            reporters[number].complaint = first.subject
            known = first.data.model_copy(update={"tracking_lookup": reporters[number].lookup(key)})
            first = first.model_copy(update={"data": known})
        told += [first, *messages[1:]]
    before = datetime.now(UTC) - timedelta(days=5)
    late = submitted(received=before, register_number=LATE)
    told.append(said(late, (before - START) / timedelta(hours=1), subject=str(uuid4())))
    async with await aio_pika.connect(site.state.environment["ADUAN_AMQP_URL"]) as connection:
        channel = await connection.channel()
        for message in told:
            body = message.model_dump_json(serialize_as_any=True).encode()
            what = aio_pika.Message(body, type=message.type, message_id=message.id, content_type="application/json")
            await channel.default_exchange.publish(what, lane_queue("evaluation", "normal"))
    chief = stage.officer("chief-1", "chief")

    def whole(months: Any) -> bool:
        return [month["total"]["closed"] for month in months] == [7, 12]

    await stage.found("evaluation", f"/indicators/months?until={LAST}&count=2", chief, whole)
    for reporter in reporters:
        scores = {f"u{number}": 2 if number == 3 else 4 for number in range(1, 10)}
        answer = {"code": reporter.code, "scores": scores, "comment": "Ramah, tetapi lama."}
        await stage.post("evaluation", "/tracking/survey", answer)


async def test_everybody_reads_the_figures_without_a_script(site: Site, history: None) -> None:
    async with site.visit(PHONE, scripts=False) as visit:
        await visit.go("/")
        await visit.page.click("text=Angka layanan kami")
        await expect(visit.page.locator("h1")).to_have_text("Angka layanan kami")
        await expect(visit.page.locator("tr", has_text="Pencurian").first).to_be_visible()
        await expect(visit.page.locator("canvas")).to_have_count(0)
        await visit.fits()
        await visit.can_be_hit()
        labels = await visit.page.eval_on_selector_all(
            ".list td.number", "cells => cells.map(cell => getComputedStyle(cell, '::before').whiteSpace)"
        )
        assert set(labels) == {"normal"}, "a long label runs over its number"
        await visit.picture("public-plain-360")
        await visit.page.select_option("#month", QUIET)
        await visit.page.click("text=Tampilkan")
        await visit.page.wait_for_url(f"**month={QUIET}")
        await expect(visit.page.locator("text=Belum ada laporan pada bulan ini.")).to_be_visible()
        await visit.go("/evaluation/public")
        async with visit.page.expect_download() as waiting:
            await visit.page.click("text=Unduh CSV")
        assert (await waiting.value).suggested_filename == f"aduan-{LAST}.csv"


async def test_charts_stand_beside_the_tables_where_scripts_run(site: Site, history: None) -> None:
    async with site.visit() as visit:
        await visit.go("/evaluation/public")
        await visit.page.locator("canvas").first.wait_for()
        await expect(visit.page.locator("canvas")).to_have_count(2)
        await visit.looks_right("public")


async def test_the_chief_sees_how_the_office_stands(site: Site, history: None) -> None:
    async with site.visit(officer="chief-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await expect(visit.page.locator(".panel", has_text="Ringkasan").locator("text=terlambat")).to_be_visible()
        await visit.page.click("nav >> text=Ringkasan")
        await visit.page.locator(".map path").first.wait_for()
        late = visit.page.locator("tr", has_text=LATE)
        await expect(late.locator("text=Verifikasi")).to_be_visible()
        await visit.looks_right("overview")
        await late.locator("a").click()
        await settled(visit.page)
        await expect(visit.page.locator("h2", has_text="Evaluasi")).to_be_visible()


async def test_a_desk_leads_straight_to_what_comes_first(site: Site, history: None) -> None:
    async with site.visit(officer="chief-1") as visit:
        await visit.go("/portal/desk")
        await settled(visit.page)
        await visit.looks_right("desk-chief")
        await visit.page.locator(".panel", has_text="Ringkasan").get_by_role("link", name=LATE).click()
        await settled(visit.page)
        await expect(visit.page.locator("h2", has_text="Evaluasi")).to_be_visible()


async def test_an_administrators_desk_leads_to_the_rosters(site: Site) -> None:
    for roster in ("Penyidik dan patroli", "Petugas desa"):
        async with site.visit(officer="administrator-1") as visit:
            await visit.go("/portal/desk")
            await visit.looks_right("desk-administrator")
            await visit.page.locator("main").get_by_role("link", name=roster).click()
            await visit.page.locator("nav.menu a[aria-current=page]", has_text=roster).wait_for()


async def test_the_evaluator_reads_the_board_and_takes_it_along(site: Site, stage: Stage, history: None) -> None:
    async with site.visit(officer="evaluator-1") as visit:
        await visit.go("/evaluation/board")
        await visit.page.select_option("#month", LAST)
        await visit.page.click("text=Tampilkan")
        await visit.page.wait_for_url(f"**month={LAST}")
        await expect(visit.page.locator("text=sesuai target").first).to_be_visible()
        for words, kind in (("Unduh PDF", "pdf"), ("Unduh CSV", "csv")):
            async with visit.page.expect_download() as waiting:
                await visit.page.click(f"text={words}")
            assert (await waiting.value).suggested_filename == f"evaluasi-{LAST}.{kind}"
        await visit.looks_right("board")
        await visit.page.click("section[aria-labelledby=by-unit] >> text=Pidum")
        await expect(visit.page.locator("tbody tr")).to_have_count(12)
        await visit.looks_right("complaints")


async def test_what_reporters_say_is_measured_and_read_for_a_reason(site: Site, history: None) -> None:
    async with site.visit(officer="evaluator-1") as visit:
        await visit.go(f"/evaluation/board?month={NOW}")
        await expect(visit.page.locator(".charts canvas")).to_have_count(10)  # the index and its nine elements
        await visit.page.click("text=Angka yang sama sebagai tabel")
        # Others may have answered too: what they gave is in the same figure.
        figure = await visit.page.locator("tr", has_text="U3 Waktu").locator(".late").inner_text()
        assert re.fullmatch(r"\d+(,\d+)? \([CD]\)", figure), figure
        await expect(visit.page.locator("text=Ramah, tetapi lama.")).to_have_count(0)
        await visit.page.fill("input[name=access_reason]", "Laporan bulanan")
        await visit.page.click("text=Baca tulisan pelapor")
        await visit.page.locator("text=Ramah, tetapi lama.").first.wait_for()
        await visit.looks_right("board-survey")
        said = visit.page.locator("p.told", has_text="Ramah, tetapi lama.").first
        await said.locator("xpath=preceding-sibling::p[1]//a").click()
        await settled(visit.page)
        panel = visit.page.locator(".panel", has_text="Evaluasi")
        await expect(panel.locator("text=2 dari 4")).to_be_visible()
        await visit.looks_right("panel")


async def test_a_finding_goes_its_way(site: Site, history: None) -> None:
    async with site.visit(officer="evaluator-1") as visit:
        await visit.go("/evaluation/actions")
        await visit.page.click("text=Catat temuan")
        await visit.looks_right("action-new")
        await visit.page.select_option("#indicator", "hours_to_settlement")
        await visit.page.select_option("#scope", "unit:Pidum")
        await visit.page.select_option("#month", LAST)
        await visit.page.fill("#words", "Ruang tunggu sempit.")
        await visit.page.click("text=Simpan temuan")
        await visit.page.locator("text=Baru, belum ada rencana").wait_for()
        await plan_it(visit)
        await visit.page.fill("input[name=access_reason]", "Menyiapkan rapat")
        await visit.page.click("text=Baca uraian dan tindakan")
        await visit.page.locator("text=Ruang tunggu sempit.").wait_for()
        await visit.page.locator("text=Jadwal piket ditambah.").wait_for()
        await visit.page.click("summary:has-text('Tutup temuan')")
        await visit.page.fill("#note", "Sudah diperluas.")
        await visit.page.click("button:has-text('Tutup temuan')")
        await visit.page.locator("h2 >> text=Ditutup").wait_for()
        await visit.page.click("text=Semua temuan")
        await visit.page.select_option("#status", "closed")
        await visit.page.click("text=Saring")
        await visit.page.wait_for_url("**status=closed")
        await expect(visit.page.locator("tr", has_text="Waktu: Penyelesaian")).to_have_count(1)
        await visit.looks_right("actions")


async def plan_it(visit: Visit) -> None:
    """A day that is over is refused beside its field, and what was typed is still there."""
    await visit.page.click("text=Rencanakan tindakan")
    await visit.page.fill("#action", "Jadwal piket ditambah.")
    await visit.page.fill("#owner", "head-pidum")
    await visit.page.fill("#by", str(TODAY - timedelta(days=1)))
    await visit.page.fill("#measure_on", str(TODAY + timedelta(days=80)))
    await visit.page.click("text=Simpan rencana")
    await visit.page.locator("#by-error").wait_for()
    await visit.looks_right("action-refused")
    await expect(visit.page.locator("#action")).to_have_value("Jadwal piket ditambah.")
    await visit.page.fill("#by", str(TODAY + timedelta(days=10)))
    await visit.page.click("text=Simpan rencana")
    await visit.page.locator("text=Tersimpan.").wait_for()
    await visit.looks_right("action-planned")
