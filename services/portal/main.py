"""Puts the portal together: `uvicorn --factory services.portal.main:app`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI

from services.portal import pages, signing_in
from services.portal.provider import Provider
from services.portal.settings import PortalSettings
from shared import telemetry, web
from shared.gate import guard
from shared.pages import instead_of_nothing
from shared.policy import rules_of


def app(settings: PortalSettings | None = None) -> FastAPI:
    """The portal as an ASGI application. It needs neither broker nor database."""
    settings = settings or PortalSettings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            telemetry.configure("portal", settings.log_level, settings.otlp_endpoint)
            stack.callback(telemetry.shut_down)
            app.state.callers = web.callers(settings, lambda: datetime.now(UTC), stack)
            app.state.provider = Provider(settings)
            yield

    portal = web.create("portal", settings, lifespan)
    for router in (_health(), pages.start, pages.router, signing_in.router):
        portal.include_router(router)
    instead_of_nothing(portal, pages.pages, "/")
    guard(portal, rules_of("portal"))
    return portal


def _health() -> APIRouter:
    router = APIRouter(prefix="/health", include_in_schema=False)

    @router.get("/live")
    @router.get("/ready")
    async def live() -> dict[str, str]:
        """Whether the process runs at all: there is nothing that it waits for."""
        return {"status": "live"}

    return router
