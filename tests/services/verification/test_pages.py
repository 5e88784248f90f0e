"""A verifier's pages: what waits, what the checks found, and what is decided about a report."""

import re
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest
from uuid6 import uuid7

from shared.contracts.verification import (
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintRejected,
    ComplaintVerified,
)
from tests.services.verification.conftest import INSIDE, OUTSIDE, STORY, tell
from tests.support.panels import HTMX, READING, Headers, cases, error_at_field, look, send
from tests.support.room import Running, until

LONG_AGO = datetime.now(UTC) - timedelta(days=1000)


def panel(complaint: str) -> str:
    return f"/verification/panels/{complaint}"


async def waiting(verification: Running, officer: Headers, **facts: Any) -> str:
    """A report that an officer has to look at."""
    complaint = await tell(verification, **{"at": OUTSIDE, **facts})

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


async def test_whoever_types_a_reason_after_the_session_loses_no_other_form_of_the_page(
    verification: Running, officer: Headers
) -> None:
    path = f"{panel(await waiting(verification, officer))}/narrative"
    ended = await look(verification, {}, path, **HTMX, **READING)
    assert (ended.status_code, ended.headers["HX-Retarget"]) == (401, "#notice")
    assert "Sesi Anda berakhir." in ended.text
    assert "HX-Redirect" not in ended.headers
    unread = await look(verification, officer, path, **HTMX, **{"Access-Reason": "x" * 201})
    assert (unread.status_code, unread.headers["HX-Retarget"]) == (422, "#notice")
    opening = await look(verification, {}, panel(path.split("/")[3]), **HTMX)
    assert opening.headers["HX-Redirect"].startswith("/sign-in?to="), "a panel is only read"


async def test_what_is_missing_is_said_at_the_form_that_was_sent_and_at_no_other(
    verification: Running, officer: Headers
) -> None:
    complaint = await waiting(verification, officer, nik="1234")
    assert 'value="who" checked' in (await look(verification, officer, panel(complaint))).text
    typed = {"words": "Apa warna motornya?"}
    refused = await send(verification, officer, panel(complaint), "clarify", **typed)
    assert refused.status_code == 422
    assert error_at_field(refused, "Wajib diisi.")
    assert opened(refused.text) == ["Tanya pelapor"]
    assert refused.text.count("Apa warna motornya?") == 1, "and nothing that was typed is lost"
    assert "checked" not in refused.text, "nor is anything chosen that the officer has not"
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


async def test_a_report_is_linked_to_an_earlier_one_and_leads_there(verification: Running, officer: Headers) -> None:
    told_alike: dict[str, Any] = {"at": INSIDE, "occurred_at": LONG_AGO - timedelta(days=100)}
    first = await tell(verification, **told_alike)
    await verification.says(ComplaintVerified, first)
    second = await waiting(verification, officer, **told_alike)
    emptied = await send(verification, officer, panel(second), "link", to="")
    assert error_at_field(emptied, "Wajib diisi.")
    assert 'name="to" type="text" value=""' in emptied.text
    done = await send(verification, officer, panel(second), "link", to=first)
    assert "Digabung dengan laporan lain" in done.text
    assert f'<dd><a href="/portal/cases/{first}">' in done.text
    assert (await verification.says(ComplaintLinked, second)).data.linked_to == first


async def test_an_earlier_report_that_came_after_the_later_was_checked_is_seen_by_whoever_opens_that(
    verification: Running, officer: Headers
) -> None:
    told_alike: dict[str, Any] = {"occurred_at": LONG_AGO - timedelta(days=200)}
    later = await waiting(verification, officer, **told_alike)
    assert "Tidak ada laporan serupa." in (await look(verification, officer, panel(later))).text
    before = datetime.now(UTC) - timedelta(minutes=5)
    earlier = await waiting(verification, officer, **told_alike, received_at=before, conflicts=("officer-2",))
    shown = (await look(verification, officer, panel(later))).text
    assert "Mirip dengan laporan sebelumnya." in shown
    assert f'href="/portal/cases/{earlier}"' in shown
    assert "Gabungkan dengan laporan sebelumnya" in shown
    detail = await look(verification, officer, f"/complaints/{later}")
    assert detail.json()["suggestion"]["complaint"] == earlier
    assert later not in (await look(verification, officer, panel(earlier))).text.replace(panel(earlier), "")
    named = verification.token("verifier", person="officer-2", units=("polres-sukamaju",))
    assert earlier not in (await look(verification, named, panel(later))).text


async def test_words_for_a_form_that_a_colleague_has_made_pointless_are_shown(
    verification: Running, officer: Headers
) -> None:
    complaint, words = await waiting(verification, officer), "Di gang mana tepatnya?"
    version = re.findall(r'name="version" value="(\d+)"', (await look(verification, officer, panel(complaint))).text)[0]
    question = {"missing": "where", "words": words, "version": version}
    assert "tidak terkirim" not in (await send(verification, officer, panel(complaint), "clarify", **question)).text
    again = await send(verification, officer, panel(complaint), "clarify", **question)
    assert again.status_code == 412
    assert "Tanya pelapor" not in again.text, "it has been asked"
    assert "Yang Anda tulis, tetapi tidak terkirim:" in again.text
    assert again.text.count(words) == 1
    await send(verification, officer, panel(complaint), "verify")
    late = await send(verification, officer, panel(complaint), "reject", reason="incomplete", words=words)
    assert late.status_code == 412
    assert late.text.count(words) == 1


@pytest.mark.parametrize(
    ("move", "form"),
    [
        ("reject", {}),
        ("reject", {"reason": "because", "words": "<b>x</b>"}),
        ("reject", {"reason": "incomplete", "words": "\x00"}),
        ("reject", {"reason": "incomplete", "words": "x" * 20_000}),
        ("clarify", {"missing": ["where", "colour"], "words": "Apa?"}),
        ("link", {"to": "LP/B/000001"}),
        ("link", {"to": str(uuid7())}),
    ],
)
async def test_rubbish_is_refused_at_its_field_and_stands_there_again(
    verification: Running, officer: Headers, move: str, form: dict[str, Any]
) -> None:
    await waiting(verification, officer, occurred_at=LONG_AGO)
    complaint = await waiting(verification, officer, occurred_at=LONG_AGO)  # with a report that it resembles
    refused = await send(verification, officer, panel(complaint), move, **form)
    assert refused.status_code == 422
    assert 'class="error"' in refused.text
    assert len(opened(refused.text)) == 1
    for typed in (form.get("words"), form.get("to")):
        assert not typed or escape(typed) in refused.text
    assert (await look(verification, officer, panel(complaint))).text.count("Menunggu petugas") == 1


async def test_what_is_far_too_large_leaves_the_panel_as_it_is(verification: Running, officer: Headers) -> None:
    complaint = await waiting(verification, officer)
    refused = await send(verification, officer, panel(complaint), "reject", reason="incomplete", words="x" * 100_000)
    assert refused.status_code == 413
    assert refused.headers["HX-Retarget"] == "#notice"
    assert refused.text.startswith('<p class="refused">')


async def test_whoever_it_is_about_finds_nothing(verification: Running, officer: Headers) -> None:
    complaint = await waiting(verification, officer, conflicts=("officer-named",))
    named = verification.token("verifier", person="officer-named", units=("polres-sukamaju",))
    for path, asked in (("worklist", {}), ("worklist", HTMX), ("summary", HTMX)):
        assert complaint not in (await look(verification, named, f"/verification/{path}", **asked)).text
    for path in (panel(complaint), f"{panel(complaint)}/narrative"):
        absent = await look(verification, named, path, **HTMX, **READING)
        assert (absent.status_code, absent.text) == (404, "")
