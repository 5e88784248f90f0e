"""Notification as the world sees it: events in, messages out, the timeline by tracking code."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from uuid6 import uuid7

from shared import tracking
from shared.contracts.notification import NotificationFailed, NotificationSent
from tests.services.notification import samples
from tests.services.notification.conftest import SECRET, Gateway, Mails, at_rest
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.support.room import Running, until

STAFF = ("polres-sukamaju",)


async def test_a_reporter_is_told_by_sms_that_the_report_was_received(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    said = await notification.says(NotificationSent, reporter.complaint)
    assert (said.data.medium, said.data.template) == ("sms", "received")
    (taken,) = await gateway.taken(to=reporter.number)
    assert taken["reference"] == said.data.message
    assert taken["text"] == "Laporan Anda 002811/2026 sudah kami terima. Lacak di aduan.test"


async def test_a_reporter_without_a_phone_is_told_by_mail(notification: Running, mails: Mails) -> None:
    reporter = by_mail(notification)
    await reporter.hears(reporter.submission(language="en"))
    said = await notification.says(NotificationSent, reporter.complaint)
    (mail,) = mails.to(reporter.address)
    assert mail.message_id == f"<{said.data.message}@aduan.test>"
    assert mail.subject == "We have received your report 002811/2026"
    assert "aduan.test" in mail.text


async def test_a_reporter_without_any_contact_has_the_timeline(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.rejected())
    assert await reporter.statuses() == []
    assert [line["key"] for line in (await reporter.track())["timeline"]] == ["received", "rejected"]


async def test_a_whole_story_is_told_in_order_and_each_step_once(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    story = [
        reporter.submission(),
        samples.asked(),
        samples.supplemented(),
        samples.verified(),
        samples.classified(),
        samples.assigned(),
        samples.progressed("A3"),
        samples.concluded(),
    ]
    expected = 0
    for event in story:
        await reporter.hears(event)
        expected += event.wire.split(".")[1] not in ("supplemented", "classified")
        await until(lambda n=expected: len(notification.of(NotificationSent, reporter.complaint)) == n, event.wire)  # type: ignore[misc]
    templates = [said.data.template for said in notification.of(NotificationSent, reporter.complaint)]
    assert templates == ["received", "clarification", "verified", "assigned", "letter", "concluded"]
    assert len(await gateway.taken(to=reporter.number)) == 6


async def test_what_comes_first_and_brings_no_report_waits(notification: Running) -> None:
    reporter = Reporter(notification)
    await notification.hear(samples.assigned(), reporter.complaint, sequence=4)
    await reporter.hears(reporter.submission())

    async def both() -> bool:
        case = await reporter.case()
        return case is not None and {line.key for line in case.timeline} == {"received", "assigned"}

    await until(both, "the early event came back from its retry tier", 20)


async def test_the_same_event_twice_sends_one_message(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    for _ in range(3):
        await notification.hear(reporter.submission(), reporter.complaint, event_id=f"same-{reporter.complaint}")
    await notification.hear(reporter.submission(), reporter.complaint, event_id=f"again-{reporter.complaint}")
    await notification.says(NotificationSent, reporter.complaint)
    await reporter.hears(samples.assigned(), samples.classified())
    await notification.says(NotificationSent, reporter.complaint, 2)
    assert len(await gateway.taken(to=reporter.number)) == 2


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


async def test_whoever_guesses_is_slowed_down_and_whoever_knows_is_not(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission())
    guesses = [tracking.encode(secrets.token_bytes(10)) for _ in range(70)]
    answers = [await notification.http.post("/tracking", json={"code": code}) for code in guesses]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"
    assert (await notification.http.post("/tracking", json={"code": "typo"})).status_code == 404
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


async def test_a_link_to_a_complaint_that_is_not_known_yet_is_borne(notification: Running) -> None:
    reporter = Reporter(notification)
    await reporter.hears(reporter.submission(), samples.linked(str(uuid7())))
    assert (await reporter.track())["status"] == "linked"


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def receipt(message: str, status: str = "delivered", at: str = "2026-11-24T05:00:00+07:00") -> bytes:
    return json.dumps({"reference": message, "status": status, "at": at}).encode()


async def sent(notification: Running) -> tuple[Reporter, str]:
    """Somebody to whom an SMS was sent, and the message's id."""
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    said = await notification.says(NotificationSent, reporter.complaint)
    message: str = said.data.message
    return reporter, message


async def test_receipts_move_a_message_forwards_only(notification: Running) -> None:
    reporter, message = await sent(notification)
    for status in ("delivered", "delivered", "failed"):
        body = receipt(message, status)
        answer = await notification.http.post("/receipts/sms", content=body, headers=signed(body))
        assert answer.status_code == 204
        assert await reporter.statuses() == ["delivered"]
    assert notification.of(NotificationFailed, reporter.complaint) == []


async def test_a_receipt_that_says_failed_is_told_to_staff(notification: Running) -> None:
    reporter, message = await sent(notification)
    body = receipt(message, "failed")
    await notification.http.post("/receipts/sms", content=body, headers=signed(body))
    said = await notification.says(NotificationFailed, reporter.complaint)
    assert (said.data.message, said.data.reason) == (message, "undelivered")


async def test_a_receipt_needs_the_gateways_signature(notification: Running) -> None:
    reporter, message = await sent(notification)
    body = receipt(message)
    forged = [{}, {"X-Signature": ""}, {"X-Signature": "00" * 32}, signed(body, "another secret"), signed(body + b" ")]
    for headers in forged:
        answer = await notification.http.post("/receipts/sms", content=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    garbage = await notification.http.post("/receipts/sms", content=b"{", headers=signed(b"{", "another secret"))
    assert garbage.status_code == 401
    assert await reporter.statuses() == ["sent"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"reference": "x", "status": "delivered", "at": "2026-11-24T05:00:00Z"}',
        receipt(str(uuid4()), "lost"),
        receipt(str(uuid4()), at="2026-11-24T05:00:00"),
        receipt(str(uuid4()))[:-1] + b', "to": "+62812"}',
    ],
)
async def test_a_signed_receipt_that_is_none_is_refused_without_an_echo(notification: Running, body: bytes) -> None:
    answer = await notification.http.post("/receipts/sms", content=body, headers=signed(body))
    assert answer.status_code == 422
    assert "+62812" not in answer.text


async def test_a_receipt_for_an_unknown_message_is_not_found(notification: Running) -> None:
    body = receipt(str(uuid4()))
    assert (await notification.http.post("/receipts/sms", content=body, headers=signed(body))).status_code == 404


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_receipt_from_the_end_of_time_is_borne(notification: Running, at: str) -> None:
    reporter, message = await sent(notification)
    body = receipt(message, at=at)
    assert (await notification.http.post("/receipts/sms", content=body, headers=signed(body))).status_code == 204
    assert await reporter.statuses() == ["delivered"]


async def test_staff_see_what_was_sent_and_never_the_contact(notification: Running) -> None:
    reporter, message = await sent(notification)
    for role in ("verifier", "counter_officer", "unit_head", "chief"):
        answer = await notification.http.get(
            f"/complaints/{reporter.complaint}/messages", headers=notification.token(role, units=STAFF)
        )
        assert answer.status_code == 200
        (row,) = answer.json()["messages"]
        assert (row["id"], row["status"], row["medium"], row["template"]) == (message, "sent", "sms", "received")
        assert row["attempts"] == 1
        assert reporter.number not in answer.text
        assert "contact" not in answer.text


async def test_staff_of_other_units_roles_and_parties_see_nothing(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission(conflicts=("officer-7", "Pidum")))
    url, absent = f"/complaints/{reporter.complaint}/messages", f"/complaints/{uuid7()}/messages"
    known = notification.token("chief", units=STAFF)
    nothing = await notification.http.get(absent, headers=known)
    assert nothing.status_code == 404
    for person, units in (("officer-7", STAFF), ("officer-8", (*STAFF, "Pidum")), ("officer-9", ("polres-lain",))):
        answer = await notification.http.get(url, headers=notification.token("chief", person=person, units=units))
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert (await notification.http.get(url, headers=notification.token("detective", units=STAFF))).status_code == 403
    assert (await notification.http.get(url)).status_code == 401
    assert (await notification.http.get("/complaints/x/messages", headers=known)).status_code == 422
    assert (await notification.http.get(url, headers=known)).status_code == 200


async def test_staff_who_may_not_know_of_a_follower_do_not_see_what_it_was_sent(notification: Running) -> None:
    first, second = by_sms(notification), by_mail(notification)
    await first.hears(first.submission())
    await second.hears(second.submission(conflicts=("officer-7",)), samples.linked(first.complaint))
    await first.hears(samples.assigned())
    await notification.says(NotificationSent, first.complaint, 3)
    url = f"/complaints/{first.complaint}/messages"
    for person, seen in (("officer-7", {first.complaint}), ("officer-1", {first.complaint, second.complaint})):
        answer = await notification.http.get(url, headers=notification.token("chief", person=person, units=STAFF))
        assert {row["recipient"] for row in answer.json()["messages"]} == seen


async def test_lists_are_bounded(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission(), samples.assigned(), samples.concluded())
    url, who = f"/complaints/{reporter.complaint}/messages", notification.token("chief", units=STAFF)
    answer = await notification.http.get(url, params={"limit": 1}, headers=who)
    assert [row["template"] for row in answer.json()["messages"]] == ["concluded"]
    for limit in (0, 201, "x"):
        assert (await notification.http.get(url, params={"limit": limit}, headers=who)).status_code == 422


async def test_personal_data_are_found_nowhere_in_the_clear(
    notification: Running, gateway: Gateway, capfd: pytest.CaptureFixture[str]
) -> None:
    reporter = by_sms(notification)
    reporter.contact["email"] = reporter.address
    words = f"Canary {uuid4().hex}"
    await at_rest(notification)
    await gateway.behave(refuse=1)
    await reporter.hears(reporter.submission(), samples.asked(notice=reporter.seal(words)))
    await notification.says(NotificationFailed, reporter.complaint)
    assert (await reporter.track())["question"]["notice"] == words
    stored = await notification.room.mongo["correspondence"].find_one({"_id": reporter.complaint})
    allowances = await notification.room.mongo["allowances"].find({}).to_list(None)
    metrics = (await notification.http.get("/metrics")).text
    said = [event.model_dump_json() for event in notification.said if event.subject == reporter.complaint]
    out, err = capfd.readouterr()
    assert "message_given_up" in out
    for secret in (reporter.number, reporter.number[3:], reporter.address, reporter.code, words):
        for place in (str(stored), str(allowances), metrics, str(said), out, err):
            assert secret not in place


async def test_the_indexes_serve_the_queries(notification: Running) -> None:
    collection = notification.room.mongo["correspondence"]
    queries: list[dict[str, Any]] = [
        {"case.lane": "urgent", "case.due": {"$lte": datetime.now(UTC)}, "case.messages.medium": "sms"},
        {"case.lookup": "ab" * 32},
        {"case.linked_to": {"$in": [str(uuid7())]}},
        {"case.messages.id": str(uuid4())},
    ]
    for query in queries:
        plan = await collection.find(query).explain()
        assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])
