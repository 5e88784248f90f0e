"""What every HTTP request passes through: headers that browsers heed, and a measurement."""

from pathlib import Path
from time import perf_counter

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry import REQUESTS

ASSETS = Path(__file__).parent.parent / "node_modules"

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"x-frame-options", b"DENY"),
)


def install(app: FastAPI) -> None:
    """Puts the middleware and `/metrics` into the app."""
    app.add_middleware(_Measured)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def serve_assets(app: FastAPI, package: str) -> str:
    """Serves the files of an installed npm package from our own origin. Returns the path that they stand under."""
    path = f"/assets/{package.removeprefix('@')}"
    app.mount(path, StaticFiles(directory=ASSETS / package, check_dir=False))
    return path


class _Measured:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _HEADERS if h[0] not in present)]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            REQUESTS.labels(scope["method"], route, str(status)).observe(perf_counter() - started)
