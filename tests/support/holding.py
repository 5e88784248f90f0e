"""A browser without scripts that follows one report, as far as a single service goes."""

import re
from typing import Any
from uuid import uuid4

import httpx

from shared.tracking_cookie import COOKIE
from tests.support.room import Running


def browser(running: Running, code: str | None = None) -> httpx.AsyncClient:
    """A browser with cookies of its own; with `code`, it keeps that one already."""
    transport = httpx.ASGITransport(running.app, raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    client = httpx.AsyncClient(transport=transport, base_url="http://aduan.test", headers=headers)
    if code:
        client.cookies.set(COOKIE, code, domain="aduan.test")
    return client


async def send(client: httpx.AsyncClient, path: str, files: Any = None, **form: str) -> httpx.Response:
    """Sends a form; without a `key` it is one that was never sent before."""
    return await client.post(path, data={"key": str(uuid4()), **form}, files=files)


def said(answer: httpx.Response) -> str:
    """The words of a page, as somebody reads them."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def error_at(answer: httpx.Response, field: str) -> str | None:
    """What stands beside a field, if something is wrong there."""
    found = re.search(rf'id="{field}-error">([^<]*)<', answer.text)
    return found[1] if found else None
