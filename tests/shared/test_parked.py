"""What services gave up on: listed without its content, and given back so that it takes effect once."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aio_pika
import pytest
import pytest_asyncio
from aio_pika.abc import AbstractIncomingMessage

from shared import parked
from shared.contracts.referral import ReferralDeclined
from shared.handlers import On
from shared.retries import ORIGIN, REASON, Receive, first_published
from shared.settings import Settings
from shared.topology import DELIVERY_LIMIT
from tests.shared.lanes import WIRE, Lanes, consuming, lanes
from tests.shared.tally import SERVICE, asking, new_id, refuse
from tests.support.room import until

NORMAL, URGENT, PARKED = "classification.normal", "classification.urgent", "classification.parked"


@pytest_asyncio.fixture(loop_scope="module")
async def broker(settings: Settings) -> AsyncIterator[Lanes]:
    async with lanes(settings) as made:
        yield made


@pytest.fixture
def url(settings: Settings) -> str:
    return settings.amqp_url.get_secret_value()


async def test_a_list_has_a_line_for_each_message_without_its_content_and_takes_none_away(
    settings: Settings, broker: Lanes, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with consuming(settings, [On(ReferralDeclined, refuse)]):
        sent = [await broker.tell("Budi Santoso"), await broker.tell("Siti Aminah", lane="urgent")]
        await broker.send(b"\x1b]0;hostile", "evil\nid\x1b[2J", wire="type\r\n\x1b[31m")
        await until(lambda: _are(broker, 3), "three are parked")
    capsys.readouterr()
    assert await parked.show(url, [SERVICE, "verification"]) == 3
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    assert len(lines) == 4
    assert lines[-1] == "3 parked"
    assert len([line for line in lines if WIRE in line and "wrong_state" in line]) == 2
    assert {envelope.id for envelope in sent} <= set(printed.split())
    assert not any(secret in printed for secret in ("Budi", "Siti", "hostile", "\x1b"))
    await until(lambda: _are(broker, 3), "they are still there")


async def test_a_message_is_not_used_up_by_being_looked_at(
    settings: Settings, broker: Lanes, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with consuming(settings, [On(ReferralDeclined, refuse)]):
        await broker.tell("Budi Santoso")
        await until(lambda: _are(broker, 1), "it is parked")
    for _ in range(DELIVERY_LIMIT + 5):
        assert await parked.show(url, [SERVICE]) == 1
        # What was looked at is back only when the broker has seen that channel close.
        await until(lambda: _are(broker, 1), "it is back in its place")
    capsys.readouterr()


async def _are(broker: Lanes, count: int) -> bool:
    return await broker.waiting(PARKED) == count


async def test_a_replayed_message_comes_back_to_its_lane_under_its_id_and_takes_effect_once(
    settings: Settings, broker: Lanes, url: str
) -> None:
    came: list[tuple[str | None, str | None, tuple[str, str]]] = []

    def wrap(receive: Receive) -> Receive:
        async def note_and_receive(message: AbstractIncomingMessage) -> None:
            came.append((message.message_id, message.routing_key, first_published(message)))
            await receive(message)

        return note_and_receive

    async with consuming(settings, [On(ReferralDeclined, refuse)]):
        first = await broker.tell("normal", headers={"traceparent": "kept"})
        second = await broker.tell("urgent", lane="urgent")
        await until(lambda: _are(broker, 2), "both are parked")
    assert await parked.replay(url, [SERVICE]) == 2
    assert await parked.replay(url, [SERVICE]) == 0
    assert [await broker.waiting(queue) for queue in (PARKED, NORMAL, URGENT)] == [0, 1, 1]
    async with consuming(settings, wrap=wrap) as (it, _):
        for envelope in (first, second):
            await until(partial(it.row, envelope.subject), "it took effect")
            assert (await it.unit.submit(asking(envelope))).repeated
    key = "referral.declined.{}.v1".format
    assert sorted(came, key=lambda seen: str(seen[1])) == [
        (first.id, NORMAL, ("events", key("normal"))),
        (second.id, URGENT, ("events", key("urgent"))),
    ]


async def test_what_took_effect_before_it_was_parked_takes_none_when_it_is_replayed(
    settings: Settings, broker: Lanes, url: str
) -> None:
    def fail_afterwards(receive: Receive) -> Receive:
        async def receive_and_fail(message: AbstractIncomingMessage) -> None:
            await receive(message)
            raise ConnectionError

        return receive_and_fail

    async with consuming(settings, wrap=fail_afterwards) as (it, _):
        sent = await broker.tell("once", headers={"x-attempt": 99})
        await until(lambda: _are(broker, 1), "it is parked")
        assert (await it.case(sent.subject)).case.notes == ("once",)
    assert await parked.replay(url, [SERVICE]) == 1
    async with consuming(settings) as (it, _):
        last = await broker.tell("last")
        await until(lambda: it.row(last.subject), "the queue was read")
        await until(lambda: _done(broker), "all is acknowledged")
        assert (await it.case(sent.subject)).case.notes == ("once",)


async def _done(broker: Lanes) -> bool:
    return await broker.waiting(NORMAL) == await broker.waiting(PARKED) == 0


async def test_what_the_broker_gave_up_on_is_listed_and_goes_back_where_it_came_from(
    settings: Settings, broker: Lanes, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = await broker.tell("crashes its reader", lane="urgent")
    queue = await broker.channel.get_queue(URGENT, ensure=False)
    for _ in range(DELIVERY_LIMIT + 1):
        message: AbstractIncomingMessage = await until(lambda: queue.get(fail=False), "it is redelivered")
        await message.nack(requeue=True)
    await until(lambda: _are(broker, 1), "the broker parked it")
    await parked.show(url, [SERVICE])
    assert "delivery limit" in capsys.readouterr().out
    assert await parked.replay(url, [SERVICE]) == 1
    again = await broker.take(URGENT)
    assert (again.message_id, again.body) == (sent.id, sent.model_dump_json().encode())
    assert first_published(again) == ("events", "referral.declined.urgent.v1")


@pytest.mark.parametrize("origin", ["verification.normal", "no such queue", "", 5, None])
async def test_a_sender_cannot_choose_the_queue_of_a_replay(broker: Lanes, url: str, origin: Any) -> None:
    headers = {ORIGIN: origin, REASON: "x"} if origin is not None else {}
    message = aio_pika.Message(b"{}", message_id="chosen", headers=headers)
    await broker.channel.default_exchange.publish(message, PARKED)
    assert await parked.replay(url, [SERVICE]) == 1
    assert (await broker.take(NORMAL)).message_id == "chosen"


async def test_a_replay_that_is_cut_short_leaves_the_rest_parked(broker: Lanes, url: str) -> None:
    for n in range(3):
        message = aio_pika.Message(b"{}", message_id=f"{n}", headers={ORIGIN: URGENT if n == 1 else NORMAL})
        await broker.channel.default_exchange.publish(message, PARKED)
    await broker.delete(URGENT)
    with pytest.raises(aio_pika.exceptions.DeliveryError):
        await parked.replay(url, [SERVICE])
    await until(lambda: _are(broker, 2), "the others are still parked")
    assert await broker.waiting(NORMAL) == 1


@pytest.mark.parametrize("arguments", [[], ["drop"], ["list", "no-such-service"], ["replay", SERVICE, "typo"]])
def test_a_wrong_command_explains_itself_and_does_nothing(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"usage: .*classification"):
        parked._main(arguments)


async def test_the_command_line_uses_the_settings(
    broker: Lanes, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADUAN_AMQP_URL", url)
    await broker.channel.default_exchange.publish(aio_pika.Message(b"{}", message_id=new_id()), PARKED)
    await asyncio.to_thread(parked._main, ["list"])
    await asyncio.to_thread(parked._main, ["replay", SERVICE])
    assert capsys.readouterr().out.splitlines()[1:] == ["1 parked", "1 replayed"]
