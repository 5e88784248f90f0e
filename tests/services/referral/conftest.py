"""Referral on real servers, with a clock that a test can put forward and agencies that have accounts of their own."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import aio_pika
import pytest
import pytest_asyncio
from uuid6 import uuid7

from deploy.agency import AgencySettings, Credentials, fresh, register
from services.referral.main import app
from services.referral.registry import Registration
from services.referral.settings import ReferralSettings
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from shared.topology import referrals_queue
from tests.services.referral.receiver import Receiver, receiving
from tests.services.referral.sides import AgencySide
from tests.shared.tally import drop_databases
from tests.support.clock import Clock
from tests.support.room import Running, environment, running
from tests.support.servers import Servers

POLRES = "polres-sukamaju"
STORY = "Canary: atap rumah terbakar, saya Budi 0812-3456-7890, budi@example.org, NIK 3602041211870001"
AGENCIES: dict[str, dict[str, Any]] = {
    "damkar-test": {"partners": ["Damkar"], "order": 10},
    "bpbd-test": {"partners": ["BPBD"], "order": 20},
    "pln-test": {"partners": ["PLN"], "order": 30},
    "pln-other": {"partners": ["PLN"], "order": 40},
}
HOOKED = "dishub-test"


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> Iterator[ReferralSettings]:
    own = {
        "ADUAN_BROKER_API": real_servers.broker_api,
        "ADUAN_AGENCY_HOSTS": json.dumps(["127.0.0.1"]),
        "ADUAN_AGENCY_PRIVATE_ADDRESSES": "1",
        "ADUAN_AGENCY_SECONDS": "2",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (environment(real_servers) | own).items():
            patch.setenv(name, value)
        yield ReferralSettings()


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def receiver() -> AsyncIterator[Receiver]:
    """The HTTPS endpoint of the agency that has its offers sent there."""
    async with receiving() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def credentials(settings: ReferralSettings, receiver: Receiver) -> dict[str, Credentials]:
    """The agencies of these tests, registered as `make agency` does it."""
    asked = {**AGENCIES, HOOKED: {"partners": ["Dishub"], "order": 50, "transport": "webhook", "url": receiver.url}}
    made = {slug: fresh() for slug in asked}
    entries = [Registration(slug=slug, name=slug.title(), **values) for slug, values in asked.items()]
    await register(AgencySettings(), *((entry, made[entry.slug]) for entry in entries))
    # Their queues outlive a module's databases, and hold what the modules before have left.
    async with await aio_pika.connect(settings.amqp_url.get_secret_value()) as connection:
        channel = await connection.channel()
        for slug in asked:
            await (await channel.get_queue(referrals_queue(slug), ensure=False)).purge()
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def referral(
    settings: ReferralSettings, clock: Clock, credentials: dict[str, Credentials]
) -> AsyncIterator[Running]:
    async with running(app(settings, clock), settings, "referral") as started:
        yield started
    await drop_databases(settings)


async def _side(
    settings: ReferralSettings, credentials: dict[str, Credentials], slug: str
) -> AsyncIterator[AgencySide]:
    async with AgencySide.connected(settings, slug, credentials[slug].password) as side:
        yield side


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def damkar(
    settings: ReferralSettings, credentials: dict[str, Credentials], referral: Running
) -> AsyncIterator[AgencySide]:
    async for side in _side(settings, credentials, "damkar-test"):
        yield side


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bpbd(
    settings: ReferralSettings, credentials: dict[str, Credentials], referral: Running
) -> AsyncIterator[AgencySide]:
    async for side in _side(settings, credentials, "bpbd-test"):
        yield side


@pytest.fixture
def officer(referral: Running) -> dict[str, str]:
    return referral.token("referral_officer", person="officer-1", units=(POLRES,))


def new_report(service: Running, complaint: str, **values: Any) -> Report:
    narrative = {"text": STORY, "place_text": "Jalan Kenanga 7", "lat": -6.6, "lon": 107.4}
    known: dict[str, Any] = {
        "register_number": f"LP/{complaint[-6:]}",
        "channel": "emergency_call",
        "identity_level": "claimed",
        "received_at": datetime.now(UTC),
        "village": "99.01.01.1001",
        "sealed": Sealed(
            narrative=service.vault.seal("narrative", complaint, narrative),
            identity=service.vault.seal("identity", complaint, {"name": "Canary Reporter"}),
            contact=service.vault.seal("contact", complaint, {"phone": "+6281200000000"}),
        ),
    }
    return Report(**{**known, **values})


def new_classification(**values: Any) -> Classification:
    known: dict[str, Any] = {
        "category": "fire_or_disaster",
        "urgency": "P4",
        "tracks": ("referral",),
        "mediation": "never",
        "units": ("Samapta",),
        "partners": ("Damkar", "BPBD"),
        "confidence": 1.0,
    }
    return Classification(**{**known, **values})


def classified(service: Running, complaint: str, report: Report | None = None, **values: Any) -> ComplaintClassified:
    return ComplaintClassified(
        report=report or new_report(service, complaint), classification=new_classification(**values)
    )


def reclassified(
    service: Running, complaint: str, reason: str = "officer_decision", **values: Any
) -> ComplaintReclassified:
    return ComplaintReclassified(
        report=new_report(service, complaint),
        classification=new_classification(**values),
        previous=new_classification(),
        reason=reason,
    )


def complaint_id() -> str:
    return str(uuid7())
