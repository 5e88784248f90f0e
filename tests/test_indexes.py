"""Every query of every service uses an index: the database tells the plan of each while the service is exercised.

Here each service, also a new one, hears all that it listens to and is asked for all that it shows; what the stories
make the services ask is watched in `tests/journeys`.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest
from fastapi import FastAPI

from deploy.local.layout import service_names
from shared.contracts.catalogue import CONSUMERS
from shared.contracts.intake import ComplaintErased
from shared.policy import policy
from shared.service import create_app
from shared.settings import Settings
from shared.topology import lane_queue
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, settings_for
from tests.support.queries import every_query_indexed
from tests.support.room import Running, environment, key, running, until
from tests.support.servers import Servers

ROOT = Path(__file__).parents[1]
SERVICES = service_names()
SUBJECT = json.loads((ROOT / "tests/contracts/examples/complaint.verified.v1.json").read_text("utf-8"))["subject"]


def _shown(app: FastAPI) -> Iterator[str]:
    for path, methods in app.openapi()["paths"].items():
        if "get" in methods:
            yield re.sub(r"\{\w+\}", SUBJECT, path)


async def _hear(service: Running, name: str, wires: Iterable[str]) -> None:
    for wire in wires:
        for example in sorted((ROOT / "tests/contracts/examples").glob(f"{wire}*.json")):
            await service.raw(example.read_bytes(), wire, message_id=json.loads(example.read_bytes())["id"])

    async def taken() -> bool:
        queue = await service.channel.declare_queue(lane_queue(name, "normal"), passive=True)
        return not queue.declaration_result.message_count

    await until(taken, f"{name} has taken its messages")


@pytest.mark.parametrize("name", SERVICES)
async def test_no_query_of_a_service_reads_a_whole_collection(name: str, real_servers: Servers) -> None:
    variables = {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(real_servers)}
    with patch.dict(os.environ, variables):
        app, settings = import_module(f"services.{name}.main").app(), Settings()
        with every_query_indexed(real_servers.mongo_url, settings.mongo_prefix, name):
            await _exercise(app, settings, name)


async def _exercise(app: FastAPI, settings: Settings, name: str) -> None:
    async with running(app, settings, name) as service:
        await _hear(service, name, (wire for wire in CONSUMERS[name] if wire != ComplaintErased.wire))
        someone = service.token(*policy().roles, units=("polres-sukamaju", "Pidum"))
        for path in _shown(app):
            answer = await service.http.get(path, headers={**someone, "Access-Reason": "index-test"})
            assert answer.status_code < 500, path
        await _hear(service, name, [ComplaintErased.wire])


async def test_a_query_without_an_index_is_noticed(real_servers: Servers) -> None:
    settings = settings_for(real_servers)
    async with running(create_app(small_service(settings)), settings, SERVICE) as service:
        watched = every_query_indexed(real_servers.mongo_url, settings.mongo_prefix, SERVICE)
        watched.__enter__()
        await service.room.store().find({"case.extra": "anything"})
        with pytest.raises(AssertionError, match=r"no index.*\n.*tallies.*case\.extra"):
            watched.__exit__(None, None, None)
