"""A verifier's pages: what waits, what the checks found, and what is decided about a report."""

import re
from typing import Any

from shared.contracts.verification import ComplaintClarificationRequested, ComplaintRejected
from tests.services.verification.conftest import OUTSIDE, STORY, tell
from tests.support.panels import HTMX, READING, Headers, cases, error_at_field, look, send
from tests.support.room import Running, until


def panel(complaint: str) -> str:
    return f"/verification/panels/{complaint}"


async def waiting(verification: Running, officer: Headers, **facts: Any) -> str:
    """A report that an officer has to look at."""
    complaint = await tell(verification, at=OUTSIDE, **facts)

    async def there() -> bool:
        return complaint in (await look(verification, officer, "/verification/worklist")).text

    await until(there, f"{complaint} waits")
    return complaint


def opened(markup: str) -> list[str]:
    """The titles of what stands open in a panel."""
    return re.findall(r"<details open><summary>([^<]+)", markup)


async def test_the_list_keeps_its_filter_in_the_address_by_which_it_is_fetched_anew(
    verification: Running, officer: Headers
) -> None:
    complaint = await waiting(verification, officer)
    for query, there in (("", True), ("?check=", True), ("?check=place", True), ("?check=identity", False)):
        page = await look(verification, officer, f"/verification/worklist{query}")
        assert (complaint in page.text) is there, query
        assert f'hx-get="/verification/worklist{query}"' in page.text
        rows = await look(verification, officer, f"/verification/worklist{query}", **HTMX)
        assert (complaint in rows.text) is there, query
        assert rows.text.startswith('<div id="rows"'), "the list alone"
    assert (await look(verification, officer, "/verification/worklist?check=nothing")).status_code == 422
    summary = await look(verification, officer, "/verification/summary")
    assert re.search(r"[1-9]\d* laporan menunggu", summary.text)
    assert cases(summary) == cases(await look(verification, officer, "/verification/worklist"))[:3]
    assert cases(summary), "what comes first is one step from the desk"


async def test_a_report_is_read_for_a_reason(verification: Running, officer: Headers) -> None:
    complaint = await waiting(verification, officer)
    shown = await look(verification, officer, panel(complaint))
    assert "Di luar wilayah hukum Polres ini." in shown.text
    assert STORY not in shown.text
    unsaid = await look(verification, officer, f"{panel(complaint)}/narrative")
    assert unsaid.status_code == 422
    assert STORY in (await look(verification, officer, f"{panel(complaint)}/narrative", **READING)).text


async def test_what_is_missing_is_said_at_the_form_that_was_sent_and_at_no_other(
    verification: Running, officer: Headers
) -> None:
    complaint = await waiting(verification, officer)
    typed = {"words": "Apa warna motornya?"}
    refused = await send(verification, officer, panel(complaint), "clarify", **typed)
    assert refused.status_code == 422
    assert error_at_field(refused, "Wajib diisi.")
    assert opened(refused.text) == ["Tanya pelapor"]
    assert refused.text.count("Apa warna motornya?") == 1, "and nothing that was typed is lost"
    unsaid = await send(verification, officer, panel(complaint), "clarify", missing="other")
    assert error_at_field(unsaid, "Tulis apa lagi yang ditanyakan kepada pelapor.")
    asked = await send(verification, officer, panel(complaint), "clarify", missing=["what", "other"], **typed)
    assert "Tersimpan." in asked.text
    assert "Menunggu jawaban pelapor" in asked.text
    assert (await verification.says(ComplaintClarificationRequested, complaint)).data.missing == ("what", "other")


async def test_a_rejection_ends_it_and_whoever_comes_later_sees_what_happened(
    verification: Running, officer: Headers
) -> None:
    complaint = await waiting(verification, officer)
    version = re.findall(r'name="version" value="(\d+)"', (await look(verification, officer, panel(complaint))).text)[0]
    done = await send(verification, officer, panel(complaint), "reject", reason="outside_jurisdiction")
    assert "Ditolak" in done.text
    assert "<form hx-post" not in done.text, "nothing is left to decide"
    assert (await verification.says(ComplaintRejected, complaint)).data.officer == "officer-1"
    late = await send(verification, officer, panel(complaint), "verify", version=version)
    assert late.status_code == 412
    assert "Kasus ini sudah berubah" in late.text
    assert opened(late.text) == ["Riwayat"]
    english = await look(verification, officer, panel(complaint), Cookie="language=en")
    assert "Rejected" in english.text


async def test_whoever_it_is_about_finds_nothing(verification: Running, officer: Headers) -> None:
    complaint = await waiting(verification, officer, conflicts=("officer-named",))
    named = verification.token("verifier", person="officer-named", units=("polres-sukamaju",))
    for path, asked in (("worklist", {}), ("worklist", HTMX), ("summary", HTMX)):
        assert complaint not in (await look(verification, named, f"/verification/{path}", **asked)).text
    for path in (panel(complaint), f"{panel(complaint)}/narrative"):
        absent = await look(verification, named, path, **HTMX, **READING)
        assert (absent.status_code, absent.text) == (404, "")
