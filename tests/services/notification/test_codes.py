"""One-time codes: sent at once, to the phone or mailbox that they are to prove, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notification.codes import send_code
from services.notification.delivery import Claim, claim
from services.notification.domain import Correspondence, prefer
from services.notification.message import CODE, Message
from services.notification.preferences import Preferences, Quiet
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Envelope
from shared.contracts.intake import ContactCodeIssued
from shared.contracts.notification import NotificationFailed, NotificationSent
from shared.contracts.refusals import TooEarly
from tests.services.notification.conftest import Gateway, Mails
from tests.services.notification.reporters import by_mail, by_sms
from tests.services.notification.samples import NIGHT, NOON, OWN, POLICY, said, submitted, told
from tests.support.room import Running, until

VALID = timedelta(minutes=10)


def issued(id_: str = "event-1", at: datetime = NOON, medium: Any = "sms") -> Envelope[Any]:
    data = ContactCodeIssued(medium=medium, expires_at=at + VALID, sealed=Sealed(notice=f"sealed-{id_}"))
    return Envelope[Any](
        id=id_, type=data.wire, source="intake", subject=OWN, time=at, sequence=2, polres="polres-sukamaju",
        lane="normal", data=data,
    )  # fmt: skip


def known(**changes: Any) -> Correspondence:
    return replace(told(said(submitted())), messages=(), due=None, **changes)


def codes(case: Correspondence | None) -> list[Message]:
    assert case is not None
    return [message for message in case.messages if message.template == CODE]


def sending(case: Correspondence | None, *messages: Envelope[Any], now: datetime = NOON) -> Correspondence:
    for message in messages:
        case = send_code(case, message, now).case
    assert case is not None
    return case


def test_a_code_is_queued_for_its_medium_and_due_at_once() -> None:
    (code,) = codes(sending(known(), issued(medium="email")))
    assert (code.medium, code.due, code.by, code.sealed) == ("email", NOON, NOON + VALID, "sealed-event-1")


def test_the_same_event_again_sends_nothing_more_and_a_late_one_nothing_at_all() -> None:
    once = sending(known(), issued())
    assert sending(once, issued()) == once
    late = known()
    assert sending(late, issued(), now=NOON + VALID) == late


def test_a_newer_code_takes_the_place_of_one_that_is_not_under_way_in_any_order() -> None:
    older, newer = issued("event-1"), issued("event-2", NOON + timedelta(minutes=2))
    for order in ((older, newer), (newer, older)):
        assert [code.sealed for code in codes(sending(known(), *order))] == ["sealed-event-2"]


def test_a_code_of_a_complaint_that_is_not_here_yet_waits() -> None:
    with pytest.raises(TooEarly):
        send_code(None, issued(), NOON)


@pytest.mark.parametrize("wishes", [Preferences("email"), Preferences("none"), Preferences(stopped=True)])
def test_no_wish_and_no_quiet_hour_keeps_a_code_back(wishes: Preferences) -> None:
    quiet = replace(wishes, quiet=Quiet("20:00", "08:00"))
    case = sending(known(), issued(at=NIGHT), now=NIGHT)
    after = prefer(POLICY, case, Command("c-1", OWN, "polres-sukamaju", quiet), NIGHT).case
    assert codes(after) == codes(case)
    assert after is not None
    command = Command("c-2", OWN, "polres-sukamaju", Claim("me", "sms"))
    (code,) = codes(claim(POLICY, after, command, NIGHT, {OWN: quiet}).case)
    assert (code.status, code.claim) == ("attempting", "me")


async def test_a_code_reaches_the_phone_and_says_nothing_else(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    await notification.says(NotificationSent, reporter.complaint)
    await notification.hear(_now(reporter.seal("493827"), "sms"), reporter.complaint, sequence=2)
    await notification.says(NotificationSent, reporter.complaint, 2)
    texts = [message["text"] for message in await gateway.taken(to=reporter.number)]
    assert "493827 adalah kode Anda" in texts[-1]
    assert not any(told in texts[-1] for told in (reporter.code, reporter.complaint, "2811"))
    row = await notification.room.store().collection.find_one({"_id": reporter.complaint})
    assert "493827" not in str(row)


async def test_a_code_reaches_the_mailbox_and_is_not_in_its_subject(notification: Running, mails: Mails) -> None:
    reporter = by_mail(notification)
    await reporter.hears(reporter.submission(language="en"))
    await notification.says(NotificationSent, reporter.complaint)
    await notification.hear(_now(reporter.seal("493828"), "email"), reporter.complaint, sequence=2)
    await until(lambda: len(mails.to(reporter.address)) == 2, "the code is there")
    mail = mails.to(reporter.address)[-1]
    assert "493828" in mail.text
    assert "493828" not in mail.subject


async def test_a_code_is_never_sent_after_its_time(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    await notification.says(NotificationSent, reporter.complaint)
    await gateway.behave(busy=1, retry_after=2)
    soon = _now(reporter.seal("493829"), "sms", timedelta(seconds=2))
    await notification.hear(soon, reporter.complaint, sequence=2)
    failed = await notification.says(NotificationFailed, reporter.complaint)
    assert failed.data.reason == "expired"
    assert len(await gateway.taken(to=reporter.number)) == 1


def _now(sealed: str, medium: Any, valid: timedelta = VALID) -> ContactCodeIssued:
    return ContactCodeIssued(medium=medium, expires_at=datetime.now(UTC) + valid, sealed=Sealed(notice=sealed))
