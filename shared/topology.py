"""Everything that exists on the broker, in one place. Services only use what is declared here.

`python -m shared.topology print` shows it; `declare` creates it, which is safe to repeat.

- `events` (topic): every event, by `<type>.<lane>.v<N>`. A stream bound to all of it is the audit; another keeps for
  ever which complaints were erased.
- `<service>.<lane>`: a quorum queue for each lane of each service.
- `queues` (topic): each queue by its own name, for whoever has something for one queue alone.
- `retry.<seconds>s` (topic): queues that hold a message for that long and give it back to the lane named by its routing
  key, through `queues`.
- `<service>.parked`: what a service gave up on, for a person to look at and replay.
- `submissions` (topic): submit commands of partner channels, by `<channel>.submit.<lane>`.
- `channel.<name>.replies`: receipts and problems for one partner channel.
- `agency-replies` (topic): answers of partner agencies, by `<agency>.reply.<lane>`.
- `partner.<agency>.referrals`: what one partner agency is told of its referrals. Nothing in it expires.

RabbitMQ limits routing keys on topic exchanges alone. So all are, and `queues` takes the place of the default exchange,
where whoever may write at all may write to any queue. `deploy.broker` says who may do what.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel

from shared.contracts.catalogue import CONSUMERS
from shared.contracts.envelope import LANES, routing_key
from shared.settings import BrokerSettings

EVENTS_EXCHANGE = "events"
QUEUES_EXCHANGE = "queues"
SUBMISSIONS_EXCHANGE = "submissions"
AGENCY_REPLIES_EXCHANGE = "agency-replies"
# Where partners write, by the service whose lanes read it: the exchange, and the verb in `<partner>.<verb>.<lane>`.
DOORS: Mapping[str, tuple[str, str]] = {
    "intake": (SUBMISSIONS_EXCHANGE, "submit"),
    "referral": (AGENCY_REPLIES_EXCHANGE, "reply"),
}
AUDIT_STREAM = "audit"
ERASED_STREAM = "erased"
STREAMS = (AUDIT_STREAM, ERASED_STREAM)
RETRY_SECONDS = (5, 60, 900)
DELIVERY_LIMIT = 20  # redeliveries after a crash; 3.10 has no limit of its own, 4.x has this one
AUDIT_AGE = "30D"

_QUORUM: Mapping[str, Any] = {
    "x-queue-type": "quorum",
    "x-delivery-limit": DELIVERY_LIMIT,
    "x-overflow": "reject-publish",
}
# What is parked or answered is looked at and handed out again and again, which counts as a redelivery each time: with a
# limit, the broker would throw it away for having been looked at. 4.x has one unless another is named.
_KEPT: Mapping[str, Any] = {**_QUORUM, "x-delivery-limit": 2**31 - 1}


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue, its arguments, and the (exchange, routing key) pairs that fill it."""

    name: str
    arguments: Mapping[str, Any]
    bindings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Topology:
    exchanges: tuple[str, ...]
    queues: tuple[Queue, ...] = field(default=())


def lane_queue(service: str, lane: str) -> str:
    return f"{service}.{lane}"


def parked_queue(service: str) -> str:
    return f"{service}.parked"


def retry_exchange(seconds: int) -> str:
    return f"retry.{seconds}s"


def replies_queue(channel: str) -> str:
    return f"channel.{channel}.replies"


def referrals_queue(agency: str) -> str:
    return f"partner.{agency}.referrals"


def agency_user(agency: str) -> str:
    """The user that an agency's messages come from, which the broker vouches for where a message names one."""
    return f"agency-{agency}"


def topology(channels: tuple[str, ...] = (), agencies: tuple[str, ...] = ()) -> Topology:
    """All exchanges and queues, with a queue for each partner channel and each partner agency."""
    doors, tiers = (exchange for exchange, _ in DOORS.values()), map(retry_exchange, RETRY_SECONDS)
    exchanges = EVENTS_EXCHANGE, QUEUES_EXCHANGE, *doors, *tiers
    everything = (EVENTS_EXCHANGE, "#"), _by_name(AUDIT_STREAM)
    erasures = (EVENTS_EXCHANGE, "complaint.erased.*.v1"), _by_name(ERASED_STREAM)
    queues = [
        Queue(AUDIT_STREAM, {"x-queue-type": "stream", "x-max-age": AUDIT_AGE}, everything),
        # Without an age: a backup of any age may be restored, and has to be told again what was erased since.
        Queue(ERASED_STREAM, {"x-queue-type": "stream"}, erasures),
    ]
    for seconds in RETRY_SECONDS:
        # Dead-lettering with the original routing key leads back to the lane that it names.
        arguments = {
            **_QUORUM,
            "x-message-ttl": seconds * 1000,
            "x-dead-letter-exchange": QUEUES_EXCHANGE,
            "x-dead-letter-strategy": "at-least-once",
        }
        queues.append(Queue(retry_exchange(seconds), arguments, ((retry_exchange(seconds), "#"),)))
    for service, hears in CONSUMERS.items():
        queues += _service_queues(service, hears)
    for name in (*map(replies_queue, channels), *map(referrals_queue, agencies)):
        queues.append(Queue(name, _KEPT, (_by_name(name),)))
    return Topology(exchanges, tuple(queues))


def _by_name(queue: str) -> tuple[str, str]:
    return QUEUES_EXCHANGE, queue


def _service_queues(service: str, hears: tuple[str, ...]) -> list[Queue]:
    parked = parked_queue(service)
    arguments = {
        **_QUORUM,
        "x-dead-letter-exchange": QUEUES_EXCHANGE,
        "x-dead-letter-routing-key": parked,
        "x-dead-letter-strategy": "at-least-once",
    }
    queues = [Queue(parked, _KEPT, (_by_name(parked),))]
    for lane in LANES:
        name = lane_queue(service, lane)
        bindings = [_by_name(name), *((EVENTS_EXCHANGE, routing_key(wire, lane)) for wire in hears)]
        if service in DOORS:
            exchange, verb = DOORS[service]
            bindings.append((exchange, f"*.{verb}.{lane}"))
        queues.append(Queue(name, arguments, tuple(bindings)))
    return queues


async def declare(url: str, channels: tuple[str, ...] = (), agencies: tuple[str, ...] = ()) -> None:
    """Creates what is missing. Raises aio_pika's ChannelPreconditionFailed where something exists otherwise."""
    wanted = topology(channels, agencies)
    async with await aio_pika.connect(url) as connection, await connection.channel() as channel:
        for name in wanted.exchanges:
            await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
        await asyncio.gather(*(_declare_queue(channel, queue) for queue in wanted.queues))


async def _declare_queue(channel: AbstractChannel, queue: Queue) -> None:
    declared = await channel.declare_queue(queue.name, durable=True, arguments=dict(queue.arguments))
    for exchange, key in queue.bindings:
        await declared.bind(exchange, key)


def describe(wanted: Topology) -> str:
    """The topology as text, for people."""
    lines = ["exchanges"]
    lines += [f"  {name} (topic)" for name in sorted(wanted.exchanges)]
    lines.append("queues")
    for queue in wanted.queues:
        arguments = ", ".join(f"{key.removeprefix('x-')}={value}" for key, value in queue.arguments.items())
        lines.append(f"  {queue.name} ({arguments})")
        lines += [f"    ← {exchange}  {key}" for exchange, key in queue.bindings]
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["print"]:
        print(describe(topology()))
    elif sys.argv[1:] == ["declare"]:
        settings = BrokerSettings()
        asyncio.run(declare(settings.amqp_url.get_secret_value(), settings.channels))
    else:
        sys.exit("usage: python -m shared.topology print|declare")
