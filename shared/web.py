"""What every HTTP request passes through: headers that browsers heed, problems for what the framework answers by
itself, the audit of what it opens, and a measurement."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from http import HTTPStatus
from time import perf_counter

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from shared import access, assets, browsers, pages, problems, reads, telemetry
from shared.access import Access
from shared.browsing import Browsing
from shared.http import Callers
from shared.people import People
from shared.problems import MEDIA_TYPE, RETRY_SECONDS, problem
from shared.room import Room
from shared.settings import WebSettings
from shared.telemetry import REQUESTS

_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_READ_ON = 256 * 1024 * 1024  # bytes of a refused form; what a phone's photographs come to is well below


class App(FastAPI):
    """An app that sees every answer, also those of the framework's own outermost layers: a body that is too large, and
    an error that nobody handled."""

    settings: WebSettings

    def build_middleware_stack(self) -> ASGIApp:
        inner = browsers.SameOrigin(super().build_middleware_stack(), self.settings.origins)
        return _Outermost(inner, browsers.headers(self.settings.hsts_seconds))


def create(name: str, settings: WebSettings, lifespan: Lifespan[FastAPI]) -> App:
    """An app without routes of its own: its errors are problems, its answers have our headers, and it is measured."""
    app = App(
        title=f"Aduan: {name}",
        lifespan=lifespan,
        responses=problems.RESPONSES,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        max_body_size=settings.body_limit,
        # FastAPI's own would carry the texts of queries and of exceptions.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.settings = settings
    problems.install(app)
    assets.install(app)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def callers(settings: WebSettings, clock: Callable[[], datetime], stack: AsyncExitStack) -> Callers:
    """What tells who asks, until the stack is closed."""
    people = People(settings)
    stack.push_async_callback(people.close)
    return Callers(people, Browsing(settings.browsing_limit), clock)


class _Outermost:
    def __init__(self, app: ASGIApp, headers: Sequence[browsers.Header]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()  # what the log lines of one request carry is not another's
        with access.noting(scope["headers"]) as noted:
            await self._answer(scope, receive, send, noted)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, noted: Access) -> None:
        started, status, replaced = perf_counter(), 0, False
        body = _Body(receive)

        async def answer(message: Message) -> None:
            nonlocal status, replaced
            if message["type"] == "http.response.start":
                status, headers = message["status"], dict(message["headers"])
                if status >= HTTPStatus.BAD_REQUEST and _by_a_person(scope):
                    await body.read_on()
                instead = await _instead(scope, noted, status, headers.get(b"content-type"))
                if instead:
                    await instead(scope, receive, answer)
                    replaced = True
                message["headers"] = [*message["headers"], *(h for h in self._headers if h[0] not in headers)]
            elif not replaced:
                # What a stream opens on its way is recorded before it goes out, or the stream breaks off.
                await _record(scope, noted)
            if not replaced:
                await send(message)

        try:
            await self._app(scope, body.receive, answer)
        except Exception:
            # Once it is answered, it is also logged; the server would log it again, with its text.
            if not status:
                raise
        finally:
            # A method that no standard names is a sender's own text, and there may be any number of them.
            method = scope["method"] if scope["method"] in _METHODS else "other"
            REQUESTS.labels(method, _route(scope), str(status or 500)).observe(perf_counter() - started)
        room: Room | None = getattr(scope["app"].state, "room", None)  # the portal has none, and no complaints
        if room and noted.person and status in reads.KEPT_AWAY:
            path = scope.get("path_params", {})
            await reads.record_refused(noted, room, f"{scope['method']} {_route(scope)}", status, path)


class _Body:
    """What comes with a request, and whether it has come to its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False
        self._left = _READ_ON

    async def receive(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        return message

    async def read_on(self) -> None:
        """Lets the rest come, and drops it: who is answered while they still send may see a connection that is cut."""
        while not self._ended and self._left > 0:
            self._left -= len((await self.receive()).get("body", b""))


def _by_a_person(scope: Scope) -> bool:
    request = Request(scope)
    return "text/html" in request.headers.get("accept", "") or pages.is_fragment(request)


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "none"))


async def _record(scope: Scope, noted: Access) -> None:
    if noted.opened:
        await reads.record(noted, scope["app"].state.room, f"{scope['method']} {_route(scope)}")


def _is_ours(media_type: bytes | None) -> bool:
    """Whether an error is said as a problem or as a page, and not as the framework says it."""
    return media_type is not None and media_type.startswith((MEDIA_TYPE.encode(), b"text/html"))


async def _instead(scope: Scope, noted: Access, status: int, media_type: bytes | None) -> Response | None:
    """What is answered instead of the answer that is about to begin, if anything."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not _is_ours(media_type):
        if _by_a_person(scope):
            return pages.too_large(Request(scope))
        return problem(status, "request_entity_too_large", "Content Too Large")
    try:
        await _record(scope, noted)
    except Exception as error:
        telemetry.log.error("read_unrecorded", error=type(error).__name__)
        detail = "What you asked for cannot be shown, since the audit cannot be written; ask again."
        return problem(503, "audit_away", detail, headers={"Retry-After": str(RETRY_SECONDS)})
    return None
