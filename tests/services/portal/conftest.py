"""The portal as browsers reach it, before a provider that gives codes."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from services.portal.main import app
from services.portal.settings import PortalSettings
from shared.contracts.envelope import Person
from tests.services.portal.codes import SECRET, Codes

ORIGIN = "https://aduan.example"
SESSION = "__Host-aduan"
OURS = {"Sec-Fetch-Site": "same-origin"}
VERIFIER = Person("verifier-1", frozenset({"verifier"}), frozenset({"polres-sukamaju"}))


@pytest.fixture
def provider() -> Iterator[Codes]:
    codes = Codes(f"{ORIGIN}/signed-in")
    yield codes
    codes.stop()


def settings(issuer: str, **more: Any) -> PortalSettings:
    return PortalSettings(oidc_issuer=issuer, portal_secret=SecretStr(SECRET), origins=(ORIGIN,), **more)


@pytest_asyncio.fixture
async def browser(provider: Codes) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that follows nothing by itself."""
    async with portal_of(provider) as client:
        yield client


@asynccontextmanager
async def portal_of(provider: Codes) -> AsyncIterator[httpx.AsyncClient]:
    portal = app(settings(provider.url))
    transport = httpx.ASGITransport(portal, raise_app_exceptions=False)
    async with (
        portal.router.lifespan_context(portal),
        httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client,
    ):
        yield client
