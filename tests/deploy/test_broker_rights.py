"""The users of services, tools and partners on the broker can do what they must and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aio_pika
import httpx
import pytest
import pytest_asyncio
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aiormq.exceptions import ChannelAccessRefused
from pydantic import SecretStr

from deploy import broker
from deploy.local.environments import as_user
from shared import topology
from shared.contracts.catalogue import CONSUMERS, EVENTS, PRODUCERS
from shared.contracts.envelope import LANES, routing_key
from shared.topology import AUDIT_STREAM, EVENTS_EXCHANGE, QUEUES_EXCHANGE, STREAMS, SUBMISSIONS_EXCHANGE
from shared.topology import lane_queue as lane
from shared.topology import parked_queue as parked
from tests.support.room import CHANNELS, key
from tests.support.servers import Servers

SERVICES = sorted(CONSUMERS)
OTHER = dict(zip(SERVICES, [*SERVICES[1:], SERVICES[0]], strict=True))
TIER = topology.retry_exchange(topology.RETRY_SECONDS[0])
AGENCY = "damkar-rights"
Attempt = Callable[[AbstractChannel, str], Awaitable[object]]


@pytest.fixture(scope="module")
def accounts(real_servers: Servers) -> broker.AccountSettings:
    """All accounts, made as an operator makes them; made twice, since that must be safe."""
    users = [account.user for account in broker.machine_accounts()]
    settings = broker.AccountSettings(
        amqp_url=SecretStr(real_servers.amqp_url),
        broker_api=SecretStr(real_servers.broker_api),
        channels=CHANNELS,
        amqp_passwords={user: SecretStr(key(user)) for user in users},
        channel_passwords={channel: SecretStr(key(broker.channel_user(channel))) for channel in CHANNELS},
    )
    for _ in range(2):
        broker.apply(settings)
    broker.open_account(settings, broker.agency_account(AGENCY), key(topology.agency_user(AGENCY)))
    return settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def declared(real_servers: Servers, accounts: broker.AccountSettings) -> AsyncIterator[None]:
    """Every queue, declared by the user that is there for it."""
    url = as_user(real_servers.amqp_url, "topology", key("topology"))
    await topology.declare(url, CHANNELS, (AGENCY,))
    yield
    async with await aio_pika.connect(real_servers.amqp_url) as connection:
        channel = await connection.channel()
        for queue in topology.topology(CHANNELS).queues:
            if queue.name not in STREAMS:
                await (await channel.get_queue(queue.name, ensure=False)).purge()
        await channel.queue_delete(topology.referrals_queue(AGENCY))


@asynccontextmanager
async def acting(servers: Servers, user: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(as_user(servers.amqp_url, user, key(user))) as connection:
        yield await connection.channel(publisher_confirms=True)


async def publish(channel: AbstractChannel, exchange: str, routing: str) -> None:
    target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
    await target.publish(aio_pika.Message(b"{}"), routing, mandatory=False)


async def read(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).get(fail=False)


async def consume(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).consume(_taken)


async def _taken(message: AbstractIncomingMessage) -> None:
    await message.ack()


async def bind(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).bind(EVENTS_EXCHANGE, "#")


async def unbind(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).unbind(EVENTS_EXCHANGE, "#")


async def purge(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).purge()


# What no user of a machine may do, whoever it is; a service is tried with all of it.
ANYBODY: dict[str, Attempt] = {
    "bind its lane to all events": lambda c, s: bind(c, lane(s, "normal")),
    "unbind the audit": lambda c, s: unbind(c, AUDIT_STREAM),
    "declare a queue": lambda c, s: c.declare_queue("a-queue-of-its-own"),
    "declare an exclusive queue": lambda c, s: c.declare_queue(exclusive=True),
    "declare an exchange": lambda c, s: c.declare_exchange("an-exchange-of-its-own"),
    "delete its lane": lambda c, s: c.queue_delete(lane(s, "urgent")),
    "delete another's lane": lambda c, s: c.queue_delete(lane(OTHER[s], "urgent")),
    "delete the audit": lambda c, s: c.queue_delete(AUDIT_STREAM),
    "delete the exchange of events": lambda c, s: c.exchange_delete(EVENTS_EXCHANGE),
    "write to its own lane by the default exchange": lambda c, s: publish(c, "", lane(s, "normal")),
    "write to another's lane by the default exchange": lambda c, s: publish(c, "", lane(OTHER[s], "normal")),
    "write past its exchanges": lambda c, s: publish(c, "amq.topic", "x"),
}
SERVICE: dict[str, Attempt] = {
    **ANYBODY,
    "read another's lane": lambda c, s: read(c, lane(OTHER[s], "normal")),
    "consume another's lane": lambda c, s: consume(c, lane(OTHER[s], "urgent")),
    "empty another's lane": lambda c, s: purge(c, lane(OTHER[s], "normal")),
    "read what another gave up on": lambda c, s: read(c, parked(OTHER[s])),
    "read what it gave up on itself": lambda c, s: read(c, parked(s)),
    "read what waits to be tried again": lambda c, s: read(c, TIER),
    "consume the audit": lambda c, s: consume(c, AUDIT_STREAM),
    "read a channel's replies": lambda c, s: read(c, topology.replies_queue(CHANNELS[0])),
    "read an agency's referrals": lambda c, s: read(c, topology.referrals_queue(AGENCY)),
    "say an event that nobody knows": lambda c, s: publish(c, EVENTS_EXCHANGE, "complaint.forged.normal.v1"),
    "say an event of its own on no lane": lambda c, s: publish(c, EVENTS_EXCHANGE, f"{said(s)}.v1"),
    "write to another's lane": lambda c, s: publish(c, QUEUES_EXCHANGE, lane(OTHER[s], "normal")),
    "write to its own lane": lambda c, s: publish(c, QUEUES_EXCHANGE, lane(s, "normal")),
    "write to the audit alone": lambda c, s: publish(c, QUEUES_EXCHANGE, AUDIT_STREAM),
    "park something for another": lambda c, s: publish(c, QUEUES_EXCHANGE, parked(OTHER[s])),
    "send something to another by a retry tier": lambda c, s: publish(c, TIER, lane(OTHER[s], "normal")),
    "park something for another by a retry tier": lambda c, s: publish(c, TIER, parked(OTHER[s])),
    "submit as a channel": lambda c, s: publish(c, SUBMISSIONS_EXCHANGE, f"{CHANNELS[0]}.submit.normal"),
    "answer as an agency": lambda c, s: publish(c, topology.AGENCY_REPLIES_EXCHANGE, f"{AGENCY}.reply.normal"),
}


def said(service: str) -> str:
    return PRODUCERS[service][0].wire.rpartition(".")[0]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("attempt", SERVICE.values(), ids=SERVICE.keys())
async def test_a_service_is_refused_to(declared: None, real_servers: Servers, service: str, attempt: Attempt) -> None:
    async with acting(real_servers, service) as channel:
        with pytest.raises(ChannelAccessRefused):
            await attempt(channel, service)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_says_its_own_events_and_none_of_another(
    declared: None, real_servers: Servers, service: str
) -> None:
    own = {event.wire for event in PRODUCERS[service]}
    async with await aio_pika.connect(as_user(real_servers.amqp_url, service, key(service))) as connection:
        for wire in EVENTS:
            for on in LANES:
                channel = await connection.channel(publisher_confirms=True)
                saying = publish(channel, EVENTS_EXCHANGE, routing_key(wire, on))
                if wire in own:
                    await saying
                    await channel.close()
                else:
                    with pytest.raises(ChannelAccessRefused):
                        await saying


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_reads_its_lanes_tries_again_and_parks(
    declared: None, real_servers: Servers, service: str
) -> None:
    async with acting(real_servers, service) as channel:
        for on in LANES:
            await consume(channel, lane(service, on))
            for seconds in topology.RETRY_SECONDS:
                await publish(channel, topology.retry_exchange(seconds), lane(service, on))
        await publish(channel, QUEUES_EXCHANGE, parked(service))
        await channel.declare_queue(AUDIT_STREAM, passive=True)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("answers", "queue"),
    [("intake", topology.replies_queue(CHANNELS[0])), ("referral", topology.referrals_queue(AGENCY))],
)
async def test_only_the_service_whose_partners_they_are_writes_to_their_queues(
    declared: None, real_servers: Servers, service: str, answers: str, queue: str
) -> None:
    async with acting(real_servers, service) as channel:
        writing = publish(channel, QUEUES_EXCHANGE, queue)
        if service == answers:
            await writing
        else:
            with pytest.raises(ChannelAccessRefused):
                await writing


TOOLS: dict[str, tuple[str, Attempt]] = {
    **{f"topology {name}": ("topology", attempt) for name, attempt in SERVICE.items() if name.startswith("w")},
    "topology say an event": (
        "topology",
        lambda c, s: publish(c, EVENTS_EXCHANGE, routing_key(f"{said(s)}.v1", LANES[0])),
    ),
    "topology read the audit": ("topology", lambda c, s: consume(c, AUDIT_STREAM)),
    "topology read what a service gave up on": ("topology", lambda c, s: read(c, parked(s))),
    "topology read a channel's replies": ("topology", lambda c, s: read(c, topology.replies_queue(CHANNELS[0]))),
    **{f"replay {name}": ("replay", attempt) for name, attempt in ANYBODY.items()},
    "replay say an event": ("replay", lambda c, s: publish(c, EVENTS_EXCHANGE, routing_key(f"{said(s)}.v1", LANES[0]))),
    "replay read a lane": ("replay", lambda c, s: read(c, lane(s, "normal"))),
    "replay write to a partner": ("replay", lambda c, s: publish(c, QUEUES_EXCHANGE, topology.referrals_queue(AGENCY))),
    **{f"rebuild {name}": ("rebuild", attempt) for name, attempt in ANYBODY.items()},
    "rebuild read a lane": ("rebuild", lambda c, s: read(c, lane("evaluation", "normal"))),
    "rebuild write to a lane": ("rebuild", lambda c, s: publish(c, QUEUES_EXCHANGE, lane("evaluation", "normal"))),
    "rebuild say an event": (
        "rebuild",
        lambda c, s: publish(c, EVENTS_EXCHANGE, routing_key(f"{said(s)}.v1", LANES[0])),
    ),
}


@pytest.mark.parametrize(("user", "attempt"), TOOLS.values(), ids=TOOLS.keys())
async def test_a_tool_is_refused_to(declared: None, real_servers: Servers, user: str, attempt: Attempt) -> None:
    async with acting(real_servers, user) as channel:
        with pytest.raises(ChannelAccessRefused):
            await attempt(channel, "verification")


async def test_the_tools_do_their_work(declared: None, real_servers: Servers) -> None:
    async with acting(real_servers, "replay") as channel:
        for service in SERVICES:
            await read(channel, parked(service))
            await publish(channel, QUEUES_EXCHANGE, lane(service, "normal"))
    async with acting(real_servers, "rebuild") as channel:
        await channel.set_qos(prefetch_count=1)
        await consume(channel, AUDIT_STREAM)
        await publish(channel, QUEUES_EXCHANGE, AUDIT_STREAM)


PARTNER: dict[str, Attempt] = {
    **ANYBODY,
    "say an event": lambda c, s: publish(c, EVENTS_EXCHANGE, routing_key(f"{said('intake')}.v1", "normal")),
    "write to a queue": lambda c, s: publish(c, QUEUES_EXCHANGE, lane("intake", "normal")),
    "send something by a retry tier": lambda c, s: publish(c, TIER, lane("intake", "normal")),
    "submit as another channel": lambda c, s: publish(c, SUBMISSIONS_EXCHANGE, f"{CHANNELS[1]}.submit.normal"),
    "answer as another agency": lambda c, s: publish(c, topology.AGENCY_REPLIES_EXCHANGE, "other.reply.normal"),
    "read a lane": lambda c, s: read(c, lane("intake", "normal")),
    "read the audit": lambda c, s: consume(c, AUDIT_STREAM),
    "read another channel's replies": lambda c, s: read(c, topology.replies_queue(CHANNELS[1])),
    "read another agency's referrals": lambda c, s: read(c, topology.referrals_queue("other")),
}


@pytest.mark.parametrize("user", [broker.channel_user(CHANNELS[0]), topology.agency_user(AGENCY)])
@pytest.mark.parametrize("attempt", PARTNER.values(), ids=PARTNER.keys())
async def test_a_partner_is_refused_to(declared: None, real_servers: Servers, user: str, attempt: Attempt) -> None:
    async with acting(real_servers, user) as channel:
        with pytest.raises(ChannelAccessRefused):
            await attempt(channel, "verification")


async def test_partners_write_under_their_names_and_read_their_queues(declared: None, real_servers: Servers) -> None:
    async with acting(real_servers, broker.channel_user(CHANNELS[0])) as channel:
        await publish(channel, SUBMISSIONS_EXCHANGE, f"{CHANNELS[0]}.submit.normal")
        await read(channel, topology.replies_queue(CHANNELS[0]))
    async with acting(real_servers, topology.agency_user(AGENCY)) as channel:
        await publish(channel, topology.AGENCY_REPLIES_EXCHANGE, f"{AGENCY}.reply.urgent")
        await read(channel, topology.referrals_queue(AGENCY))


async def test_no_machine_reaches_the_management_of_the_broker(
    declared: None, real_servers: Servers, accounts: broker.AccountSettings
) -> None:
    for account in broker.machine_accounts():
        url = f"{as_user(real_servers.broker_api, account.user, key(account.user))}/api/users"
        assert (await asyncio.to_thread(httpx.get, url)).status_code == 401
