"""What a tracking code opens, and what it never does."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from uuid6 import uuid7

from shared import tracking
from shared.contracts.complaint import Sealed
from shared.contracts.notification import NotificationSent
from shared.quotas import WRONG_CODES
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, Mails
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.support.room import Running, until


async def test_tracking_shows_plain_words_and_what_is_next(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.verified(), samples.classified(), samples.assigned())
    tracked = await reporter.track()
    assert tracked["register_number"] == samples.REGISTER
    assert (tracked["status"], tracked["text"]) == ("in_progress", "Sedang ditangani")
    assert tracked["next"]["key"] == "letter"
    assert datetime.fromisoformat(tracked["next"]["due"]) == samples.NOON + timedelta(days=3)
    assert [line["text"] for line in tracked["timeline"]][:3] == [
        "Laporan diterima.",
        "Laporan lolos pemeriksaan.",
        "Cara penanganan ditetapkan: penyelidikan.",
    ]
    english = await reporter.track(language="en")
    assert english["timeline"][0]["text"] == "Report received."


async def test_the_code_is_found_however_it_is_typed(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission())
    for typed in (reporter.code, tracking.show(reporter.code), f" {tracking.show(reporter.code).lower()} "):
        assert (await notification.http.post("/tracking", json={"code": typed})).status_code == 200


async def test_a_question_is_shown_with_the_officers_words_to_whoever_has_the_code(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.asked(notice=reporter.seal("Di gang yang mana?")))
    tracked = await reporter.track()
    assert tracked["status"] == "clarification"
    assert tracked["question"]["missing"] == ["where", "when"]
    assert tracked["question"]["texts"] == ["di mana terjadi", "kapan terjadi"]
    assert tracked["question"]["notice"] == "Di gang yang mana?"
    assert tracked["next"] == {
        "key": "answer",
        "text": "Kami menunggu jawaban Anda.",
        "due": tracked["question"]["answer_by"],
    }
    await reporter.hears(samples.supplemented())
    assert (await reporter.track())["question"] is None


async def test_a_notice_that_cannot_be_opened_does_not_cost_the_timeline(notification: Running) -> None:
    reporter, other = Reporter(notification), Reporter(notification)
    await reporter.hears(reporter.submission(), samples.rejected(notice=other.seal("bukan untuk Anda")))
    tracked = await reporter.track()
    assert tracked["timeline"][1]["notice"] is None
    assert "bukan untuk Anda" not in json.dumps(tracked)


UNKNOWN = [
    "",
    "x",
    "-",
    tracking.encode(bytes(range(10))),
    "0" * 16 + "1",
    "😀" * 17,
    "\u0000",
    "A" * 200,
    "{'$ne': 1}",
]


async def test_every_code_that_leads_nowhere_gets_the_same_answer(notification: Running) -> None:
    answers = [await notification.http.post("/tracking", json={"code": code}) for code in UNKNOWN]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("body", [{}, {"code": None}, {"code": {"$ne": ""}}, {"code": ["x"]}, {"code": "x", "case": 1}])
async def test_what_is_no_question_about_a_code_is_refused(notification: Running, body: Any) -> None:
    assert (await notification.http.post("/tracking", json=body)).status_code == 422


async def test_whoever_guesses_is_told_to_stop_and_whoever_knows_is_not(
    notification: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission())
    monkeypatch.setattr(notification.app.state.quotas, "factor", 1)
    guesses = [tracking.encode(secrets.token_bytes(10)) for _ in range(2 * WRONG_CODES.most + 2)]
    answers = [await notification.http.post("/tracking", json={"code": code}) for code in guesses]
    # However they fall into minutes, one of two windows is overfull.
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert {answer.status_code for answer in answers} == {404, 429}
    assert (await reporter.track())["status"] == "received"


async def test_a_linked_report_is_told_through_the_earlier_one_and_neither_leaks(
    notification: Running, gateway: Gateway, mails: Mails
) -> None:
    first, second = by_sms(notification), by_mail(notification)
    first_register = "LP/B/000001/XI/2026/SPKT/POLRES SUKAMAJU"
    await first.hears(first.submission(register_number=first_register), samples.verified(), samples.classified())
    await second.hears(second.submission(language="en"))
    await notification.says(NotificationSent, second.complaint)
    link = samples.linked(first.complaint)
    await second.hears(link.model_copy(update={"report": second.report(language="en")}))
    await notification.says(NotificationSent, second.complaint, 2)
    await first.hears(
        samples.assigned(notice=first.seal("Penyidik Anda: Bripka Contoh")),
        samples.progressed("A4", notice=first.seal("Rahasia pelapor pertama")),
    )
    await until(lambda: len(mails.to(second.address)) == 4, "the follower is told of both steps")
    texts = [f"{mail.subject} {mail.text}" for mail in mails.to(second.address)]
    assert all("002811/2026" in text and "000001" not in text for text in texts)
    assert "there is news" in texts[-1]

    tracked = await second.track()
    assert tracked["joined"] is True
    assert [line["key"] for line in tracked["timeline"]] == ["received", "linked", "assigned", "letter"]
    assert [line["text"] for line in tracked["timeline"]][2:] == [
        "An officer was put in charge of this incident.",
        "There is news about this incident.",
    ]
    assert tracked["status"] == "in_progress"
    shown = json.dumps(tracked)
    for secret in (first.complaint, first_register, "Bripka", "Rahasia", first.number):
        assert secret not in shown
    mine = await first.track()
    assert mine["joined"] is False
    assert mine["timeline"][-1]["notice"] == "Rahasia pelapor pertama"
    assert second.complaint not in json.dumps(mine)
    assert second.address not in json.dumps(await gateway.taken())


async def test_what_happened_to_the_earlier_report_before_the_link_is_not_shown(notification: Running) -> None:
    first, second = Reporter(notification), Reporter(notification)
    await first.hears(first.submission(), samples.classified(), samples.assigned())
    await second.hears(second.submission(), samples.linked(first.complaint))
    tracked = await second.track()
    assert [line["key"] for line in tracked["timeline"]] == ["received", "linked"]
    assert (tracked["status"], tracked["next"]["key"]) == ("linked", "earlier")
    await first.hears(samples.withdrawn(), samples.asked(), samples.supplemented(), samples.concluded())
    tracked = await second.track()
    assert [line["key"] for line in tracked["timeline"]] == ["received", "linked", "concluded"]
    assert (tracked["status"], tracked["next"]["key"]) == ("concluded", "nothing")
    assert tracked["question"] is None


async def test_how_the_earlier_report_was_settled_is_not_told_to_whoever_was_linked_to_it(
    notification: Running,
) -> None:
    first, second = Reporter(notification), Reporter(notification)
    await first.hears(first.submission(), samples.classified("P3", "mediation"), samples.mediator())
    await second.hears(second.submission(language="en"), samples.linked(first.complaint))
    words = first.seal("Kesepakatan: musik berhenti pukul 22.00")
    settled = samples.settled().model_copy(update={"sealed": Sealed(notice=words)})
    await first.hears(samples.session(), settled, samples.feedback())
    mine = await first.track()
    assert [line["key"] for line in mine["timeline"]][-3:] == ["session", "mediation_settled", "feedback"]
    assert (mine["status"], mine["next"]["key"]) == ("settled", "agreement")
    assert mine["timeline"][-2]["notice"] == "Kesepakatan: musik berhenti pukul 22.00"
    tracked = await second.track()
    assert [line["key"] for line in tracked["timeline"]] == ["received", "linked", "mediation_settled"]
    assert (tracked["status"], tracked["next"]["key"]) == ("settled", "nothing")
    assert "musik" not in json.dumps(tracked)
    assert "mediat" not in json.dumps([line["text"] for line in tracked["timeline"]]).lower()
    await first.hears(samples.failed(), samples.reclassified("P3", "investigation", reason="mediation_failed"))
    assert (await second.track())["status"] == "moved"


async def test_a_link_to_a_complaint_that_is_not_known_yet_is_borne(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.linked(str(uuid7())))
    assert (await reporter.track())["status"] == "linked"
