"""The real gateway before stand-ins that say what reached them: what it keeps back, and what it must not spoil."""

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local.layout import ROOT, process_names
from deploy.local.process import Child
from shared.policy import rules_of
from tests.deploy.left import wait_for
from tests.support.processes import free_port

_SECONDS = 20
_LONG = "Laporan diterima dan sedang diperiksa. " * 100
_MEDIA = {
    "html": "text/html; charset=utf-8",
    "css": "text/css",
    "json": "application/json",
    "png": "image/png",
    "pdf": "application/pdf",
    "events": "text/event-stream",
}


@dataclass
class StandIn:
    """A service as the gateway sees it: the same server, which trusts what its own machine says of callers."""

    name: str
    port: int = field(default_factory=free_port)
    seen: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        routes = [
            Route("/{name}/kinds/{kind}", self._of_kind),
            Route("/{name}/stream", self._stream),
            Route("/{path:path}", self._tell, methods=["GET", "POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=self.port, log_level="error", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name=self.name, daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started, f"{self.name} listens", _SECONDS)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(_SECONDS)

    async def _tell(self, request: Request) -> Response:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
        caller = request.client.host if request.client else ""
        return JSONResponse({"service": self.name, "path": request.url.path, "caller": caller, "size": size})

    async def _of_kind(self, request: Request) -> Response:
        return Response(_LONG, media_type=_MEDIA[request.path_params["kind"]])

    async def _stream(self, request: Request) -> Response:
        async def events() -> AsyncIterator[str]:
            yield "data: first\n\n"
            # Whoever holds back the first keeps us waiting here until the test's patience ends.
            await asyncio.to_thread(self.seen.wait, _SECONDS)
            yield "data: second\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")


@dataclass
class Gateway:
    port: int
    services: dict[str, StandIn]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Sends the path as it is: a client that tidies it up first would hide what somebody else may send."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    program = shutil.which("caddy")
    assert program, "Caddy is missing: `make servers` installs it"
    services = {name: StandIn(name) for name in process_names()}
    for service in services.values():
        service.start()
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GATEWAY_ADDRESS": f"http://127.0.0.1:{port}",
        "GATEWAY_FILES": str(ROOT / "deploy" / "gateway"),
        **{f"{name.upper()}_AT": f"127.0.0.1:{service.port}" for name, service in services.items()},
    }
    caddyfile = ROOT / "deploy" / "gateway" / "Caddyfile"
    child = Child("caddy", [program, "run", "--config", str(caddyfile)], environment, Path(folder / "caddy.log"))
    child.start()
    try:
        child.wait_until(lambda: _answers(port), _SECONDS)
        yield Gateway(port, services)
    finally:
        child.stop()
        for service in services.values():
            service.stop()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=3).is_success
    except httpx.TransportError:
        return False


def _of_the_platform() -> list[str]:
    """What the table leaves to the operator's network."""
    rules = {**rules_of("app"), **rules_of("shell")}
    return sorted(route.removeprefix("GET ") for route, rule in rules.items() if rule.proof == "platform")


_KEPT_BACK = [
    *_of_the_platform(),
    *(f"/api/{name}{path}" for name in ("intake", "internal_affairs", "evaluation") for path in _of_the_platform()),
]
_DISGUISED = [
    "//metrics",
    "/./metrics",
    "/%6detrics",
    "/METRICS",
    "/api/intake//metrics",
    "/api//intake/metrics",
    "/api/intake/./metrics",
    "/api/intake/x/../metrics",
    "/api/intake/x/%2e%2e/metrics",
    "/api/intake%2Fmetrics",
    "/api/intake/%6D%65trics",
    "/api/intake/health%2Fready",
    "/api/intake/health//ready",
    "/api/intake/..%2F..%2Fmetrics",
    "/intake/../metrics",
    "/intake/..%2fmetrics",
]


@pytest.mark.parametrize("path", _KEPT_BACK)
def test_what_only_the_operators_network_reaches_is_not_to_be_had(gateway: Gateway, path: str) -> None:
    assert gateway.get(path)[0] == 404


@pytest.mark.parametrize("path", _DISGUISED)
def test_nor_is_it_by_another_spelling(gateway: Gateway, path: str) -> None:
    status, _, body = gateway.get(path)
    if status == 200:
        reached = httpx.Response(200, content=body).json()["path"]
        assert reached not in _of_the_platform(), f"{path} reached {reached}"
        # What is left of it is no route: a service tidies no path up before it looks for one.
        assert reached.rstrip("/") not in _of_the_platform()


def test_the_stand_ins_would_have_shown_it(gateway: Gateway) -> None:
    """The control."""
    service = gateway.services["intake"]
    direct = httpx.get(f"http://127.0.0.1:{service.port}/metrics").json()
    assert (direct["service"], direct["path"]) == ("intake", "/metrics")


@pytest.mark.parametrize("name", [name for name in process_names() if name != "portal"])
def test_each_service_has_its_pages_and_its_programs(gateway: Gateway, name: str) -> None:
    for path, reached in ((f"/{name}/worklist", f"/{name}/worklist"), (f"/api/{name}/complaints/1", "/complaints/1")):
        told = httpx.get(f"{gateway.url}{path}").json()
        assert (told["service"], told["path"]) == (name, reached)


@pytest.mark.parametrize("path", ["/", "/nonsense", "/api/nonsense/complaints", "/.env", "/intakes/x", "/api/intake"])
def test_what_is_no_services_path_is_the_portals_to_answer(gateway: Gateway, path: str) -> None:
    assert httpx.get(f"{gateway.url}{path}").json()["service"] == "portal"


def test_the_pages_of_a_stopped_service_say_so_and_come_back(gateway: Gateway) -> None:
    service = gateway.services["mediation"]
    service.stop()
    status, headers, body = gateway.get("/mediation/worklist")
    assert status == 503
    assert int(headers["retry-after"]) > 0
    assert headers["content-type"].startswith("text/html")
    assert "sedang tidak tersedia" in body.decode()
    assert "110" in body.decode()
    status, headers, body = gateway.get("/api/mediation/worklist")
    problem = httpx.Response(status, content=body).json()
    assert (status, problem["status"], headers["content-type"]) == (503, 503, "application/problem+json")
    assert problem["type"].startswith("urn:aduan:problem:")
    assert int(headers["retry-after"]) > 0
    assert gateway.get("/referral/worklist")[0] == 200, "the others go on"
    service.start()
    wait_for(lambda: gateway.get("/mediation/worklist")[0] == 200, "its pages are back", _SECONDS)


def test_what_changes_reaches_a_browser_at_once(gateway: Gateway) -> None:
    service = gateway.services["verification"]
    headers = {"Accept": "text/event-stream", "Accept-Encoding": "gzip"}
    with httpx.stream("GET", f"{gateway.url}/verification/stream", headers=headers, timeout=_SECONDS) as answer:
        lines = (line for line in answer.iter_lines() if line)
        assert next(lines) == "data: first"
        service.seen.set()
        assert next(lines) == "data: second"


@pytest.mark.parametrize(
    ("kind", "smaller"),
    [*((k, True) for k in ("html", "css", "json")), *((k, False) for k in ("png", "pdf", "events"))],
)
def test_text_alone_is_compressed(gateway: Gateway, kind: str, smaller: bool) -> None:
    status, headers, body = gateway.get(f"/intake/kinds/{kind}", **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert (headers.get("content-encoding") == "gzip") == smaller
    assert (len(body) < len(_LONG)) == smaller
    assert gateway.get(f"/intake/kinds/{kind}")[2] == _LONG.encode(), "only for who can read it"


def test_a_long_upload_arrives_whole(gateway: Gateway) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield bytes(1024 * 1024)

    for content in (bytes(30 * 1024 * 1024), pieces()):
        answer = httpx.post(f"{gateway.url}/intake/report", content=content, timeout=60)
        assert answer.json()["size"] == 30 * 1024 * 1024


_SAID = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.7",
    "Forwarded": "for=203.0.113.7",
    "X-Client-IP": "203.0.113.7",
}


def _caller(url: str, headers: dict[str, Any], address: str) -> str:
    """Whom a service takes a request to be from, which is whom quotas count."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
        return str(client.get(url, headers=headers).json()["caller"])


def test_a_service_knows_who_called_the_gateway_and_believes_nobody_else(gateway: Gateway) -> None:
    url = f"{gateway.url}/notification/track"
    assert _caller(url, {}, "127.0.0.9") == "127.0.0.9"
    for name, value in _SAID.items():
        assert _caller(url, {name: value}, "127.0.0.9") == "127.0.0.9", name
    assert _caller(url, {"X-Forwarded-For": "203.0.113.7, 127.0.0.1"}, "127.0.0.9") == "127.0.0.9"


def test_a_header_that_the_gateway_did_not_write_would_count(gateway: Gateway) -> None:
    """The control: on its own machine the header is believed, so it is the gateway that keeps a forged one away."""
    url = f"http://127.0.0.1:{gateway.services['notification'].port}/notification/track"
    assert _caller(url, {"X-Forwarded-For": "203.0.113.7"}, "127.0.0.1") == "203.0.113.7"
    assert _caller(url, {"X-Forwarded-For": "203.0.113.7"}, "127.0.0.9") == "127.0.0.9"
