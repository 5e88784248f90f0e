"""A gateway and a mail server that misbehave as real ones do: never the same message twice, never a status that goes
back."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import uvicorn

from services.notification.main import app
from services.notification.message import Message
from shared.contracts.envelope import Event
from shared.contracts.notification import NotificationFailed, NotificationSent
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, Mails, at_rest, settings_from
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.support.room import Running, running, until


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def notification(surroundings: dict[str, str], receipts_port: int) -> AsyncIterator[Running]:
    """The service twice over, on the same database and queues; one of the two also listens for receipts."""
    settings = settings_from(surroundings)
    first, second = app(settings), app(settings)
    async with AsyncExitStack() as stack:
        started = await stack.enter_async_context(running(first, settings, "notification"))
        await stack.enter_async_context(second.router.lifespan_context(second))
        server = uvicorn.Server(
            uvicorn.Config(second, host="127.0.0.1", port=receipts_port, lifespan="off", log_level="warning")
        )
        serving = asyncio.create_task(server.serve())
        await until(lambda: server.started, "receipts can come in")
        try:
            yield started
        finally:
            server.should_exit = True
            await serving


@pytest_asyncio.fixture(autouse=True)
async def gateway_behaves(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(receipts="never")
    await at_rest(notification)


async def only(reporter: Reporter) -> Message:
    case = await reporter.case()
    assert case is not None
    (message,) = case.messages
    return message


async def becomes(reporter: Reporter, status: str, seconds: float = 25) -> Message:
    async def reached() -> bool:
        case = await reporter.case()
        return case is not None and [message.status for message in case.messages] == [status]

    await until(reached, f"the message becomes {status}", seconds)
    return await only(reporter)


async def said_once(notification: Running, event: type[Event], reporter: Reporter) -> None:
    await notification.says(event, reporter.complaint)
    assert len(notification.of(event, reporter.complaint)) == 1


async def received(notification: Running) -> Reporter:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    return reporter


async def test_two_instances_send_each_message_once(notification: Running, gateway: Gateway) -> None:
    reporters = [by_sms(notification) for _ in range(40)]
    for reporter in reporters:
        await notification.hear(reporter.submission(), reporter.complaint, event_id=f"e-{reporter.complaint}")
        await notification.hear(reporter.submission(), reporter.complaint, event_id=f"e-{reporter.complaint}")
    for reporter in reporters:
        await notification.says(NotificationSent, reporter.complaint)
    await at_rest(notification)
    numbers = [message["to"] for message in await gateway.taken()]
    assert [numbers.count(reporter.number) for reporter in reporters] == [1] * len(reporters)
    assert all(len(notification.of(NotificationSent, r.complaint)) == 1 for r in reporters)


async def test_several_messages_of_one_complaint_are_sent_once_each(notification: Running, gateway: Gateway) -> None:
    first = by_sms(notification)
    followers = [by_sms(notification) for _ in range(15)]
    await first.hears(first.submission())
    for follower in followers:
        await follower.hears(follower.submission(), samples.linked(first.complaint))
    await at_rest(notification)
    await first.hears(samples.assigned())
    await at_rest(notification)
    for follower in followers:
        assert len(await gateway.taken(to=follower.number)) == 3
    assert len(await gateway.taken(to=first.number)) == 2


async def test_a_slow_gateway_is_waited_for(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(delay=0.7, receipts="never")
    reporter = await received(notification)
    assert (await becomes(reporter, "sent")).attempts == 1


async def test_a_gateway_that_says_slow_down_is_obeyed(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(busy=1, retry_after=3, receipts="never")
    reporter = await received(notification)
    message = await becomes(reporter, "sent")
    assert message.attempts == 2
    (taken,) = await gateway.taken(to=reporter.number)
    assert datetime.fromisoformat(taken["at"]) - message.queued_at >= timedelta(seconds=3)


async def test_a_message_that_was_taken_but_never_answered_is_found_again(
    notification: Running, gateway: Gateway
) -> None:
    await gateway.behave(vanish=1, receipts="never")
    reporter = await received(notification)
    message = await becomes(reporter, "sent")
    assert message.attempts == 2
    (taken,) = await gateway.taken(to=reporter.number)
    assert taken["reference"] == message.id
    await said_once(notification, NotificationSent, reporter)


async def test_a_gateway_that_takes_and_then_neither_answers_nor_knows_is_not_given_it_twice(
    notification: Running, gateway: Gateway
) -> None:
    await gateway.behave(delay=1.3, receipts="never")
    reporter = await received(notification)
    message = await becomes(reporter, "failed")
    assert (message.reason, message.attempts) == ("unanswered", 5)
    await gateway.behave(receipts="never")
    assert len(await gateway.taken(to=reporter.number)) == 1
    await said_once(notification, NotificationFailed, reporter)
    assert notification.of(NotificationSent, reporter.complaint) == []


async def test_a_receipt_settles_what_the_gateway_never_answered(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(delay=1.3, receipts="normal")
    reporter = await received(notification)
    await becomes(reporter, "delivered")
    await gateway.behave(receipts="never")
    assert len(await gateway.taken(to=reporter.number)) == 1
    await notification.says(NotificationSent, reporter.complaint)
    assert notification.of(NotificationFailed, reporter.complaint) == []


@pytest.mark.parametrize("receipts", ["normal", "twice"])
async def test_a_delivery_is_noted_however_often_it_is_reported(
    notification: Running, gateway: Gateway, receipts: str
) -> None:
    await gateway.behave(receipts=receipts)
    reporter = await received(notification)
    await becomes(reporter, "delivered")
    await said_once(notification, NotificationSent, reporter)


async def test_a_late_receipt_is_noted_when_it_comes(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(receipts="late")
    reporter = await received(notification)
    await becomes(reporter, "sent")
    message = await becomes(reporter, "delivered")
    assert message.settled_at is not None
    assert message.settled_at - message.queued_at >= timedelta(seconds=4)


async def test_a_message_that_could_not_be_delivered_is_told_as_failed(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(receipts="failed")
    reporter = await received(notification)
    assert (await becomes(reporter, "failed")).reason == "undelivered"
    await said_once(notification, NotificationFailed, reporter)


async def test_a_message_that_the_gateway_refuses_fails_at_once(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(refuse=1, receipts="never")
    reporter = await received(notification)
    message = await becomes(reporter, "failed")
    assert (message.reason, message.attempts) == ("gateway_400", 1)
    assert await gateway.taken(to=reporter.number) == []


async def test_a_gateway_that_stays_busy_is_not_tried_for_ever(notification: Running, gateway: Gateway) -> None:
    await gateway.behave(busy=99, retry_after=0, receipts="never")
    reporter = await received(notification)
    message = await becomes(reporter, "failed")
    assert (message.reason, message.attempts) == ("throttled", 5)


async def test_a_number_gets_so_many_sms_a_day_and_no_more(notification: Running, gateway: Gateway) -> None:
    victim = by_sms(notification)
    others = [by_sms(notification) for _ in range(22)]
    for other in others:
        other.contact = victim.contact
        await notification.hear(other.submission(), other.complaint)
    for other in others:
        await until(
            lambda o=other: (  # type: ignore[misc]
                notification.of(NotificationSent, o.complaint) or notification.of(NotificationFailed, o.complaint)
            ),
            "every message is settled",
            30,
        )
    assert len(await gateway.taken(to=victim.number)) == 20
    refused = [event for other in others for event in notification.of(NotificationFailed, other.complaint)]
    assert [event.data.reason for event in refused] == ["daily_limit"] * 2
    stored = await notification.room.mongo["allowances"].find({}).to_list(None)
    assert victim.number[1:] not in str(stored)


async def test_a_mail_whose_end_is_lost_is_not_sent_again(notification: Running, mails: Mails) -> None:
    reporter = by_mail(notification)
    mails.box.losing.add(reporter.address)
    await reporter.hears(reporter.submission())
    message = await becomes(reporter, "failed")
    assert message.reason == "unanswered"
    assert len(mails.to(reporter.address)) == 1
    await said_once(notification, NotificationFailed, reporter)


@pytest.mark.parametrize(("reply", "status", "attempts"), [("451 later", "sent", 2), ("550 no such user", "failed", 1)])
async def test_a_mail_servers_reply_decides_between_later_and_never(
    notification: Running, mails: Mails, reply: str, status: str, attempts: int
) -> None:
    reporter = by_mail(notification)
    mails.box.replies[reporter.address] = [reply]
    await reporter.hears(reporter.submission())
    assert (await becomes(reporter, status)).attempts == attempts
    assert len(mails.to(reporter.address)) == (1 if status == "sent" else 0)


async def test_what_is_urgent_is_sent_although_the_other_lane_is_held_up(
    notification: Running, gateway: Gateway
) -> None:
    crowd = [by_sms(notification) for _ in range(30)]
    await gateway.behave(delay=0.9, receipts="never")
    for reporter in crowd:
        await notification.hear(reporter.submission(), reporter.complaint)
    urgent = by_sms(notification)
    await notification.hear(urgent.submission(), urgent.complaint, lane="urgent")
    await notification.says(NotificationSent, urgent.complaint)
    waiting = [reporter for reporter in crowd if not notification.of(NotificationSent, reporter.complaint)]
    assert waiting
    for reporter in crowd:
        await notification.says(NotificationSent, reporter.complaint)


async def test_events_in_any_order_end_in_the_same_place(notification: Running) -> None:
    story: list[Any] = [
        samples.verified(),
        samples.classified("P3", "mediation"),
        samples.mediator(),
        samples.session(),
        samples.failed(),
        samples.reclassified("P3", "investigation", reason="mediation_failed"),
        samples.assigned(),
        samples.progressed("A3"),
    ]
    for _ in range(10):
        reporter = by_sms(notification)
        numbered = list(enumerate([reporter.submission(), *story], start=1))
        first, *rest = numbered
        secrets.SystemRandom().shuffle(rest)
        await notification.hear(first[1], reporter.complaint, sequence=first[0])
        await reporter.shown(1)
        envelopes = [samples.said(event, n, subject=reporter.complaint, sequence=n) for n, event in rest]
        for envelope in [*envelopes, *envelopes]:
            await notification.raw(
                envelope.model_dump_json(serialize_as_any=True).encode(), envelope.type, "normal", envelope.id
            )
        await reporter.shown(9)
        await at_rest(notification)
        tracked = await reporter.track()
        assert tracked["status"] == "in_progress"
        case = await reporter.case()
        assert case is not None
        ids = [message.id for message in case.messages]
        assert len(ids) == len(set(ids))
        assert {message.status for message in case.messages} == {"sent"}
