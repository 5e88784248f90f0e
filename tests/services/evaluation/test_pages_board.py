"""The public figures, the overview and the board as pages, on real servers."""

import re
from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader

from services.evaluation.domain import month_before, month_of
from tests.services.evaluation.samples import MONTH, POLRES, START, ZONE, said, submitted
from tests.services.evaluation.telling import Headers, Reporter, answers, closed, tell
from tests.support.queries import every_query_indexed
from tests.support.room import Running
from tests.support.servers import Servers

NOW = month_of(datetime.now(UTC), ZONE)
ALONE = "2025-07"  # a month that no other test tells of


async def page(evaluation: Running, path: str, headers: Headers | None = None, status: int = 200) -> str:
    answer = await evaluation.http.get(f"/evaluation{path}", headers=headers or {})
    evaluation.http.cookies.clear()  # among them the language that was switched to
    assert answer.status_code == status, answer.text
    return answer.text


async def test_everybody_reads_the_open_data_and_no_small_count(evaluation: Running) -> None:
    shift = (datetime(2025, 7, 10, tzinfo=UTC) - START).total_seconds() / 3600
    for _ in range(7):
        await closed(evaluation, shift=shift, village="99.01.01.1001")
    for _ in range(3):
        await closed(evaluation, shift=shift, village="99.01.02.2001")
    shown = await page(evaluation, f"/public?month={ALONE}")
    assert "Juli 2025" in shown
    assert f"/api/evaluation/open-data/{ALONE}/csv" in shown
    assert "Pencurian" in shown, "a category by its name"
    assert 'data-value="10"' in shown
    # Three would be told from the total of ten if seven were shown.
    assert 'data-value="7"' not in shown
    assert 'data-value="3"' not in shown
    assert "disembunyikan" in shown
    assert "Our service in figures" in await page(evaluation, f"/public?month={ALONE}&language=en")


async def test_a_month_is_published_once_it_is_over_also_as_a_page(evaluation: Running) -> None:
    shown = await page(evaluation, "/public")
    assert f'<option value="{month_before(NOW)}" selected>' in shown
    assert f'value="{NOW}"' not in shown
    refused = await page(evaluation, f"/public?month={NOW}", status=404)
    assert "baru terbit setelah bulan itu berakhir" in refused
    await page(evaluation, "/public?month=besok", status=422)


async def test_the_overview_says_what_is_open_and_late(evaluation: Running, chief: Headers) -> None:
    reporter = Reporter()
    number = "LP/B/77/III/2026/SPKT/POLRES SUKAMAJU"
    await tell(evaluation, [said(submitted(register_number=number), subject=reporter.complaint)])
    shown = await page(evaluation, "/overview", chief)
    assert f'<a href="/portal/cases/{reporter.complaint}">{number}</a>' in shown
    assert "Verifikasi" in shown
    assert "Sukamaju, Sukamaju" in shown, "a village by its name"
    assert 'data-amounts="{&#34;99.01.01.1001&#34;:' in shown
    assert "Month by month" in await page(evaluation, "/overview?language=en", chief)


async def test_a_conflict_hides_a_late_complaint_from_whom_it_names(evaluation: Running, chief: Headers) -> None:
    reporter = Reporter()
    await tell(evaluation, [said(submitted(conflicts=("chief-9",)), subject=reporter.complaint)])
    named = evaluation.token("chief", person="chief-9", units=(POLRES,))
    assert reporter.complaint in await page(evaluation, "/overview", chief)
    assert reporter.complaint not in await page(evaluation, "/overview", named)
    assert await page(evaluation, f"/panels/{reporter.complaint}", {**named, "HX-Request": "true"}, 404) == ""


async def test_the_board_holds_a_month_against_the_targets(evaluation: Running, evaluator: Headers) -> None:
    reporter = await closed(evaluation)
    assert (await answers(evaluation, reporter.code, 4, 4, 2, 4, 4, 4, 4, 4, 4)).status_code == 201
    shown = await page(evaluation, f"/board?month={MONTH}", evaluator)
    assert "Evaluasi: Maret 2026" in shown
    assert "sesuai target" in shown
    assert f"/evaluation/board/{MONTH}/pdf" in shown
    answered = await page(evaluation, "/board", evaluator)
    row = answered[answered.index("U3 Waktu penyelesaian") : answered.index("U4 Biaya/tarif")]
    assert 'data-value="50.0"' in row
    assert "(D)" in row, "what is below B is marked with its grade"
    listed = await page(evaluation, f"/board/complaints?month={MONTH}&by=unit&name=Pidum", evaluator)
    assert reporter.complaint in listed
    assert reporter.complaint not in await page(
        evaluation, f"/board/complaints?month={MONTH}&by=unit&name=Jatanras", evaluator
    )


async def test_what_reporters_wrote_is_read_for_a_reason_alone(evaluation: Running, evaluator: Headers) -> None:
    reporter = await closed(evaluation)
    await answers(evaluation, reporter.code, comment="Petugasnya ramah sekali.")
    assert "ramah sekali" not in await page(evaluation, "/board", evaluator)
    without = {name: value for name, value in evaluator.items() if name != "Access-Reason"}
    assert "ramah sekali" not in await page(evaluation, "/board/comments", without, 422)
    assert "ramah sekali" in await page(evaluation, "/board/comments", evaluator)


async def test_the_report_is_taken_from_the_board_as_files(evaluation: Running, chief: Headers) -> None:
    table = await evaluation.http.get(f"/evaluation/board/{MONTH}/csv", headers=chief)
    assert table.headers["content-disposition"] == f'attachment; filename="evaluasi-{MONTH}.csv"'
    assert table.text.splitlines()[0] == "month,dimension,name,figure,value"
    paper = await evaluation.http.get(f"/evaluation/board/{MONTH}/pdf", headers=chief)
    assert len(PdfReader(BytesIO(paper.content)).pages) >= 1


async def test_a_panel_shows_the_course_and_what_its_reporter_said(evaluation: Running, evaluator: Headers) -> None:
    reporter = await closed(evaluation)
    await answers(evaluation, reporter.code, 4, 4, 2, 4, 4, 4, 4, 4, 4)
    shown = await page(evaluation, f"/panels/{reporter.complaint}", evaluator)
    assert "tepat waktu" in shown
    assert "2 dari 4" in shown


async def test_the_desk_tells_each_what_concerns_them(evaluation: Running, chief: Headers) -> None:
    await tell(evaluation, [said(submitted(), subject=Reporter().complaint)])
    shown = await page(evaluation, "/summary", chief)
    assert "laporan terbuka" in shown
    link = re.compile('href="/portal/cases/([^"]+)"')
    assert link.findall(shown) == link.findall(await page(evaluation, "/overview", chief))[:3]
    assert "Seharusnya selesai" in shown
    stranger = evaluation.token("patrol", person="patrol-7", units=(POLRES,))
    assert await page(evaluation, "/summary", {**stranger, "HX-Request": "true"}, 404) == ""


async def test_no_page_reads_a_whole_collection(evaluation: Running, evaluator: Headers, real_servers: Servers) -> None:
    with every_query_indexed(real_servers.mongo_url, evaluation.settings.mongo_prefix, "evaluation"):
        for path in ("/public", "/overview", "/board", "/board/comments", "/board/complaints", "/summary", "/actions"):
            await page(evaluation, path, evaluator)
        await page(evaluation, "/board/complaints?by=village&name=99.01.01.1001", evaluator)
        await page(evaluation, "/actions/new", evaluator)
        await page(evaluation, "/actions?status=raised", evaluation.token("patrol", person="p", units=(POLRES,)))
