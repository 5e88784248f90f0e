"""What the shell's tests share: settings for one module, on a broker whose queues exist and are empty."""

import logging
from collections.abc import AsyncIterator
from uuid import uuid4

import aio_pika
import pytest
import pytest_asyncio
import structlog
from structlog.testing import LogCapture
from structlog.typing import EventDict

from shared import telemetry, topology
from shared.settings import Settings
from tests.shared.tally import Spy, drop_databases, listening, settings_for
from tests.support.room import CHANNELS
from tests.support.servers import Servers


@pytest.fixture
def fresh(settings: Settings) -> Settings:
    """The same for a test that counts what is in the database: with one of its own."""
    return settings.model_copy(update={"mongo_prefix": f"{settings.mongo_prefix}{uuid4().hex[:6]}_"})


@pytest_asyncio.fixture(loop_scope="module")
async def spy(settings: Settings) -> AsyncIterator[Spy]:
    """Hears whatever is published during a test."""
    async with listening(settings.amqp_url.get_secret_value()) as listener:
        yield listener


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[EventDict]:
    """What is logged during a test, before it becomes JSON."""
    capture = LogCapture()
    wrapper = structlog.make_filtering_bound_logger(logging.DEBUG)
    logger = structlog.wrap_logger(structlog.PrintLogger(), [capture], wrapper)
    monkeypatch.setattr(telemetry, "log", logger)
    return capture.entries


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def settings(real_servers: Servers) -> AsyncIterator[Settings]:
    made = settings_for(real_servers)
    await topology.declare(real_servers.amqp_url, CHANNELS)
    async with await aio_pika.connect(real_servers.amqp_url) as connection, await connection.channel() as channel:
        for queue in topology.topology(CHANNELS).queues:
            if queue.name not in topology.STREAMS:
                await (await channel.get_queue(queue.name, ensure=False)).purge()
    yield made
    await drop_databases(made)
