"""What a service tells of itself: its descriptions, its health and its figures."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio

from shared.service import create_app
from shared.settings import Settings
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, new_id
from tests.support.room import Running, running

SECURE = {"x-content-type-options": "nosniff", "cache-control": "no-store", "x-frame-options": "DENY"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def it(settings: Settings) -> AsyncIterator[Running]:
    async with running(create_app(small_service(settings)), settings, SERVICE) as started:
        yield started


async def test_its_own_pages_load_nothing_from_elsewhere(it: Running) -> None:
    for page in ("/docs", "/asyncapi"):
        response = await it.http.get(page)
        assert response.status_code == 200
        markup = response.text
        assert not re.findall(r"""(?:src|href)=["'](?:[a-z]+:)?//""", markup), page
        assert "@import" not in markup
        loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", markup)
        assert len(loaded) >= 2
        for path in loaded:
            assert (await it.http.get(path)).status_code == 200, path


async def test_the_descriptions_tell_all_routes_and_events(it: Running) -> None:
    openapi = (await it.http.get("/openapi.json")).json()
    assert {"/notes/{case_id}", "/health/ready", "/health/live"} <= set(openapi["paths"])
    assert "4XX" in openapi["paths"]["/notes/{case_id}"]["post"]["responses"]
    asyncapi = (await it.http.get("/asyncapi.json")).text
    for wire in (
        "complaint.verified.v1",
        "referral.declined.v1",
        "complaint.classified.v1",
        "complaint.reclassified.v1",
    ):
        assert wire in asyncapi


async def test_health_and_metrics_are_there_and_tell_of_no_one(it: Running) -> None:
    case_id = new_id()
    await it.http.post(f"/notes/{case_id}", json={"text": "CANARY"}, headers=it.token("verifier", person="officer-9"))
    await it.http.get(f"/no/{case_id}/such/route")
    assert (await it.http.get("/health/live")).json() == {"status": "live"}
    ready = await it.http.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"broker": True, "consumer": True, "database": True})
    metrics = await it.http.get("/metrics")
    assert 'aduan_http_seconds_count{method="POST",route="/notes/{case_id}",status="200"}' in metrics.text
    assert 'route="none",status="404"' in metrics.text
    assert not any(text in metrics.text for text in (case_id, "CANARY", "officer-9"))
    for response in (ready, metrics, await it.http.get("/docs")):
        assert SECURE.items() <= response.headers.items()
