"""Reports and open data, as files and over HTTP."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from services.evaluation.domain import month_of
from services.evaluation.figures import Month
from services.evaluation.findings_view import FindingRow
from services.evaluation.report import Report, rows
from services.evaluation.report_csv import cell, to_csv
from services.evaluation.report_pdf import to_pdf
from services.evaluation.shown import Shown
from services.evaluation.views import indicators, surveys
from services.evaluation.words import number, percent
from shared.settings import WebSettings
from tests.services.evaluation.samples import MONTH, TARGETS, ZONE, investigated, month, recorded
from tests.services.evaluation.telling import Headers, closed
from tests.support.room import Running

EVIL = '=HYPERLINK("http://evil.example","klik")'


def reported(whole: Month) -> Report:
    finding = FindingRow(
        finding="019caf3e-5a10-7c3e-9b41-2f6d8e0a7711",
        version=1,
        status="raised",
        source="rule",
        rule="median_over_target",
        indicator="hours_to_assignment",
        scope="unit:Pidum",
        value=31.5,
        target=24.0,
        month=MONTH,
        raised_at=datetime.now(UTC),
        owner=None,
        by=None,
        measure_on=None,
    )
    return Report(
        office="POLRES SUKAMAJU",
        month=MONTH,
        made_at=datetime.now(UTC),
        indicators=indicators(whole, TARGETS),
        surveys=surveys(whole),
        findings=[finding],
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_never_begins_as_a_formula(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert (cell(-1), cell(0.5), cell(None), cell("Pidum")) == (-1, 0.5, "", "Pidum")


def test_what_somebody_chose_as_a_name_is_no_formula_in_the_file() -> None:
    text = to_csv(rows(reported(month(recorded(investigated(village=EVIL))))))
    found = list(csv.DictReader(StringIO(text)))
    assert {row["name"] for row in found if row["dimension"] == "village"} == {f"'{EVIL}"}
    assert not any(value.startswith(("=", "+", "@")) for row in found for value in row.values())
    received = [r["value"] for r in found if (r["dimension"], r["figure"]) == ("office", "received")]
    assert received == ["1"]


def test_the_paper_says_office_month_figures_and_findings() -> None:
    whole = month(recorded(investigated(village="<b>&amp;</i>")))
    shown = Shown(WebSettings(oidc_issuer="https://id.example"), "id")
    pages = PdfReader(BytesIO(to_pdf(reported(whole), shown))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        "POLRES SUKAMAJU",
        "Maret 2026",
        "Laporan diterima",
        "Penyelesaian",
        "50,00",
        "Temuan",
        "Pencurian",
        "Baru, belum ada rencana",
        "<b>&amp;</i>",
    ):
        assert words in text, words
    assert "Pidum" in text
    assert "Halaman 1" in text
    assert "theft" not in text, "nothing is named by its code"


def test_numbers_are_written_as_in_indonesia() -> None:
    assert (number(1234.5), number(1234), number(None), percent(0.5), percent(None)) == (
        "1.234,50",
        "1.234",
        "–",
        "50,0 %",
        "–",
    )


async def test_the_report_comes_as_json_csv_and_pdf(evaluation: Running, chief: Headers) -> None:
    await closed(evaluation)
    made = await evaluation.http.get(f"/reports/{MONTH}", headers=chief)
    assert (made.json()["office"], made.json()["indicators"]["total"]["received"]) == ("POLRES SUKAMAJU", 1)
    table = await evaluation.http.get(f"/reports/{MONTH}/csv", headers=chief)
    assert table.headers["content-type"].startswith("text/csv")
    assert "attachment" in table.headers["content-disposition"]
    assert table.text.splitlines()[0] == "month,dimension,name,figure,value"
    paper = await evaluation.http.get(f"/reports/{MONTH}/pdf", headers=chief)
    assert paper.headers["content-type"] == "application/pdf"
    assert len(PdfReader(BytesIO(paper.content)).pages) >= 1


async def test_open_data_needs_no_sign_in_and_withholds_small_counts(evaluation: Running) -> None:
    month_alone = "2025-06"
    shift = (datetime(2025, 6, 10, tzinfo=UTC) - datetime(2026, 3, 10, tzinfo=UTC)).total_seconds() / 3600
    for _ in range(5):
        await closed(evaluation, shift=shift, village="99.01.01.1001")
    await closed(evaluation, shift=shift, village="99.01.02.1001")
    answer = await evaluation.http.get(f"/open-data/{month_alone}")
    assert answer.status_code == 200, answer.text
    data = answer.json()
    assert (data["received"], data["satisfaction_answers"]) == (6, 0)
    assert {row["name"]: row["received"] for row in data["by"]["village"]} == {
        "99.01.01.1001": None,
        "99.01.02.1001": None,
    }
    assert [row["received"] for row in data["by"]["channel"]] == [6]
    table = await evaluation.http.get(f"/open-data/{month_alone}/csv")
    assert f"{month_alone},channel,web,received,6" in table.text.splitlines()


async def test_a_month_that_is_not_over_is_not_published(evaluation: Running) -> None:
    running = month_of(datetime.now(UTC), ZONE)
    assert (await evaluation.http.get(f"/open-data/{running}")).status_code == 404
