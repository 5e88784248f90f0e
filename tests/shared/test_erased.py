"""Erasures outlive the databases: the broker keeps them all, and gives them to every service again."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
import pytest_asyncio

from shared import erased, topology
from shared.contracts import catalogue
from shared.contracts.catalogue import CONSUMERS
from shared.contracts.envelope import Envelope, Lane, routing_key
from shared.contracts.intake import ComplaintErased
from shared.contracts.refusals import Invalid
from shared.settings import Settings
from tests.shared.lanes import Lanes, lanes
from tests.shared.tally import event, new_id


@pytest_asyncio.fixture(loop_scope="module")
async def broker(settings: Settings) -> AsyncIterator[Lanes]:
    async with lanes(settings) as made:
        yield made


@pytest.fixture
def url(settings: Settings) -> str:
    return settings.amqp_url.get_secret_value()


def erasure(lane: Lane = "normal") -> Envelope[Any]:
    data = ComplaintErased(reason="retention", register_number="LP/B/000001")
    return event("", new_id(), str(uuid4())).model_copy(update={"type": data.wire, "data": data, "lane": lane})


async def published(broker: Lanes, envelope: Envelope[Any]) -> bytes:
    exchange = await broker.channel.get_exchange(topology.EVENTS_EXCHANGE, ensure=False)
    body = envelope.model_dump_json(serialize_as_any=True).encode()
    message = aio_pika.Message(body, message_id=envelope.id, type=envelope.type)
    await exchange.publish(message, routing_key(envelope.type, envelope.lane))
    return body


async def test_every_erasure_is_kept_and_nothing_else(broker: Lanes, url: str) -> None:
    bodies = [await published(broker, erasure(lane)) for lane in ("normal", "urgent")]
    await broker.tell("something else")
    kept = await erased.erasures(url)
    assert kept[-2:] == bodies
    assert await erased.erasures(url) == kept, "reading takes none away"
    assert all(catalogue.read(ComplaintErased.wire, body) for body in kept)


async def test_each_service_gets_each_erasure_again_in_its_lane_under_its_own_id(broker: Lanes, url: str) -> None:
    told = [erasure("normal"), erasure("urgent")]
    bodies = [envelope.model_dump_json(serialize_as_any=True).encode() for envelope in told]
    await broker.empty()
    assert await erased.again(url, [*bodies, bodies[0]]) == 2
    for service in CONSUMERS:
        for envelope, body in zip(told, bodies, strict=True):
            message = await broker.take(topology.lane_queue(service, envelope.lane))
            assert (message.body, message.message_id, message.type) == (body, envelope.id, envelope.type)


async def test_a_file_that_holds_anything_else_is_refused_before_anything_is_told(broker: Lanes, url: str) -> None:
    await broker.empty()
    good = erasure().model_dump_json(serialize_as_any=True).encode()
    for bad in (b"", b"{}", b"Canary"):
        with pytest.raises(Invalid):
            await erased.again(url, [good, bad])
    assert await broker.waiting("intake.normal") == 0


def test_the_stream_forgets_nothing() -> None:
    (stream,) = (queue for queue in topology.topology().queues if queue.name == topology.ERASED_STREAM)
    assert stream.arguments == {"x-queue-type": "stream"}
    assert stream.bindings == (("events", "complaint.erased.*.v1"), ("queues", "erased"))
