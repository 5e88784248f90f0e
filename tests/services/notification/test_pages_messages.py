"""The panel with what the reporter was told: every code in words, failures marked, nothing of whom it went to."""

import re
from typing import get_args

import httpx
import pytest

from services.notification import news
from services.notification.message import CODE, MOVES
from services.notification.messages_wordings import MARKS, MEDIA, STATES, TELLINGS, reason_words
from services.notification.words import table
from shared.contracts.notification import Medium, NotificationFailed, NotificationSent
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway
from tests.services.notification.reporters import Reporter, by_mail, by_sms, sent
from tests.support.room import Running

STAFF = ("polres-sukamaju",)


async def panel(notification: Running, reporter: Reporter, language: str = "id") -> httpx.Response:
    return await notification.http.get(
        f"/notification/panels/{reporter.complaint}",
        headers={
            "Authorization": notification.token("verifier", units=STAFF)["Authorization"],
            "Cookie": f"language={language}",
        },
    )


async def test_the_panel_tells_what_was_sent_and_never_to_which_number(notification: Running) -> None:
    reporter, _ = await sent(notification)
    shown = await panel(notification, reporter)
    assert shown.status_code == 200
    for words in ("Kabar untuk pelapor", "Laporan diterima", "SMS", "Terkirim", "Yang dibaca pelapor"):
        assert words in shown.text
    assert reporter.number not in shown.text
    assert reporter.code not in shown.text
    assert "Report received" in (await panel(notification, reporter, "en")).text


async def test_what_failed_is_marked_and_says_why(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await gateway.behave(refuse=1)
    try:
        await reporter.hears(reporter.submission())
        await notification.says(NotificationFailed, reporter.complaint)
    finally:
        await gateway.behave()
    shown = await panel(notification, reporter)
    assert re.search(r'class="mark late">Gagal</span>\s+Layanan SMS', shown.text), shown.text
    assert "1 kabar tidak sampai" in shown.text


async def test_an_officers_words_to_the_reporter_stay_sealed(notification: Running) -> None:
    reporter = by_mail(notification)
    notice = reporter.seal("Canary words for the reporter alone")
    await reporter.hears(reporter.submission(), samples.assigned(notice=notice))
    assert "Canary" in str(await reporter.track())
    shown = await panel(notification, reporter)
    assert "Canary" not in shown.text
    assert len(re.findall("<li>", shown.text)) == 2


async def test_of_internal_affairs_the_panel_says_only_that_something_happened(notification: Running) -> None:
    reporter = by_mail(notification)
    await reporter.hears(reporter.submission(), samples.registered(), samples.conduct_concluded())
    read = (await reporter.track())["timeline"]
    assert any("pengawasan internal" in line["text"].lower() for line in read)
    shown = await panel(notification, reporter)
    assert "pengawasan internal" not in shown.text.lower()
    assert "pihak yang menangani" in shown.text


async def test_a_follower_whom_the_officer_may_not_know_of_is_not_on_the_panel(notification: Running) -> None:
    first, second = by_sms(notification), by_mail(notification)
    await first.hears(first.submission())
    await second.hears(second.submission(conflicts=("officer-1",)), samples.linked(first.complaint))
    await first.hears(samples.assigned())
    await notification.says(NotificationSent, first.complaint, 3)
    assert "laporan yang digabung" not in (await panel(notification, first)).text
    other = await notification.http.get(
        f"/notification/panels/{first.complaint}",
        headers=notification.token("verifier", person="officer-2", units=STAFF),
    )
    assert "laporan yang digabung" in other.text


def test_every_code_has_words() -> None:
    assert TELLINGS.keys() == {*news.TELLS, news.DIGEST, CODE} == set(table("id")["sms"])
    assert STATES.keys() == MOVES.keys()
    assert MARKS.keys() < STATES.keys()
    assert MEDIA.keys() == set(get_args(Medium))


@pytest.mark.parametrize("reason", ["gateway_400", "mail_server_550", "no_address"])
def test_every_reason_has_words(reason: str) -> None:
    assert reason_words(reason).endswith(".")
    assert "_" not in reason_words(reason)
