"""How a reporter wants to be told, set with the tracking code, and what follows from it."""

import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.notification.delivery import Claim, claim
from services.notification.domain import Correspondence, prefer
from services.notification.message import Message
from services.notification.preferences import Preferences, Quiet
from shared import tracking
from shared.contracts.envelope import Command, Lane
from shared.contracts.notification import NotificationSent
from shared.contracts.refusals import Absent
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, Mails, at_rest
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.services.notification.samples import FOLLOWER, ME, MORNING, NIGHT, NOON, OWN, POLICY, said, told
from tests.support.room import Running, until

QUIET = {"start": "12:00", "until": "13:00"}
WINDOW = timedelta(minutes=3)


def preferring(
    case: Correspondence, now: datetime = NOON, policy: Any = POLICY, lane: Lane = "normal", **wishes: Any
) -> Correspondence:
    command = Command("c", OWN, "polres-sukamaju", Preferences(**wishes), lane=lane)
    after = prefer(policy, case, command, now).case
    assert after is not None
    return after


def claimed(case: Correspondence, medium: Any = "sms", now: datetime = NOON, **wishes: Preferences) -> Correspondence:
    command = Command("c", OWN, "polres-sukamaju", Claim("c", medium))
    after = claim(POLICY, case, command, now, {FOLLOWER.complaint: wishes["follower"]} if wishes else {}).case
    assert after is not None
    return after


def only(case: Correspondence) -> Message:
    (message,) = case.messages
    return message


def held() -> Correspondence:
    return told(said(samples.submitted(), since=NIGHT), now=NIGHT)


def test_what_waits_follows_the_reporters_wishes() -> None:
    message = only(preferring(held(), NIGHT, channel="email", language="en"))
    assert (message.medium, message.language, message.due) == ("email", "en", MORNING)


def test_the_reports_own_language_is_back_when_the_wish_is_gone() -> None:
    case = preferring(preferring(held(), NIGHT, language="en"), NIGHT)
    assert only(case).language == "id"


@pytest.mark.parametrize("wishes", [{"stopped": True}, {"channel": "none"}, {"stopped": True, "channel": "sms"}])
def test_whoever_wants_nothing_gets_nothing_of_what_waits(wishes: dict[str, Any]) -> None:
    case = preferring(held(), NIGHT, **wishes)
    assert (only(case).status, only(case).reason, case.due) == ("dropped", "unwanted", None)


def test_what_was_sent_or_tried_is_left_alone() -> None:
    (message,) = told(said(samples.submitted())).messages
    for tried in (replace(message, status="sent", due=None), replace(message, attempts=1)):
        case = replace(told(said(samples.submitted())), messages=(tried,))
        assert only(preferring(case, stopped=True)) == tried


def test_own_quiet_hours_take_the_place_of_the_offices() -> None:
    never = preferring(held(), NIGHT, quiet=Quiet("00:00", "00:00"))
    assert never.due == NIGHT
    noon = told(said(samples.submitted()))
    assert preferring(noon, quiet=Quiet("11:30", "15:00")).due == NOON + timedelta(hours=3)
    assert preferring(held(), NIGHT, quiet=Quiet("22:00", "05:30")).due == MORNING - timedelta(minutes=90)


def test_new_messages_keep_to_own_quiet_hours() -> None:
    me = replace(ME, quiet=Quiet("11:30", "15:00"))
    assert told(said(samples.submitted()), audience=(me,)).due == NOON + timedelta(hours=3)


@pytest.mark.parametrize("urgency", ["P1", "P2"])
def test_what_is_urgent_breaks_own_quiet_hours_too(urgency: Any) -> None:
    me = replace(ME, quiet=Quiet("00:01", "00:00"))
    case = told(said(samples.classified(urgency), 0), said(samples.assigned(), 1), audience=(me,))
    assert case.due == NOON
    assert preferring(case, quiet=Quiet("00:01", "00:00")).due == NOON


def test_a_digest_that_gathers_goes_on_gathering() -> None:
    policy = replace(POLICY, digest=WINDOW)
    case = replace(told(said(samples.submitted())), messages=())
    (message,) = told(said(samples.submitted()), said(samples.assigned(), 1)).messages[1:]
    waiting = replace(case, messages=(replace(message, due=NOON + WINDOW),))
    assert preferring(waiting, NOON + timedelta(minutes=1), policy, language="en").due == NOON + WINDOW


def test_the_same_wish_again_changes_nothing() -> None:
    case = preferring(held(), NIGHT, stopped=True)
    command = Command("again", OWN, "polres-sukamaju", Preferences(stopped=True))
    assert prefer(POLICY, case, command, MORNING).case is case


def test_there_are_no_wishes_without_a_complaint() -> None:
    with pytest.raises(Absent):
        prefer(POLICY, None, Command("c", OWN, "polres-sukamaju", Preferences()), NOON)


def followed() -> Correspondence:
    """A complaint with a message to a follower, by mail and in English."""
    return replace(told(said(samples.submitted()), said(samples.assigned(), 1), audience=(FOLLOWER,)))


def test_a_followers_wishes_count_when_the_message_is_due() -> None:
    stopped = claimed(followed(), "email", follower=Preferences(stopped=True))
    assert (only(stopped).status, only(stopped).reason) == ("dropped", "unwanted")
    switched = claimed(followed(), "email", follower=Preferences(channel="sms", language="id"))
    message = only(switched)
    assert (message.status, message.medium, message.language, message.due) == ("queued", "sms", "id", NOON)
    assert only(claimed(switched, "sms", follower=Preferences(channel="sms"))).status == "attempting"
    later = claimed(followed(), "email", follower=Preferences(quiet=Quiet("11:00", "13:00")))
    assert (only(later).status, later.due) == ("queued", NOON + timedelta(hours=1))


async def choose(reporter: Reporter, **wishes: Any) -> Any:
    return await reporter.room.http.put("/tracking/preferences", json={"code": reporter.code, **wishes})


async def test_wishes_are_set_with_the_code_and_shown_where_it_leads(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    nothing = {"channel": None, "language": None, "quiet": None, "stopped": False}
    assert (await reporter.track())["preferences"] == nothing
    wishes = {"channel": "sms", "language": "en", "quiet": QUIET, "stopped": False}
    answer = await choose(reporter, **wishes)
    assert (answer.status_code, answer.json()) == (200, wishes)
    tracked = await reporter.track()
    assert tracked["preferences"] == wishes
    assert tracked["text"] == "Received, being checked"
    assert (await reporter.track(language="id"))["text"] == "Diterima, sedang diperiksa"
    assert (await choose(reporter)).json() == nothing


async def test_messages_come_by_the_channel_and_in_the_language_that_were_chosen(
    notification: Running, gateway: Gateway, mails: Mails
) -> None:
    reporter = by_sms(notification)
    reporter.contact["email"] = reporter.address
    await reporter.hears(reporter.submission())
    await notification.says(NotificationSent, reporter.complaint)
    assert (await choose(reporter, channel="email", language="en")).status_code == 200
    await reporter.hears(samples.assigned())
    said_next = await notification.says(NotificationSent, reporter.complaint, 2)
    assert said_next.data.medium == "email"
    (mail,) = mails.to(reporter.address)
    assert mail.subject.startswith("An officer is in charge of your report")
    assert len(await gateway.taken(to=reporter.number)) == 1


async def test_after_stop_nothing_is_sent_till_it_is_undone(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    await notification.says(NotificationSent, reporter.complaint)
    await choose(reporter, stopped=True)
    await reporter.hears(samples.classified("P1"), samples.dispatched(), samples.assigned(), lane="urgent")
    await at_rest(notification)
    assert len(await gateway.taken(to=reporter.number)) == 1
    assert await reporter.statuses() == ["sent"]
    await choose(reporter)
    await reporter.hears(samples.concluded())
    await notification.says(NotificationSent, reporter.complaint, 2)
    texts = [taken["text"] for taken in await gateway.taken(to=reporter.number)]
    assert len(texts) == 2
    assert "selesai" in texts[1]


async def test_whoever_is_told_through_an_earlier_report_is_told_as_wished_too(
    notification: Running, mails: Mails, gateway: Gateway
) -> None:
    first, second, third = by_sms(notification), by_sms(notification), by_sms(notification)
    second.contact["email"] = second.address
    await first.hears(first.submission())
    for follower in (second, third):
        await follower.hears(follower.submission(), samples.linked(first.complaint))
        await notification.says(NotificationSent, follower.complaint, 2)
    await choose(second, channel="email", language="en")
    await choose(third, stopped=True)
    await first.hears(samples.assigned())
    await until(lambda: len(mails.to(second.address)) == 1, "the follower is told by mail")
    await at_rest(notification)
    assert "officer" in mails.to(second.address)[0].subject
    assert len(await gateway.taken(to=third.number)) == 2


REFUSED = [
    ({"channel": "pigeon"}, "channel"),
    ({"language": "fr"}, "language"),
    ({"quiet": {"start": "9", "until": "10:00"}}, "quiet.start"),
    ({"quiet": {"start": "21:00"}}, "quiet.until"),
    ({"quiet": {"start": "21:00", "until": "24:00"}}, "quiet.until"),
    ({"quiet": {"start": "21:00", "until": "07:00\n"}}, "quiet.until"),
    ({"quiet": [], "stopped": True}, "quiet"),
    ({"stopped": "perhaps"}, "stopped"),
    ({"case": 1}, "case"),
    ({"channel": "email"}, "channel"),
]


@pytest.mark.parametrize(("wishes", "field"), REFUSED)
async def test_a_wish_that_cannot_be_met_is_refused_by_its_field_and_changes_nothing(
    notification: Running, wishes: dict[str, Any], field: str
) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    answer = await choose(reporter, **{"language": "en", **wishes})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["field"].removeprefix("body.") for error in answer.json()["errors"]] == [field]
    assert (await reporter.track())["preferences"]["language"] is None


async def test_a_code_that_leads_nowhere_changes_nothing_and_gets_the_same_answer_as_tracking(
    notification: Running,
) -> None:
    unknown = tracking.encode(secrets.token_bytes(10))
    answers = [await notification.http.put("/tracking/preferences", json={"code": code}) for code in (unknown, "x", "")]
    answers.append(await notification.http.post("/tracking", json={"code": "x"}))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert (await notification.http.put("/tracking/preferences", json={})).status_code == 422


async def test_a_stale_wish_is_refused(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    body = {"code": reporter.code, "stopped": True}
    answer = await notification.http.put("/tracking/preferences", json=body, headers={"If-Match": '"0"'})
    assert answer.status_code == 412


async def test_neither_code_nor_contact_come_back_with_the_wishes(notification: Running) -> None:
    reporter = by_mail(notification)
    await reporter.hears(reporter.submission())
    answer = await choose(reporter, channel="email")
    assert answer.status_code == 200
    stored = await notification.room.mongo["correspondence"].find_one({"_id": reporter.complaint})
    for place in (answer.text, json.dumps(await reporter.track()), str(stored)):
        assert reporter.address not in place
        assert reporter.code not in place
