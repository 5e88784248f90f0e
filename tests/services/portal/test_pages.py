"""The frame that the portal puts around the services' pages, as the policy table has it."""

import re

import httpx
import pytest
from uuid6 import uuid7

from deploy.local.layout import service_names
from shared.contracts.envelope import Person
from shared.policy import policy, rules_of
from tests.services.portal.codes import Codes
from tests.services.portal.conftest import OURS, SESSION


def _as(provider: Codes, *roles: str) -> dict[str, str]:
    person = Person("officer-1", frozenset(roles), frozenset({"polres-sukamaju"}))
    return {"Cookie": f"{SESSION}={provider.token(person)}"}


async def test_every_page_asks_for_what_the_table_says(browser: httpx.AsyncClient, provider: Codes) -> None:
    walked = 0
    for route, rule in rules_of("portal").items():
        method, path = route.split(" ")
        address = path.replace("{complaint_id}", str(uuid7()))
        unknown = await browser.request(method, address, headers=OURS)
        if rule.proof:
            assert "/sign-in?to=" not in unknown.headers.get("location", ""), route
            continue
        assert unknown.headers["location"] == f"/sign-in?to={address}"
        for role in (*policy().roles, "no-such-role"):
            answer = await browser.request(method, address, headers={**_as(provider, role), **OURS})
            assert answer.status_code == (200 if role in rule.may else 403), (route, role)
            walked += 1
    assert walked


async def test_somebody_without_a_role_is_told_so_in_words(browser: httpx.AsyncClient, provider: Codes) -> None:
    answer = await browser.get("/portal/desk", headers=_as(provider))
    assert answer.status_code == 403
    assert "Peran Anda tidak mencakup halaman ini." in answer.text
    assert "Keluar" in answer.text, "and can sign out, to come as somebody else"


async def test_a_desk_leads_to_where_one_works_also_where_nothing_waits(
    browser: httpx.AsyncClient, provider: Codes
) -> None:
    rosters = ['<a href="/investigation/roster">', '<a href="/mediation/mediators">']

    async def desk(*roles: str) -> str:
        return (await browser.get("/portal/desk", headers=_as(provider, *roles))).text.partition("<main")[2]

    administrator = await desk("administrator")
    assert all(link in administrator for link in rosters)
    assert "Siapa melayani desa/kelurahan mana" in administrator
    assert "Yang menunggu Anda" not in administrator, "nothing waits there"
    both = await desk("administrator", "verifier")
    assert all(link in both for link in ['hx-get="/verification/summary"', *rosters])
    assert "/verification/worklist" not in both, "the service's summary leads there"
    assert "alamat kasusnya" in await desk("auditor")
    for role in policy().roles.keys() - {"auditor"}:
        assert re.search(r"(href|hx-get)=\"/\w+/\w+\"", await desk(role)), role


async def test_a_case_shows_each_role_the_panels_that_the_table_opens(
    browser: httpx.AsyncClient, provider: Codes
) -> None:
    complaint = str(uuid7())
    for role in policy().roles:
        page = await browser.get(f"/portal/cases/{complaint}", headers=_as(provider, role))
        shown = set(re.findall(r'hx-get="/(\w+/\w+)/', page.text))
        opened = {
            f"{service}/panels"
            for service in service_names()
            if role in getattr(rules_of(service).get(f"GET /{service}/panels/{{complaint_id}}"), "may", ())
        }
        assert shown == ({f"{name}/audit" for name in service_names()} if role == "auditor" else opened), role


async def test_an_id_that_is_none_is_no_page(browser: httpx.AsyncClient, provider: Codes) -> None:
    answer = await browser.get("/portal/cases/1", headers=_as(provider, "verifier"))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


@pytest.mark.parametrize("path", ["/nonsense", "/portal", "/portal/cases", "/.env", "/sign-out"])
async def test_an_address_that_leads_nowhere_is_answered_by_a_page(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Halaman itu tidak ada." in answer.text
