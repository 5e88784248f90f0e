"""Events that are committed and not yet out: while the broker is away, after a crash, and when they are sent again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared import bus, topology
from shared.clock import GRACE, relay
from shared.operation import Outcome
from shared.settings import Settings
from shared.telemetry import OUTBOX_AGE
from tests.shared.lanes import lanes
from tests.shared.proxy import far_broker
from tests.shared.tally import Spy, asking, command, event, new_id, process
from tests.support.room import until


def later() -> datetime:
    return datetime.now(UTC) + GRACE + timedelta(seconds=1)


async def test_while_the_broker_is_away_commands_are_answered_and_the_relay_tells_of_them_afterwards(
    fresh: Settings, spy: Spy
) -> None:
    case_id = new_id()
    async with far_broker(fresh) as (far, cable), process(far) as it:
        await cable.cut()
        await until(lambda: not it.bus.healthy, "the lost connection is noticed")
        outcome = await it.unit.submit(asking(command("kept", case_id)))
        assert outcome.case.notes == ("kept",)
        assert await relay(it.unit, it.bus.publish, later()) == 0
        (kept,) = (await it.row(case_id))["outbox"]
        await cable.mend()
        await until(lambda: it.bus.healthy, "the connection comes back")
        assert await relay(it.unit, it.bus.publish, datetime.now(UTC)) == 0, "within the grace"
        assert await relay(it.unit, it.bus.publish, later()) == 1
        assert (await it.row(case_id))["outbox"] == []
    await until(lambda: spy.of(case_id), "the event")
    assert [(envelope.id, envelope.data.patrol) for envelope in spy.of(case_id)] == [(kept["id"], "kept")]


async def test_a_broker_that_is_there_and_does_not_answer_is_not_waited_for(
    fresh: Settings, spy: Spy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "PUBLISH_SECONDS", 0.3)
    case_id = new_id()
    async with far_broker(fresh) as (far, cable), process(far) as it:
        cable.freeze()
        await it.unit.submit(asking(event("kept", case_id)))
        (kept,) = (await it.row(case_id))["outbox"]
        cable.thaw()
        await until(lambda: spy.of(case_id), "what was sent arrives after all")
        assert await relay(it.unit, it.bus.publish, later()) == 1
        assert (await it.row(case_id))["outbox"] == []
        await until(lambda: len(spy.of(case_id)) == 2, "it was sent again")
    assert {envelope.id for envelope in spy.of(case_id)} == {kept["id"]}


async def test_events_go_out_again_once_their_exchange_is_back(fresh: Settings, spy: Spy) -> None:
    url, cases = fresh.amqp_url.get_secret_value(), [new_id() for _ in range(5)]
    async with process(fresh) as it, lanes(fresh) as broker:
        await (await broker.channel.get_exchange(topology.EVENTS_EXCHANGE)).delete()
        await asyncio.gather(*(it.unit.submit(asking(event("kept", case_id))) for case_id in cases))
        await topology.declare(url)
        sent = 0
        while sent < len(cases):
            await until(lambda: it.bus.healthy, "the channel is open again")
            sent += await relay(it.unit, it.bus.publish, later())
        assert await it.unit.store.unpublished(later(), 10) == []


async def test_an_event_is_dealt_with_even_when_its_own_events_cannot_go_out(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        await it.bus.stop()
        assert not (await it.unit.submit(asking(event("kept", case_id)))).repeated
        assert len((await it.row(case_id))["outbox"]) == 1


async def test_a_repeated_message_sends_what_a_crash_left_in_the_outbox(settings: Settings, spy: Spy) -> None:
    case_id = new_id()
    message = event("left", case_id)
    async with process(settings) as crashed:
        await crashed.bus.stop()
        await crashed.unit.submit(asking(message))
    async with process(settings) as other:
        assert (await other.unit.submit(asking(message))).repeated
        assert (await other.row(case_id))["outbox"] == []
    await until(lambda: spy.of(case_id), "the event")
    assert [envelope.data.patrol for envelope in spy.of(case_id)] == ["left"]


async def test_a_relay_that_repeats_what_was_sent_changes_nothing(fresh: Settings, spy: Spy) -> None:
    case_id = new_id()
    async with process(fresh) as it:
        await it.bus.stop()
        await it.unit.submit(asking(command("sent", case_id)))
        row = await it.row(case_id)
    async with process(fresh) as one, process(fresh) as other:
        for unit, bus in ((one.unit, one.bus), (other.unit, other.bus)):
            await relay(unit, bus.publish, later())
            # As if the process had died between the confirm and the clearing.
            await unit.store.collection.update_one({"_id": case_id}, {"$set": {"outbox": row["outbox"]}})
        await until(lambda: len(spy.of(case_id)) == 2, "both publications")
        assert len({envelope.id for envelope in spy.of(case_id)}) == 1
        assert (await one.case(case_id)).version == 1


async def test_the_relay_tells_how_long_the_oldest_event_has_waited(fresh: Settings) -> None:
    async with process(fresh) as it:
        await it.unit.store.collection.update_many({}, {"$set": {"outbox": []}})
        await it.bus.stop()
        await it.unit.submit(asking(command("old", new_id())))
        await relay(it.unit, it.bus.publish, datetime.now(UTC) + timedelta(seconds=60))
        assert 59 <= OUTBOX_AGE.labels("tallies")._value.get() <= 61
        await it.unit.store.collection.update_many({}, {"$set": {"outbox": []}})
        await relay(it.unit, it.bus.publish, datetime.now(UTC))
        assert OUTBOX_AGE.labels("tallies")._value.get() == 0


async def test_an_events_sequence_follows_its_cause_and_its_case(settings: Settings, spy: Spy) -> None:
    case_id = new_id()
    async with process(settings, started=False) as it:
        outcomes = await it.together(
            asking(event("a", case_id, sequence=7)),
            asking(command("b", case_id)),
            asking(event("c", case_id, sequence=3)),
            asking(event("d", case_id, sequence=20)),
        )
        assert {type(outcome) for outcome in outcomes} == {Outcome}
    await until(lambda: len(spy.of(case_id)) == 4, "the events")
    told = sorted(spy.of(case_id), key=lambda envelope: envelope.sequence)
    assert [(envelope.data.patrol, envelope.sequence) for envelope in told] == [
        ("a", 8),
        ("b", 9),
        ("c", 10),
        ("d", 21),
    ]
