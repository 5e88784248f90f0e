"""Panels of officers' pages as a browser asks for them: without a reason unless one is typed, and with the page's own
form."""

import re
from typing import Any

import httpx
from uuid6 import uuid7

from tests.support.room import Running

Headers = dict[str, str]
HTMX = {"HX-Request": "true"}
READING = {"Access-Reason": "memutuskan perkara"}


async def look(service: Running, who: Headers, path: str, **headers: str) -> httpx.Response:
    """A page as this person sees it."""
    without = {name: value for name, value in who.items() if name != "Access-Reason"}
    return await service.http.get(path, headers={**without, **headers})


async def send(service: Running, who: Headers, panel: str, move: str, **form: Any) -> httpx.Response:
    """What comes of a form of the panel, with the version that the panel shows unless another is named."""
    shown = (await look(service, who, panel)).text
    version = re.search(r'name="version" value="(\d+)"', shown)
    sent = {"key": str(uuid7()), "version": version[1] if version else "0", **form}
    return await service.http.post(f"{panel}/{move}", data=sent, headers={**who, **HTMX})


def error_at_field(answer: httpx.Response, words: str) -> bool:
    """Whether these words stand beside a field."""
    return re.search(rf'class="error"[^>]*>{re.escape(words)}', answer.text) is not None


def cases(page: httpx.Response) -> list[str]:
    """The cases that a page leads to, in its order."""
    return re.findall(r'href="/portal/cases/([0-9a-f-]{36})"', page.text)


def version_of(page: httpx.Response) -> str:
    """What the first form of a page says that its sender saw."""
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found, page.text
    return found[1]


def acts(page: httpx.Response) -> list[str]:
    """What the history of a roster's entry says, the latest first, without the times."""
    return [" ".join(act.split()) for act in re.findall(r"</time> · (.*?)</li>", page.text, re.DOTALL)]
