"""A rolling upgrade: two versions of an event are said, and two versions of a service hear them from the same queue."""

import os
import random
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import aio_pika
import httpx
import pytest_asyncio
from pymongo import AsyncMongoClient

from shared import topology
from shared.settings import Settings
from tests.shared.lanes import Lanes, lanes
from tests.shared.tally import SERVICE, drop_databases, event, new_id
from tests.shared.versions import ReferralDeclinedInFull
from tests.support.processes import ServiceProcess
from tests.support.room import environment, until
from tests.support.servers import Servers

QUEUE = f"{SERVICE}.normal"
SECOND = "referral.declined.normal.v2"
HAPPENINGS = 40


@pytest_asyncio.fixture
async def variables(real_servers: Servers) -> AsyncIterator[dict[str, str]]:
    variables = environment(real_servers)
    yield variables
    with patch.dict(os.environ, variables):
        await drop_databases(Settings())


async def test_while_a_service_is_upgraded_both_versions_of_an_event_have_one_effect_and_nothing_is_parked(
    variables: dict[str, str], tmp_path: Path
) -> None:
    with patch.dict(os.environ, variables):
        settings = Settings()
    older, newer = (
        ServiceProcess(f"tests.shared.versions:{name}", variables, tmp_path / name) for name in ("older", "newer")
    )
    async with lanes(settings) as broker:
        queue = await broker.channel.get_queue(QUEUE)
        await queue.bind(topology.EVENTS_EXCHANGE, SECOND)
        try:
            for process in (older, newer):
                await process.start()
                await process.ready()
            told = await _tell(broker)
            # What the older one cannot read waits for the newer one, and is not given up on.
            await until(lambda: _retried(older), "the older process got a second version")
            await older.stop()
            await until(lambda: _noted(variables, told), "each happening has its effect", 30)
            await until(lambda: _drained(broker), "nothing waits any more", 30)
            assert await _noted(variables, told)
            assert await broker.waiting(topology.parked_queue(SERVICE)) == 0
        finally:
            await queue.unbind(topology.EVENTS_EXCHANGE, SECOND)
            await older.stop()
            await newer.stop()


async def _tell(broker: Lanes) -> dict[str, str]:
    """Says each happening in both versions, in any order. Returns the text by case."""
    told, said = {}, []
    for number in range(HAPPENINGS):
        first = event(f"happening {number}", new_id())
        data = ReferralDeclinedInFull(reason=first.data.reason, asked=("pln", "pdam"))
        second = first.model_copy(update={"id": str(uuid4()), "type": data.wire, "data": data})
        told[first.subject] = first.data.reason
        said += [(first, "referral.declined.normal.v1"), (second, SECOND)]
    random.Random(7).shuffle(said)
    exchange = await broker.channel.get_exchange(topology.EVENTS_EXCHANGE, ensure=False)
    for envelope, key in said:
        body = envelope.model_dump_json(serialize_as_any=True).encode()
        await exchange.publish(aio_pika.Message(body, message_id=envelope.id, type=envelope.type), key)
    return told


async def _retried(process: ServiceProcess) -> bool:
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(f"{process.url}/metrics")).text
    return bool(re.search(r'aduan_messages_total\{outcome="retried"[^}]*\} [1-9]', metrics))


async def _noted(variables: dict[str, str], told: dict[str, str]) -> bool:
    async with AsyncMongoClient[dict[str, Any]](variables["ADUAN_MONGO_URL"]) as client:
        rows = await client[f"{variables['ADUAN_MONGO_PREFIX']}{SERVICE}"]["tallies"].find().to_list(None)
    return {row["_id"]: row["case"]["notes"] for row in rows} == {case: [text] for case, text in told.items()}


async def _drained(broker: Lanes) -> bool:
    tiers = [topology.retry_exchange(seconds) for seconds in topology.RETRY_SECONDS]
    return not sum([await broker.waiting(queue) for queue in (QUEUE, *tiers)])
