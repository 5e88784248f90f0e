"""The pages of whoever holds a tracking code: what they show, what they keep, and what they never tell."""

import re
import secrets

import pytest

from services.notification.domain import Correspondence
from shared import live, tracking
from shared.quotas import WRONG_CODES
from shared.tracking_cookie import COOKIE, ENTRY
from tests.services.notification import samples
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.support.holding import browser, error_at, said, send
from tests.support.room import Running

PREFERENCES = f"{ENTRY}/preferences"


async def case_of(reporter: Reporter) -> Correspondence:
    case = await reporter.case()
    assert case is not None
    return case


def ending_in(check: str) -> str:
    """A code with this check character."""
    return next(code for _ in range(10_000) if (code := tracking.encode(secrets.token_bytes(10))).endswith(check))


@pytest.mark.parametrize("check", ["=", "*", "~", "$", "U"])
async def test_a_code_that_is_typed_any_way_is_kept_and_leads_to_the_report(notification: Running, check: str) -> None:
    reporter = Reporter(notification)
    reporter.code = ending_in(check)
    await reporter.hears(reporter.submission(), samples.verified(), samples.classified(), samples.assigned())
    async with browser(notification) as client:
        assert "Kode lacak" in said(await client.get(ENTRY))
        answer = await client.post(ENTRY, data={"code": f" {tracking.show(reporter.code).lower()} "})
        assert (answer.status_code, answer.headers["location"]) == (303, ENTRY)
        kept = answer.headers["set-cookie"].lower()
        assert "httponly" in kept
        assert "samesite=strict" in kept
        assert "max-age=1800" in kept
        page = await client.get(ENTRY)
    text = said(page)
    assert samples.REGISTER in text
    assert "Sedang ditangani" in text
    assert "Petugas yang menangani ditunjuk." in text
    assert "27 Nov 2026 12.00 WIB" in text
    assert page.text.index("Petugas yang menangani ditunjuk.") < page.text.index("Laporan diterima."), "newest first"
    assert reporter.code not in page.text
    assert reporter.complaint not in page.text


async def test_every_code_that_leads_nowhere_is_answered_alike_at_its_field(notification: Running) -> None:
    async with browser(notification) as client:
        answers = []
        for code in ("x", tracking.encode(bytes(range(10))), "0" * 16 + "1", "{'$ne': 1}"):
            answer = await client.post(ENTRY, data={"code": code})
            assert COOKIE not in answer.cookies
            answers.append((answer.status_code, error_at(answer, "code")))
        assert set(answers) == {(404, "Kode ini tidak dikenal. Periksa lagi huruf dan angkanya pada tanda terima.")}
        empty = await client.post(ENTRY, data={"code": " "})
        assert (empty.status_code, error_at(empty, "code")) == (422, "Wajib diisi.")
        english = await client.post(f"{ENTRY}?language=en", data={"code": "x"})
        assert str(error_at(english, "code")).startswith("This code is not known.")


async def test_whoever_guesses_is_told_to_wait(notification: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notification.app.state.quotas, "factor", 1)
    async with browser(notification) as client:
        answers = [await client.post(ENTRY, data={"code": "x"}) for _ in range(2 * WRONG_CODES.most + 2)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert "Tunggu sebentar" in str(error_at(refused, "code"))


async def test_a_code_that_is_kept_and_leads_nowhere_is_forgotten(notification: Running) -> None:
    async with browser(notification, tracking.encode(bytes(10))) as client:
        answer = await client.get(ENTRY)
        assert "Kode lacak" in said(answer)
        assert COOKIE not in client.cookies


async def test_whoever_has_finished_leaves_nothing_on_the_device(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission())
    async with browser(notification) as client:
        await client.post(ENTRY, data={"code": reporter.code})
        assert COOKIE in client.cookies
        answer = await client.post(f"{ENTRY}/finish")
        assert COOKIE not in client.cookies
        page = said(await client.get(answer.headers["location"]))
        assert "Kode lacak sudah dihapus dari perangkat ini." in page
        assert samples.REGISTER not in page


async def test_without_a_code_reading_leads_to_where_it_is_typed(notification: Running) -> None:
    async with browser(notification) as client:
        for path in (PREFERENCES, f"{ENTRY}/report", f"{ENTRY}/question", f"{ENTRY}/live"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, ENTRY)
            part = await client.get(path, headers={"HX-Request": "true"})
            assert (part.status_code, part.text) == (404, "")
        sent = await send(client, PREFERENCES, channel="none")
        assert sent.status_code == 404
        assert "Kode lacak tidak lagi disimpan di perangkat ini." in said(sent)


async def test_another_site_cannot_act_with_the_code_that_is_kept(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission())
    async with browser(notification, reporter.code) as client:
        foreign = await client.post(PREFERENCES, data={"key": "12345678"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403


async def test_a_question_is_shown_with_its_words_its_date_and_the_way_to_answer(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.asked(notice=reporter.seal("Di gang <yang> mana?")))
    async with browser(notification, reporter.code) as client:
        page = await client.get(ENTRY)
        assert "Di gang &lt;yang&gt; mana?" in page.text
        assert "di mana terjadi" in page.text
        assert 'href="/intake/track/add"' in page.text
        beside = await client.get(f"{ENTRY}/question", headers={"HX-Request": "true"})
        assert beside.text.startswith("<section")
        assert "Di gang &lt;yang&gt; mana?" in beside.text
        assert "/intake/" not in beside.text
        english = await client.get(f"{ENTRY}?language=en")
        assert "We need your answer" in said(english)
        assert "where it happened" in english.text
        await reporter.hears(samples.supplemented())
        assert (await client.get(f"{ENTRY}/question", headers={"HX-Request": "true"})).status_code == 404


async def test_who_handles_it_stands_at_the_top_until_it_is_given_back(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(
        reporter.submission(),
        samples.verified(),
        samples.classified(),
        samples.assigned(notice=reporter.seal("Penyidik Anda: Bripka Contoh")),
    )
    async with browser(notification, reporter.code) as client:
        facts = (await client.get(ENTRY)).text.split("<ol", 1)[0]
        assert "Yang menangani" in facts
        assert "Bripka Contoh" in facts
        await reporter.hears(samples.reclassified("P3", "mediation"))
        assert "Yang menangani" not in (await client.get(ENTRY)).text


async def test_the_page_hears_of_what_is_new_and_of_nothing_else(
    notification: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(live, "_LIVES_SECONDS", 0.3)
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission())
    async with browser(notification, reporter.code) as client:
        known = re.findall(r"id: (\w+)", (await client.get(f"{ENTRY}/live")).text)[-1]
        before = {"Last-Event-ID": known}
        await send(client, PREFERENCES, language="en")
        assert "event: changed" not in (await client.get(f"{ENTRY}/live", headers=before)).text
        await reporter.hears(samples.verified())
        assert (await client.get(f"{ENTRY}/live", headers=before)).text.count("event: changed") == 1
        part = await client.get(f"{ENTRY}/report", headers={"HX-Request": "true"})
        assert part.headers["HX-Trigger"] == "tracked"
        assert "Ada kabar baru: Laporan lolos pemeriksaan." in said(part)
        assert "<html" not in part.text


async def test_how_to_be_told_is_chosen_and_shown_again(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    async with browser(notification, reporter.code) as client:
        form = await client.get(PREFERENCES)
        assert 'value="sms"' in form.text
        assert 'value="email"' not in form.text, "what the report does not name is not offered"
        chosen = {"channel": "sms", "language": "en", "quiet_start": "20:00", "quiet_until": "06:30", "stopped": "yes"}
        answer = await send(client, PREFERENCES, **chosen)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{ENTRY}?done=preferences")
        page = said(await client.get(answer.headers["location"]))
        assert "Pilihan Anda tersimpan." in page
        assert "Anda tidak dikirimi kabar." in page
        kept = (await case_of(reporter)).preferences
        assert (kept.channel, kept.language, kept.stopped) == ("sms", "en", True)
        assert kept.quiet is not None
        assert (kept.quiet.start, kept.quiet.until) == ("20:00", "06:30")
        shown = (await client.get(PREFERENCES)).text
        assert 'value="20:00"' in shown
        assert "checked" in shown
        await send(client, PREFERENCES)
        assert (await case_of(reporter)).preferences.quiet is None


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"channel": "sms"}, "channel", "Laporan Anda tidak menyebut cara itu"),
        ({"channel": "pigeon"}, "channel", "Pilih salah satu."),
        ({"quiet_start": "20:00"}, "quiet_until", "Isi kedua jam, atau kosongkan keduanya."),
        ({"quiet_start": "25:00", "quiet_until": "06:00"}, "quiet_start", "Isian ini tidak dapat dibaca"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(
    notification: Running, form: dict[str, str], field: str, words: str
) -> None:
    reporter = by_mail(notification)
    await reporter.hears(reporter.submission())
    async with browser(notification, reporter.code) as client:
        answer = await send(client, PREFERENCES, **form, language="en")
    assert answer.status_code == 422
    assert str(error_at(answer, field)).startswith(words)
    assert '<option value="en" selected>' in answer.text
    assert (await case_of(reporter)).preferences.channel is None


async def test_a_reporter_of_a_linked_report_sees_nothing_of_the_earlier_one_but_its_steps(
    notification: Running,
) -> None:
    first, second = by_sms(notification), by_mail(notification)
    await first.hears(first.submission(register_number="LP/B/000001/XI/2026/SPKT/POLRES SUKAMAJU"), samples.verified())
    await second.hears(second.submission())
    link = samples.linked(first.complaint)
    await second.hears(link.model_copy(update={"report": second.report()}))
    await first.hears(samples.assigned(notice=first.seal("Rahasia pelapor pertama")))
    async with browser(notification, second.code) as client:
        page = await client.get(ENTRY)
    for secret in ("Rahasia", "000001", first.complaint, first.code):
        assert secret not in page.text
    assert "Laporan ini ditangani bersama laporan sebelumnya" in said(page)
