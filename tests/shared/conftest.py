"""What the shell's tests share: settings for one module, on a broker whose queues exist and are empty."""

from collections.abc import AsyncIterator

import aio_pika
import pytest_asyncio

from shared import topology
from shared.settings import Settings
from tests.shared.tally import drop_databases, settings_for
from tests.support.room import CHANNELS
from tests.support.servers import Servers


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def settings(real_servers: Servers) -> AsyncIterator[Settings]:
    made = settings_for(real_servers)
    await topology.declare(real_servers.amqp_url, CHANNELS)
    async with await aio_pika.connect(real_servers.amqp_url) as connection, await connection.channel() as channel:
        for queue in topology.topology(CHANNELS).queues:
            if queue.name != topology.AUDIT_STREAM:
                await (await channel.get_queue(queue.name, ensure=False)).purge()
    yield made
    await drop_databases(made)
