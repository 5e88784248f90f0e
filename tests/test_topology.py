"""Nothing is forgotten: what is said is heard, what is heard is handled, and the broker routes it in both lanes."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from unittest.mock import patch
from uuid import uuid4

import aio_pika
import pytest
import pytest_asyncio
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from deploy.local.layout import service_names
from shared import service as shell
from shared import topology
from shared.contracts.catalogue import CONSUMERS, EVENTS, PRODUCERS
from shared.contracts.envelope import LANES, routing_key
from shared.contracts.intake import ComplaintErased
from shared.handlers import dispatch
from shared.topology import AUDIT_STREAM, EVENTS_EXCHANGE, STREAMS, lane_queue, parked_queue
from tests.support.room import environment, key, until
from tests.support.servers import Servers

ROOT = Path(__file__).parents[1]
SERVICES = service_names()
CHANNELS = ("kelurahan-digital", "other-partner")

# Events that no service acts on: they stand in the audit stream, for the reason given.
AUDIT_ONLY = {
    "finding.raised.v1": "its owner sees it on evaluation's own list of findings",
    "notification.sent.v1": "that a message went out is proof towards the reporter and asks nobody to act",
    "notification.failed.v1": "notification's own list shows it to the officer who then calls the reporter",
}


def test_every_event_is_heard_by_a_service_or_is_for_the_audit_alone() -> None:
    heard = {wire for hears in CONSUMERS.values() for wire in hears}
    unheard, audited = set(EVENTS) - heard, set(AUDIT_ONLY)
    forgotten, outdated = ", ".join(sorted(unheard - audited)), ", ".join(sorted(audited - unheard))
    assert not forgotten, f"add to a service's HEARS, or to AUDIT_ONLY here with the reason: {forgotten}"
    assert not outdated, f"heard by now, or gone; take out of AUDIT_ONLY here: {outdated}"


def test_every_event_that_is_heard_is_said_by_some_other_service() -> None:
    for service, hears in CONSUMERS.items():
        # Whoever says that a complaint is erased hears it too: a database that was restored must be told again.
        own = {event.wire for event in PRODUCERS.get(service, ())} - {ComplaintErased.wire}
        assert set(hears) <= set(EVENTS), f"{service} hears what nobody says"
        assert not set(hears) & own, f"{service} hears itself"
        assert len(hears) == len(set(hears)), f"{service} hears something twice"


def test_there_are_services() -> None:
    assert {"intake", "verification", "classification", "investigation", "notification"} <= set(SERVICES)
    assert set(CONSUMERS) == set(SERVICES), (
        "contracts with HEARS belong to a service that runs, and the other way round"
    )


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_complete(name: str) -> None:
    folder = ROOT / "services" / name
    package = import_module(f"services.{name}")
    contracts = import_module(f"shared.contracts.{name}")
    wanted = {
        f"a docstring in services/{name}/__init__.py: what it decides, hears and says": package.__doc__,
        f"SAYS in shared/contracts/{name}.py": hasattr(contracts, "SAYS"),
        f"HEARS in shared/contracts/{name}.py": hasattr(contracts, "HEARS"),
        f"services/{name}/domain.py": any((folder / core).exists() for core in ("domain.py", "case.py")),
        f"app() in services/{name}/main.py": callable(getattr(import_module(f"services.{name}.main"), "app", None)),
        f"tests/services/{name}/test_….py": any((ROOT / "tests" / "services" / name).glob("test_*.py")),
        f"a row for {name} in README.md's table": f"\n| {name} |" in (ROOT / "README.md").read_text(encoding="utf-8"),
    }
    missing = "; ".join(what for what, there in wanted.items() if not there)
    assert not missing, f"missing: {missing}"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_started_by_compose(name: str) -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    entry = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", compose, re.MULTILINE)
    assert entry, f"compose.yaml has no service {name}: add an entry like the others"
    given = {
        "SERVICE": name,
        "ADUAN_AMQP_URL": f"amqp://{name}:${{{name.upper()}_AMQP_PASSWORD:-}}@rabbitmq:5672/",
        "ADUAN_MONGO_URL": f"mongodb://aduan_{name}:${{{name.upper()}_MONGO_PASSWORD:-}}@mongo:27017/?replicaSet=rs0",
        "ADUAN_SEALING_KEYS": f"${{{name.upper()}_SEALING_KEYS:-}}",
    }
    for variable, value in given.items():
        assert f"{variable}: {value}\n" in entry[1], f"compose.yaml gives {name} another {variable} than {value}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def channel(real_servers: Servers) -> AsyncIterator[AbstractChannel]:
    """A channel to the broker, with every queue there and empty."""
    await topology.declare(real_servers.amqp_url, CHANNELS)
    async with await aio_pika.connect(real_servers.amqp_url) as connection:
        opened = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await _empty(opened)
        yield opened
        await _empty(opened)


async def _empty(channel: AbstractChannel) -> None:
    for queue in topology.topology(CHANNELS).queues:
        if queue.name not in STREAMS:
            await (await channel.get_queue(queue.name, ensure=False)).purge()


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_handles_exactly_what_it_hears(
    name: str, real_servers: Servers, channel: AbstractChannel
) -> None:
    main: ModuleType = import_module(f"services.{name}.main")
    with (
        patch.dict(os.environ, {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(real_servers)}),
        patch.object(shell, "dispatch", wraps=dispatch) as dispatched,
    ):
        app = main.app()
        async with app.router.lifespan_context(app):
            room = app.state.room
            await room.mongo.database.client.drop_database(room.mongo.database.name)
    (_, handlers) = dispatched.call_args.args
    assert {on.event.wire for on in handlers} == set(CONSUMERS[name])
    assert room.name == name, "a service's name, its folder and its queues are one"


async def test_declaring_again_changes_nothing(real_servers: Servers, channel: AbstractChannel) -> None:
    await asyncio.gather(*(topology.declare(real_servers.amqp_url, CHANNELS) for _ in range(3)))
    for queue in topology.topology(CHANNELS).queues:
        await channel.declare_queue(queue.name, passive=True)


@pytest.mark.parametrize("queue", topology.topology(CHANNELS).queues, ids=lambda queue: queue.name)
async def test_the_broker_keeps_a_queue_with_the_arguments_that_it_was_given(
    queue: topology.Queue, real_servers: Servers
) -> None:
    altered = {"x-max-age": "1h"} if queue.name in STREAMS else {"x-delivery-limit": 3}
    async with await aio_pika.connect(real_servers.amqp_url) as connection:
        again = await connection.channel()
        await again.declare_queue(queue.name, durable=True, arguments=dict(queue.arguments))
        with pytest.raises(aio_pika.exceptions.ChannelPreconditionFailed):
            await again.declare_queue(queue.name, durable=True, arguments={**queue.arguments, **altered})


async def test_a_queue_that_exists_otherwise_stops_the_declaration(
    real_servers: Servers, channel: AbstractChannel
) -> None:
    partner = f"t{uuid4().hex[:8]}"
    queue = await channel.declare_queue(topology.replies_queue(partner), durable=True)
    try:
        with pytest.raises(aio_pika.exceptions.ChannelPreconditionFailed):
            await topology.declare(real_servers.amqp_url, (partner,))
    finally:
        await queue.delete()


async def test_each_event_reaches_the_lane_of_whoever_hears_it_and_the_audit(
    real_servers: Servers, channel: AbstractChannel
) -> None:
    await _empty(channel)
    sent = {f"{wire} {lane} {uuid4()}": (wire, lane) for wire in EVENTS for lane in LANES}
    audited: set[str] = set()

    async def audit(message: AbstractIncomingMessage) -> None:
        audited.add(message.message_id or "")
        await message.ack()

    async with await aio_pika.connect(real_servers.amqp_url) as connection:
        reader = await connection.channel()
        await reader.set_qos(prefetch_count=100)
        stream = await reader.get_queue(AUDIT_STREAM)
        await stream.consume(audit, arguments={"x-stream-offset": "next"})
        exchange = await channel.get_exchange(EVENTS_EXCHANGE)
        for message_id, (wire, lane) in sent.items():
            message = aio_pika.Message(b"{}", message_id=message_id)
            await exchange.publish(message, routing_key(wire, lane), mandatory=True)
        await until(lambda: audited >= sent.keys(), "the audit has each of them")
    for service, hears in CONSUMERS.items():
        for lane in LANES:
            expected = sorted(id_ for id_, (wire, in_lane) in sent.items() if wire in hears and in_lane == lane)
            assert sorted(await _taken(channel, lane_queue(service, lane), len(expected))) == expected
        assert await _taken(channel, parked_queue(service), 0) == []


async def _taken(channel: AbstractChannel, name: str, count: int) -> list[str]:
    """The ids of so many messages in a queue, and of one that is there too much."""
    queue = await channel.get_queue(name)
    taken = [await until(lambda: queue.get(no_ack=True, fail=False), f"{name} has {count}") for _ in range(count)]
    more = await queue.get(no_ack=True, fail=False)
    return [message.message_id for message in (*taken, more) if message is not None]


async def test_a_channels_command_reaches_intake_alone_and_its_reply_the_channel_alone(
    channel: AbstractChannel,
) -> None:
    await _empty(channel)
    submissions = await channel.get_exchange(topology.SUBMISSIONS_EXCHANGE)
    for lane in LANES:
        await submissions.publish(aio_pika.Message(b"{}", message_id=lane), f"kelurahan-digital.submit.{lane}")
        assert await _taken(channel, lane_queue("intake", lane), 1) == [lane]
    with pytest.raises(aio_pika.exceptions.DeliveryError):
        await submissions.publish(aio_pika.Message(b"{}"), "kelurahan-digital.cancel.normal")
    reply = aio_pika.Message(b"{}", message_id="reply")
    queues = await channel.get_exchange(topology.QUEUES_EXCHANGE)
    await queues.publish(reply, topology.replies_queue("kelurahan-digital"))
    assert await _taken(channel, topology.replies_queue("other-partner"), 0) == []
    assert await _taken(channel, topology.replies_queue("kelurahan-digital"), 1) == ["reply"]


async def test_an_agencys_answer_reaches_referral_alone_and_its_queue_keeps_whatever_it_is_told(
    real_servers: Servers, channel: AbstractChannel
) -> None:
    agency = f"t{uuid4().hex[:8]}"
    await topology.declare(real_servers.amqp_url, agencies=(agency,))
    await _empty(channel)
    replies = await channel.get_exchange(topology.AGENCY_REPLIES_EXCHANGE)
    for lane in LANES:
        await replies.publish(aio_pika.Message(b"{}", message_id=lane), f"{agency}.reply.{lane}")
        assert await _taken(channel, lane_queue("referral", lane), 1) == [lane]
    with pytest.raises(aio_pika.exceptions.DeliveryError):
        await replies.publish(aio_pika.Message(b"{}"), f"{agency}.submit.normal")
    (queue,) = (q for q in topology.topology(agencies=(agency,)).queues if q.name == topology.referrals_queue(agency))
    assert queue.bindings == ((topology.QUEUES_EXCHANGE, queue.name),)
    assert queue.arguments["x-queue-type"] == "quorum"
    assert not {"x-message-ttl", "x-expires", "x-max-length"} & set(queue.arguments)
    assert await _taken(channel, queue.name, 0) == []
    await (await channel.get_queue(queue.name)).delete(if_unused=False, if_empty=False)


async def test_an_event_of_no_known_kind_is_kept_by_the_audit_and_heard_by_none(channel: AbstractChannel) -> None:
    await _empty(channel)
    exchange = await channel.get_exchange(EVENTS_EXCHANGE)
    for foreign in ("complaint.submitted.v1", "complaint.submitted.normal.v2", "complaint.submitted.normal.v1.x", "x"):
        await exchange.publish(aio_pika.Message(b"{}"), foreign, mandatory=True)
    for queue in topology.topology(CHANNELS).queues:
        if queue.name not in STREAMS:
            assert await _taken(channel, queue.name, 0) == [], queue.name


def test_the_description_names_everything() -> None:
    wanted = topology.topology(CHANNELS)
    text = topology.describe(wanted)
    for name in (*wanted.exchanges, *(queue.name for queue in wanted.queues)):
        assert re.search(rf"^  {re.escape(name)} \(", text, re.MULTILINE), name
    for wire in EVENTS:
        heard = [service for service, hears in CONSUMERS.items() if wire in hears]
        assert text.count(f"  {routing_key(wire, 'urgent')}\n") == len(heard)
    assert json.dumps(text).isprintable()
