"""Every answer of every route of every service tells browsers what to refuse, also where it is an error."""

import os
import re
from collections.abc import Iterator
from importlib import import_module
from unittest.mock import patch

import httpx
import pytest
from fastapi import FastAPI

from shared.settings import Settings
from tests.support.room import Running, environment, key, running
from tests.support.servers import Servers
from tests.test_indexes import SERVICES, SUBJECT

OWN = [
    "/docs",
    "/asyncapi",
    "/asyncapi.json",
    "/openapi.json",
    "/metrics",
    "/assets/aduan/openapi.js",
    "/assets/aduan/events.css",
]
STRICT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"}


def _asked(app: FastAPI) -> Iterator[tuple[str, str]]:
    """A request to each route, as anybody may send it, and some to none."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield method.upper(), re.sub(r"\{\w+\}", SUBJECT, path)
    yield from (("GET", path) for path in OWN)
    yield from (("GET", "/no/such/route"), ("POST", "/health/live"), ("HEAD", "/docs"), ("OPTIONS", "/docs"))


def _check(answer: httpx.Response) -> None:
    what = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
    assert STRICT.items() <= answer.headers.items(), what
    policy = answer.headers["content-security-policy"]
    assert set(policy.split("; ")) >= POLICY, what
    assert "unsafe" not in policy, what
    assert "camera=()" in answer.headers["permissions-policy"], what
    assert "server" not in answer.headers, what
    assert answer.headers.get_list("content-security-policy") == [policy], what


async def _walk(app: FastAPI, service: Running) -> None:
    asked = list(_asked(app))
    everybody = service.token("administrator", "verifier", "chief", units=("polres-sukamaju",))
    for method, path in asked:
        for sent in ({}, everybody, {"Cookie": "a=b"}):
            _check(await service.http.request(method, path, headers=sent))
    _check(await service.http.post("/no/such/route", content=b" " * 70_000))
    assert len(asked) > 10


@pytest.mark.parametrize("name", SERVICES)
async def test_every_answer_of_a_service_tells_browsers_what_to_refuse(name: str, real_servers: Servers) -> None:
    with patch.dict(os.environ, {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(real_servers)}):
        app, settings = import_module(f"services.{name}.main").app(), Settings()
        async with running(app, settings, name) as service:
            await _walk(app, service)
            await _have_nothing_inline(service)


async def _have_nothing_inline(service: Running) -> None:
    for page in ("/docs", "/asyncapi"):
        answer = await service.http.get(page)
        assert answer.headers["content-type"].startswith("text/html")
        check_markup(answer.text)


def check_markup(markup: str) -> None:
    """No script and no style stands in the page itself, and nothing comes from another origin."""
    for attributes, content in re.findall(r"<script\b([^>]*)>(.*?)</script>", markup, re.DOTALL | re.IGNORECASE):
        assert re.search(r'\bsrc="/[^/"]', attributes), attributes
        assert not content.strip()
    assert not re.search(r"<style\b|<[^>]+\s(?:style|on\w+)\s*=|javascript:|<base\b", markup, re.IGNORECASE)
    assert not re.search(r"""(?:src|href)=["'](?:[a-z]+:|//)""", markup, re.IGNORECASE)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<script src="//evil.example/x.js"></script>',
        '<script src="https://evil.example/x.js"></script>',
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<img src="/x" onerror="alert(1)">',
        '<a href="javascript:alert(1)">',
        '<base href="/x">',
    ],
)
def test_what_stands_in_a_page_itself_is_noticed(markup: str) -> None:
    """The control."""
    with pytest.raises(AssertionError):
        check_markup(markup)
