"""What browsers are told to refuse, and what is refused of them: on every answer of the shell."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from shared.service import create_app
from shared.settings import Settings
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, new_id
from tests.support.room import Running, running

COOKIE = {"Cookie": "session=somebody"}
FRIEND = "https://aduan.example"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def it(settings: Settings) -> AsyncIterator[Running]:
    told = settings.model_copy(update={"origins": (FRIEND,), "hsts_seconds": 600})
    async with running(create_app(small_service(told)), told, SERVICE) as started:
        yield started


async def post(it: Running, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await it.http.post(f"/open/{new_id()}", json={"text": "a"}, headers=sent)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": f"{FRIEND}.evil.example"},
        {"Origin": "http://aduan.example"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "cross-site", "Authorization": "Basic YTpi"},
    ],
)
async def test_a_page_of_another_origin_changes_nothing_with_a_persons_cookies(
    it: Running, said: dict[str, str]
) -> None:
    refused = await post(it, **COOKIE, **said)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:aduan:problem:other_origin")
    assert refused.headers["content-type"] == "application/problem+json"
    for method in ("PUT", "PATCH", "DELETE", "ANYTHING"):
        answer = await it.http.request(method, f"/open/{new_id()}", headers={**COOKIE})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "said",
    [
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://aduan.test"},
        {"Sec_Fetch_Site": "same-site", "Origin": FRIEND},
        {"Origin": FRIEND},
    ],
)
async def test_our_own_pages_may_send_cookies(it: Running, said: dict[str, str]) -> None:
    assert (await post(it, **COOKIE, **said)).status_code == 200


async def test_who_acts_without_cookies_or_by_a_token_is_not_asked_for_an_origin(it: Running) -> None:
    elsewhere = {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"}
    assert (await post(it)).status_code == 200
    assert (await post(it, **elsewhere)).status_code == 200
    assert (await post(it, **it.token("verifier"), **COOKIE, **elsewhere)).status_code == 200


async def test_reading_is_not_asked_for_an_origin(it: Running) -> None:
    assert (await it.http.get("/health/live", headers=COOKIE)).status_code == 200


async def test_where_there_is_tls_browsers_are_told_to_insist_on_it(it: Running) -> None:
    for answer in (await it.http.get("/health/live"), await post(it, **COOKIE)):
        assert answer.headers["strict-transport-security"] == "max-age=600; includeSubDomains"


async def test_a_method_of_a_senders_own_invention_does_not_become_a_metric(it: Running) -> None:
    await it.http.request("CANARY", "/health/live")
    metrics = (await it.http.get("/metrics")).text
    assert "CANARY" not in metrics
    assert 'method="other"' in metrics
