"""The auditor's page that every service has: who did what, who read, why, and whether that can be believed."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from deploy.local.layout import PARTS as SEALED
from deploy.local.layout import service_names
from shared import audit
from shared.audit_wordings import EVENTS, OTHERS, PARTS, SERVICES
from shared.chains import READS, Chains
from shared.contracts import catalogue
from shared.contracts.envelope import instant
from shared.policy import policy, shell_rules_of
from shared.reads import PART
from shared.service import create_app
from shared.settings import Settings
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, asking, command, new_id
from tests.support.room import Running, running

OFFICE = ("polres-sukamaju",)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def it(settings: Settings) -> AsyncIterator[Running]:
    async with running(create_app(small_service(settings)), settings, SERVICE) as started:
        yield started


async def page(
    it: Running,
    case_id: str,
    reason: str | None = None,
    part: str = "",
    person: str = "auditor-1",
    role: str = "auditor",
) -> httpx.Response:
    who = {"Authorization": it.token(role, person=person, units=OFFICE)["Authorization"]}
    why = {"Access-Reason": reason} if reason else {}
    return await it.http.get(f"/{SERVICE}/audit/{case_id}{part}", headers={**who, **why})


def cells(answer: httpx.Response) -> list[str]:
    found = re.findall(r"<td[^>]*>(.*?)</td>", answer.text, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in found]


async def was_read(it: Running, case_id: str, reason: str) -> None:
    """Somebody opened the narrative, as `shared.reads` writes it down."""
    sealed = it.room.vault.seal(PART, case_id, {"reason": reason})
    entry = {"at": instant(it.room.clock()), "who": "officer-7", "what": "read", "route": "GET /told", "reason": sealed}
    await Chains(it.room.mongo, READS).append({audit.chain_of_reads(case_id): {**entry, "parts": ["narrative"]}})


async def noted(it: Running) -> str:
    case_id = new_id()
    written = await it.http.post(f"/notes/{case_id}", json={"text": "first"}, headers=it.token("verifier"))
    assert written.is_success
    return case_id


async def test_who_did_what_is_shown_without_a_reason_and_why_somebody_read_with_one(it: Running) -> None:
    case_id = await noted(it)
    await was_read(it, case_id, "for the hearing")
    shown = await page(it, case_id)
    assert cells(shown)[1:3] == ["officer-1", "Patroli tiba"]
    assert cells(shown)[4:] == ["officer-7", "isi laporan"]
    assert "hearing" not in shown.text
    opened = await page(it, case_id, "the inspectorate asks", "/reasons")
    assert cells(opened)[4:] == ["officer-7", "isi laporan", "for the hearing"]
    assert "Rantai utuh" in opened.text
    assert cells(await page(it, case_id))[7:] == ["auditor-1", "alasan para pembaca"], "reading reasons is a read"


async def test_reasons_are_not_opened_without_one(it: Running) -> None:
    case_id = await noted(it)
    await was_read(it, case_id, "for the hearing")
    refused = await page(it, case_id, None, "/reasons")
    assert refused.status_code == 422
    assert "hearing" not in refused.text


async def test_a_broken_chain_is_the_first_thing_that_the_page_says(it: Running) -> None:
    case_id = await noted(it)
    await it.room.store().collection.update_one({"_id": case_id}, {"$set": {"trail.0.who": "somebody else"}})
    shown = await page(it, case_id)
    assert "Rantai tidak utuh" in shown.text
    assert shown.text.index("Jangan percayai") < shown.text.index("somebody else")


async def test_it_is_absent_for_whom_the_complaint_is_about_and_shut_to_other_roles(it: Running) -> None:
    case_id, never = new_id(), new_id()
    await it.room.unit().submit(asking(command("about auditor-2", case_id)))
    named, absent = await page(it, case_id, person="auditor-2"), await page(it, never, person="auditor-2")
    assert named.status_code == absent.status_code == 404
    assert named.text.replace(case_id, never) == absent.text
    assert (await page(it, case_id)).status_code == 200
    assert (await page(it, case_id, role="chief")).status_code == 403
    assert (await it.http.get(f"/{SERVICE}/audit/{case_id}")).status_code == 303


async def test_a_stream_of_somebody_who_is_no_longer_signed_in_begins_no_sign_in(it: Running) -> None:
    address = f"/{SERVICE}/audit/{new_id()}"
    assert (await it.http.get(address)).headers["location"] == f"/sign-in?to={address}"
    stream = await it.http.get(address, headers={"Accept": "text/event-stream"})
    assert (stream.status_code, stream.headers.get("location")) == (401, None)


async def test_somebody_kept_away_is_on_the_page(it: Running) -> None:
    case_id = await noted(it)
    await page(it, case_id, role="chief", person="chief-7")
    assert any("perannya tidak mencakup" in cell for cell in cells(await page(it, case_id)))


def test_every_code_of_the_audit_has_words() -> None:
    assert EVENTS.keys() == catalogue.EVENTS.keys()
    assert SERVICES.keys() == set(service_names()) <= OTHERS.keys()
    assert PARTS.keys() == {part for parts in SEALED.values() for part in parts}


def test_the_table_names_each_services_own_page() -> None:
    for service in service_names():
        assert shell_rules_of(service)[f"GET /{service}/audit/{{complaint_id}}"].may == {"auditor": "polres"}
    assert not any("{service}" in route for service in policy().services for route in shell_rules_of(service))
