"""The counter's papers, on real servers."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from shared import telemetry
from shared.contracts.intake import ComplaintSubmitted
from tests.services.intake.samples import CANARIES, STORY, spoken
from tests.services.intake.test_service import ABSENT
from tests.support.room import Running

MARKUP = "<b>Budi</b> & <script>alert(1)</script> <para>"


async def write(intake: Running, counter: dict[str, str], **changes: Any) -> dict[str, Any]:
    response = await intake.http.post("/counter/complaints", json=spoken(**changes), headers=counter)
    assert response.status_code == 201, response.text
    receipt: dict[str, Any] = response.json()
    return receipt


async def printed(intake: Running, id_: str, paper: str, who: dict[str, str]) -> str:
    response = await intake.http.get(f"/complaints/{id_}/{paper}.pdf", headers=who)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("attachment")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    return " ".join(text.split())


async def test_a_report_from_the_public_is_of_model_b_and_its_receipt_names_the_reporter(
    intake: Running, counter: dict[str, str]
) -> None:
    taken = await write(intake, counter)
    assert (await intake.says(ComplaintSubmitted, taken["id"])).data.report.model == "B"
    response = await intake.http.get(f"/complaints/{taken['id']}/receipt", headers=counter)
    letter = response.json()
    assert (letter["register_number"], letter["model"]) == (taken["register_number"], "B")
    assert (letter["name"], letter["officer"], letter["office"]) == (CANARIES[0], "officer-counter", "POLRES SUKAMAJU")
    text = await printed(intake, taken["id"], "receipt", counter)
    assert taken["register_number"] in text
    assert CANARIES[0] in text
    assert "03-01-2026 21:30 WIB" in text
    assert STORY not in text, "others may see a receipt"
    assert taken["tracking_code"] not in text


async def test_a_paper_names_the_village_and_shows_no_code(intake: Running, counter: dict[str, str]) -> None:
    taken = await write(intake, counter, where={"village": "99.01.02.1001"})
    for paper in ("receipt", "report"):
        text = await printed(intake, taken["id"], paper, counter)
        assert ("Cibuah, Cibuah Hilir" in text, "99.01.02.1001" in text) == (True, False)


async def test_the_written_report_tells_the_story(intake: Running, counter: dict[str, str]) -> None:
    taken = await write(intake, counter)
    text = await printed(intake, taken["id"], "report", counter)
    assert all(told in text for told in (STORY, CANARIES[0], CANARIES[1], "Model B", taken["register_number"]))


async def test_an_officers_own_finding_is_of_model_a_without_reporter_and_receipt(
    intake: Running, counter: dict[str, str]
) -> None:
    taken = await write(intake, counter, own_finding=True, reporter={})
    report = (await intake.says(ComplaintSubmitted, taken["id"])).data.report
    assert (report.model, report.author, report.sealed.identity) == ("A", "officer-counter", None)
    assert taken["register_number"].startswith("LP/A/")
    text = await printed(intake, taken["id"], "report", counter)
    assert "Model A" in text
    assert "Nama pelapor" not in text
    refused = await intake.http.get(f"/complaints/{taken['id']}/receipt", headers=counter)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:aduan:problem:no_reporter")


async def test_what_a_reporter_wrote_is_printed_and_never_read_as_markup(
    intake: Running, counter: dict[str, str]
) -> None:
    taken = await write(intake, counter, what=MARKUP, reporter={"name": MARKUP, "address": "Ḥasan’s “Ünïcode” 😀"})
    for paper in ("receipt", "report"):
        assert MARKUP in await printed(intake, taken["id"], paper, counter)


async def test_a_long_story_runs_over_several_pages(intake: Running, counter: dict[str, str]) -> None:
    taken = await write(intake, counter, what="kata " * 1900 + "selesai")
    assert "selesai" in await printed(intake, taken["id"], "report", counter)


@pytest.mark.parametrize("paper", ["receipt", "receipt.pdf", "report.pdf"])
async def test_papers_are_for_the_counter_of_this_office_and_not_for_those_whom_the_report_is_about(
    intake: Running, counter: dict[str, str], verifier: dict[str, str], paper: str
) -> None:
    taken = await write(intake, counter, conflicts=["officer-7"])
    path = f"/complaints/{taken['id']}/{paper}"
    assert (await intake.http.get(path)).status_code == 401
    assert (await intake.http.get(path, headers=verifier)).status_code == 403
    other = intake.token("counter_officer", person="officer-9", units=("polres-lain",))
    named = intake.token("counter_officer", person="officer-7", units=("polres-sukamaju",))
    for headers in (other, named):
        hidden = await intake.http.get(path, headers=headers)
        assert (hidden.status_code, hidden.json()) == (404, ABSENT)


async def test_who_prints_a_paper_is_recorded(
    intake: Running, counter: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await write(intake, counter)
    recorded: list[Any] = []
    monkeypatch.setattr(telemetry.log, "warning", lambda event, **facts: recorded.append((event, facts)))
    await printed(intake, taken["id"], "receipt", counter)
    facts = {"person": "officer-counter", "complaint": taken["id"], "reason": "counter_papers"}
    assert ("sealed_read", facts) in recorded
