"""Two lanes on a real broker: parking, retries, readiness, order and a graceful stop."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aio_pika
import pytest_asyncio
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import DeliveryError
from structlog.typing import EventDict

from shared import topology
from shared.bus import PREFETCH
from shared.contracts.envelope import Decision
from shared.contracts.investigation import PatrolArrived
from shared.contracts.referral import ReferralDeclined
from shared.contracts.refusals import TooEarly, Unavailable
from shared.handlers import On
from shared.operation import Message
from shared.retries import ATTEMPT, ORIGIN, PARKED_AT, REASON, Receive
from shared.settings import Settings
from tests.shared.lanes import WIRE, Lanes, consuming, lanes
from tests.shared.proxy import far_broker
from tests.shared.tally import Spy, Tally, asking, command, event, new_id, note, process, refuse
from tests.support.room import until

NORMAL, URGENT, PARKED = "classification.normal", "classification.urgent", "classification.parked"


@pytest_asyncio.fixture(loop_scope="module")
async def broker(settings: Settings) -> AsyncIterator[Lanes]:
    async with lanes(settings) as made:
        yield made


def failing_once(*errors: Exception) -> tuple[Any, list[tuple[str, Any]]]:
    """Lets each message fail with the error whose place its text names, the first time it comes."""
    came: list[tuple[str, Any]] = []

    def wrap(receive: Receive) -> Receive:
        async def fail_first(message: AbstractIncomingMessage) -> None:
            message_id = message.message_id or ""
            came.append((message_id, message.headers.get(ATTEMPT)))
            seen = [id_ for id_, _ in came]
            if seen.count(message_id) == 1:
                raise errors[len(set(seen)) - 1]
            await receive(message)

        return fail_first

    return wrap, came


async def test_a_refused_message_is_parked_at_once_whole_and_without_a_word_of_it_in_the_log(
    settings: Settings, broker: Lanes, lines: list[EventDict]
) -> None:
    async with consuming(settings, [On(ReferralDeclined, refuse)]):
        sent = await broker.tell("Budi Santoso, 0812", headers={"traceparent": "kept"})
        parked = await broker.take(PARKED)
    assert parked.body == sent.model_dump_json().encode()
    assert (parked.message_id, parked.type, parked.delivery_mode) == (sent.id, WIRE, 2)
    assert (parked.headers[REASON], parked.headers[ORIGIN]) == ("wrong_state", NORMAL)
    assert datetime.fromisoformat(str(parked.headers[PARKED_AT])).tzinfo is not None
    assert parked.headers["traceparent"] == "kept"
    assert await broker.waiting(NORMAL) == await broker.waiting("retry.5s") == 0
    (line,) = [line for line in lines if line["event"] == "parked"]
    assert (line["message"], line["reason"]) == (sent.id, "wrong_state")
    assert "Budi" not in str(lines)


async def test_what_failed_for_a_moment_comes_back_from_the_first_tier_under_the_same_id(
    settings: Settings, broker: Lanes, lines: list[EventDict]
) -> None:
    wrap, came = failing_once(ValueError("Budi"), TooEarly("early", "x"), Unavailable("away", "x"), ConnectionError())
    async with consuming(settings, wrap=wrap) as (it, _):
        sent = [await broker.tell(f"{n}", headers={ATTEMPT: "many"}) for n in range(4)]
        await until(lambda: len(came) == 4, "each came once")
        assert await broker.waiting(NORMAL) == 0
        for envelope in sent:
            await until(partial(it.row, envelope.subject), "it took effect", 15)
            assert (await it.case(envelope.subject)).case.notes == (envelope.data.reason,)
    assert Counter(came) == Counter([(e.id, "many") for e in sent] + [(e.id, 1) for e in sent])
    assert await broker.waiting(PARKED) == 0
    assert [line["event"] for line in lines] == ["message_failed"] * 2
    assert "Budi" not in str(lines)


async def test_a_message_that_fails_at_its_last_attempt_is_parked(settings: Settings, broker: Lanes) -> None:
    wrap, _ = failing_once(ValueError(), TooEarly("early", "x"))
    async with consuming(settings, wrap=wrap):
        for reason in ("ValueError", "early"):
            sent = await broker.tell("x", headers={ATTEMPT: len(topology.RETRY_SECONDS)})
            parked = await broker.take(PARKED)
            assert (parked.message_id, parked.headers[REASON]) == (sent.id, reason)


async def test_each_attempt_goes_to_a_longer_tier(settings: Settings, broker: Lanes) -> None:
    wrap, _ = failing_once(*[ValueError()] * 3)
    async with consuming(settings, wrap=wrap):
        for attempt, seconds in enumerate(topology.RETRY_SECONDS):
            sent = await broker.tell("x", headers={ATTEMPT: attempt}, lane="urgent")
            retried = await broker.take(f"retry.{seconds}s")
            assert (retried.message_id, retried.routing_key) == (sent.id, URGENT)
            assert retried.headers[ATTEMPT] == attempt + 1


async def test_another_version_of_a_known_event_waits_for_a_process_that_knows_it(
    settings: Settings, broker: Lanes
) -> None:
    async with consuming(settings):
        await broker.send(event("later", new_id()).model_dump_json().encode(), "later", wire="referral.declined.v2")
        retried = await broker.take(topology.retry_exchange(topology.RETRY_SECONDS[0]))
        assert (retried.message_id, retried.headers[ATTEMPT]) == ("later", 1)


async def test_what_cannot_be_read_is_parked_and_the_next_message_is_processed(
    settings: Settings, broker: Lanes
) -> None:
    text = (envelope := event("unread", new_id())).model_dump_json()
    unreadable = {
        "rubbish": (WIRE, b"\xff\x00 no JSON", "invalid_message"),
        "empty": (WIRE, b"", "invalid_message"),
        "deep": (WIRE, b"[" * 100_000, "invalid_message"),
        "nothing": (WIRE, b"null", "invalid_message"),
        "number": (WIRE, text.replace('"sequence":1', '"sequence":1e999').encode(), "invalid_message"),
        "subject": (WIRE, text.replace(envelope.subject, "../../etc").encode(), "invalid_message"),
        "another's body": ("complaint.verified.v1", text.encode(), "invalid_message"),
        "another's type": (WIRE, text.replace(WIRE, "mediation.failed.v1").encode(), "type_mismatch"),
        "no type": (None, text.encode(), "unknown_type"),
        "unknown type": ("complaint.forgotten.v1", text.encode(), "unknown_type"),
        "long type": ("x" * 255, text.encode(), "unknown_type"),
        "unheard": ("complaint.withdrawn.v1", text.replace(WIRE, "complaint.withdrawn.v1").encode(), "not_heard"),
    }
    async with consuming(settings) as (it, _):
        for name, (wire, body, _reason) in unreadable.items():
            await broker.send(body, name, wire=wire)
        sent = await broker.tell("good")
        await until(lambda: it.row(sent.subject), "the good one took effect")
        parked = [await broker.take(PARKED) for _ in unreadable]
        assert {m.message_id: (m.type, m.body, m.headers[REASON]) for m in parked} == unreadable
        assert await it.row(envelope.subject) is None


async def test_a_message_with_no_id_or_with_odd_headers_is_parked_all_the_same(
    settings: Settings, broker: Lanes
) -> None:
    exchange = await broker.channel.get_exchange(topology.EVENTS_EXCHANGE, ensure=False)
    odd: dict[str, Any] = {ATTEMPT: -(2**40), ORIGIN: ["x"], REASON: {"a": 1}, "x-death": "no", "traceparent": 5}
    async with consuming(settings):
        await exchange.publish(aio_pika.Message(b"{}", headers=odd), "referral.declined.normal.v1")
        parked = await broker.take(PARKED)
    assert (parked.body, parked.headers[ORIGIN], parked.headers[REASON]) == (b"{}", NORMAL, "unknown_type")


async def test_a_publication_that_no_queue_takes_is_reported_and_stays_in_the_outbox(
    settings: Settings, broker: Lanes
) -> None:
    case_id = new_id()
    async with process(settings) as it:
        await it.bus.stop()
        await it.unit.submit(asking(command("left", case_id)))
    async with process(settings) as it:
        left = dict(await it.unit.store.unpublished(datetime.now(UTC), 200))
        await broker.unroute(PatrolArrived.wire)
        try:
            results = await it.bus.publish(left[case_id] * 2)
            assert [isinstance(result, DeliveryError) for result in results] == [True, True]
            outcome = await it.unit.submit(asking(event("more", case_id)))
            assert outcome.case.notes == ("left", "more")
            assert len((await it.row(case_id))["outbox"]) == 2
        finally:
            await topology.declare(settings.amqp_url.get_secret_value())
        assert await it.bus.publish(left[case_id]) == [None]
        assert it.bus.healthy


async def test_readiness_is_lost_with_a_lanes_queue_and_comes_back_with_it(settings: Settings, broker: Lanes) -> None:
    async with consuming(settings) as (it, consumer):
        assert consumer.healthy()
        await broker.delete(URGENT)
        await until(lambda: not consumer.healthy(), "the lost lane is noticed")
        await topology.declare(settings.amqp_url.get_secret_value())
        await until(consumer.healthy, "the lane is read again")
        sent = await broker.tell("after", lane="urgent")
        await until(lambda: it.row(sent.subject), "it took effect")


async def test_an_urgent_message_overtakes_a_backlog_of_normal_ones(settings: Settings, broker: Lanes) -> None:
    opened, order = asyncio.Event(), list[str]()

    async def step(asked: Sequence[tuple[Any, Any]]) -> list[None]:
        if asked[0][0].lane == "normal":
            await opened.wait()
        return [None for _ in asked]

    def decide(case: Tally | None, message: Message, now: datetime, known: None) -> Decision[Tally]:
        order.append(message.lane)
        return Decision(replace(case or Tally(message.polres), notes=("x",)))

    backlog = [broker.tell("slow") for _ in range(300)]
    await asyncio.gather(*backlog)
    async with consuming(settings, [On(ReferralDeclined, decide, step)]) as (it, _):
        urgent = await broker.tell("quick", lane="urgent")
        await until(lambda: it.row(urgent.subject), "the urgent one took effect")
        assert order == ["urgent"]
        opened.set()
        await until(lambda: len(order) == 301, "the backlog is done")


async def test_a_consumer_that_stops_finishes_what_is_under_way_and_leaves_the_rest(
    fresh: Settings, broker: Lanes
) -> None:
    came, done, opened = list[bool | None](), list[str](), asyncio.Event()

    def held(receive: Receive) -> Receive:
        async def wait_and_receive(message: AbstractIncomingMessage) -> None:
            came.append(message.redelivered)
            await opened.wait()
            await receive(message)
            done.append(message.message_id or "")

        return wait_and_receive

    sent = await asyncio.gather(*(broker.tell("x") for _ in range(500)))
    taken = PREFETCH["normal"]
    async with consuming(fresh, wrap=held) as (it, consumer):
        await until(lambda: len(came) == taken, "as many as it takes are under way")
        stopping = asyncio.create_task(consumer.stop())
        await until(lambda: not consumer.healthy(), "it takes no more")
        assert not stopping.done()
        opened.set()
        await stopping
        assert len(done) == await it.unit.store.collection.count_documents({}) == taken
        assert came == [False] * taken, "none of the rest was taken"
    async with consuming(fresh, wrap=held) as (it, _):
        for envelope in sent:
            await until(partial(it.row, envelope.subject), "it took effect")
            assert (await it.row(envelope.subject))["version"] == 1
    # A quorum queue forgets acknowledgements that it has not written yet when their channel closes, and no answer tells
    # when it has; what comes back for that is marked, and takes no effect again.
    assert came.count(False) == 500, "the rest came for the first time"


async def test_several_handlers_of_one_event_take_effect_on_a_case_each(
    settings: Settings, broker: Lanes, spy: Spy
) -> None:
    other = new_id()
    handlers = [On(ReferralDeclined, note), On(ReferralDeclined, note, case_id=lambda envelope: other)]
    async with consuming(settings, handlers) as (it, _):
        sent = await broker.tell("both")
        for case_id in (sent.subject, other):
            await until(partial(spy.of, case_id), "it took effect and told of it")
            assert (await it.case(case_id)).case.notes == ("both",)
    assert len({told.id for case_id in (sent.subject, other) for told in spy.of(case_id)}) == 2


async def test_a_connection_that_breaks_while_messages_are_under_way_loses_and_repeats_nothing(
    settings: Settings, broker: Lanes
) -> None:
    reached, opened = asyncio.Event(), asyncio.Event()

    def held(receive: Receive) -> Receive:
        async def wait_and_receive(message: AbstractIncomingMessage) -> None:
            reached.set()
            await opened.wait()
            await receive(message)

        return wait_and_receive

    sent = await asyncio.gather(*(broker.tell("x") for _ in range(30)))
    async with far_broker(settings) as (far, cable), consuming(far, wrap=held) as (it, consumer):
        await reached.wait()
        await cable.cut()
        await until(lambda: not it.bus.healthy and not consumer.healthy(), "the lost connections are noticed")
        opened.set()
        await cable.mend()
        await until(consumer.healthy, "the lanes are read again")
        for envelope in sent:
            await until(partial(it.row, envelope.subject), "it took effect")
            assert (await it.case(envelope.subject)).case.notes == ("x",)
    assert await broker.waiting(NORMAL) == await broker.waiting(PARKED) == await broker.waiting("retry.5s") == 0
