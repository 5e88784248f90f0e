"""Every query of every service uses an index: the database tells the plan of each while the service is exercised.

Here each service, also a new one, hears all that it listens to and is asked for all that it shows, to programs and on
pages; what the stories make the services ask is watched in `tests/journeys`.
"""

import json
import os
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.layout import service_names
from shared import live
from shared.contracts.catalogue import CONSUMERS
from shared.contracts.envelope import Person
from shared.contracts.intake import ComplaintErased
from shared.policy import policy
from shared.service import create_app
from shared.settings import Settings
from shared.topology import lane_queue
from tests.services.intake.samples import jpeg, spoken
from tests.services.intake.test_attachments import upload
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, settings_for
from tests.support.holding import browser, send
from tests.support.office import POLRES, Office, answer_text
from tests.support.pages import Page, pages_of
from tests.support.queries import every_query_indexed
from tests.support.room import Running, environment, key, running, signed, until
from tests.support.servers import Servers

ROOT = Path(__file__).parents[1]
SERVICES = service_names()
SUBJECT = json.loads((ROOT / "tests/contracts/examples/complaint.verified.v1.json").read_text("utf-8"))["subject"]
VILLAGE = "99.01.01.1001"
# Who has the cases that the office is told of; all others reach them by their role.
HOLDERS = {"detective": "detective-1", "bhabinkamtibmas": "mediator-1", "guidance_officer": "mediator-1"}
UNITS = frozenset({POLRES, "Pidum", *(f"patrol-{number}" for number in range(1, 5))})
# Pages that this office's complaints have not come to, and why.
NOT_THERE: Mapping[str, str] = {
    "/intake/track/appeal": "nobody has rejected the report",
    "/notification/track/question": "nobody has asked anything",
    "/notification/panels/{complaint_id}/contacts": "everybody has been reached",
    "/evaluation/track/survey": "it is answered",
    **{
        f"/mediation/panels/{{complaint_id}}/{text}{form}": "nothing is written there yet"
        for text in ("sessions/{number}/minutes", "visits/{number}/record", "plan", "agreement")
        for form in ("", ".pdf")
    },
}


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


@asynccontextmanager
async def _watched(name: str, servers: Servers) -> AsyncIterator[Running]:
    """A service that fails the test in the end if any of its queries used no index."""
    variables = {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(servers)}
    with patch.dict(os.environ, variables):
        app, settings = import_module(f"services.{name}.main").app(), Settings()
    with every_query_indexed(servers.mongo_url, settings.mongo_prefix, name):
        async with running(app, settings, name) as service:
            yield service


@pytest.mark.parametrize("name", SERVICES)
async def test_no_query_of_a_service_reads_a_whole_collection(name: str, real_servers: Servers) -> None:
    async with _watched(name, real_servers) as service:
        await _hear(service, name, (wire for wire in CONSUMERS[name] if wire != ComplaintErased.wire))
        someone = service.token(*policy().roles, units=("polres-sukamaju", "Pidum"))
        for path in _shown(service.app):
            answer = await service.http.get(path, headers={**someone, "Access-Reason": "index-test"})
            assert answer.status_code < 500, path
        await _hear(service, name, [ComplaintErased.wire])


@pytest.mark.parametrize("name", SERVICES)
async def test_no_page_of_a_service_has_a_whole_collection_read(
    name: str, real_servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page as each role that may see it, with each filter, where there are cases to be shown."""
    monkeypatch.setattr(live, "_LIVES_SECONDS", 0.0)  # a stream ends after its first look
    async with _watched(name, real_servers) as service:
        office = Office(service, name)
        await office.enrol()
        complaint, ids = await _told(office)
        typed = {"unit": "Pidum", "name": "Pidum", "village": "Cibuah", "category": "theft", "done": "finished"}
        typed |= {"month": office.month, "version": "1", "saved": "mediator-1"}
        pages = list(pages_of(service.app, name, typed))
        async with browser(service, office.codes.get(complaint)) as visitor:
            if name == "intake":  # the receipt of what was sent last is shown once
                await send(visitor, "/intake/report", what="A matter that was written down", who="anonymous")
            seen = {page.path for page in pages if await _is_seen(visitor, page, ids)}
        assert {page.path for page in pages} - seen <= NOT_THERE.keys(), "nobody was shown these"


async def _is_seen(visitor: httpx.AsyncClient, page: Page, ids: Mapping[str, str]) -> bool:
    """Asks for a page in every way, and says whether it was shown."""
    path, shown = re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], page.path), False
    people = [signed(Person(HOLDERS.get(role, "officer-free"), frozenset({role}), UNITS)) for role in page.rule.may]
    for person in people or [{}]:
        for chosen in page.filters:
            answer = await visitor.get(path, params=chosen, headers={**person, "Access-Reason": "examination"})
            assert answer.status_code < 500, answer_text(answer)
            assert answer.status_code not in (401, 403), answer_text(answer)
            # Some pages need what others may leave open.
            assert answer.status_code != 422 or len(chosen) < max(map(len, page.filters)), answer_text(answer)
            shown |= answer.is_success
    return shown


async def _told(office: Office) -> tuple[str, dict[str, str]]:
    """A complaint that the office knows, and what stands in the addresses of its pages."""
    complaint = await _reported(office) if office.name == "intake" else (await office.told(fast=False))[0]
    ids = {"complaint_id": complaint, "month": office.month, "number": "1", **office.enrolled}
    if office.name == "intake":
        shown = await office.service.http.get(f"/complaints/{complaint}", headers=office.free)
        ids["attachment_id"] = shown.json()["attachments"][0]["id"]
    if office.name == "evaluation":
        await office.examined()
        found = await office.service.http.get("/findings", headers=office.free)
        ids["finding_id"] = found.json()[0]["finding"]
    return complaint, ids


async def _reported(office: Office) -> str:
    """A report with a file and a phone."""
    file = (await upload(office.service, jpeg()))["id"]
    body = spoken(attachments=[file], where={"village": VILLAGE})
    taken = await office.service.http.post("/counter/complaints", json=body, headers=office.free)
    assert taken.status_code == 201, answer_text(taken)
    complaint: str = taken.json()["id"]
    office.codes[complaint] = taken.json()["tracking_code"]
    return complaint


async def test_a_query_without_an_index_is_noticed(real_servers: Servers) -> None:
    settings = settings_for(real_servers)
    async with running(create_app(small_service(settings)), settings, SERVICE) as service:
        watched = every_query_indexed(real_servers.mongo_url, settings.mongo_prefix, SERVICE)
        watched.__enter__()
        await service.room.store().find({"case.extra": "anything"})
        with pytest.raises(AssertionError, match=r"no index.*\n.*tallies.*case\.extra"):
            watched.__exit__(None, None, None)
