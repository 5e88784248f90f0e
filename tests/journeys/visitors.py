"""People at pages, through the gateway: as browsers without scripts send forms, and as the pages' scripts do.

What is personal in what they type is noted, and every address that they come by. A form that is refused is a draft.
"""

import re
from collections.abc import Sequence
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.demo.stage import OFFICE
from shared.contracts.envelope import Person
from tests.journeys.canaries import AGENT, PLACE, Canaries, Kind, kind_of
from tests.journeys.places import Run
from tests.support.provider import the_provider

SESSION = "aduan"  # the cookie of who is signed in, where there is no TLS
_VERSION = re.compile(r'name="version" value="(\d+)"')
_SCRIPTED = {"HX-Request": "true"}

Files = Sequence[tuple[str, bytes]]


class Visitor:
    """A browser of one person; `officer` is signed in. It is at `site`, where that is not the gateway."""

    def __init__(self, run: Run, canaries: Canaries, officer: Person | None = None, site: str = "") -> None:
        self._canaries = canaries
        self._urls = run.urls
        self._http = httpx.AsyncClient(
            base_url=site or run.state.url("gateway"),
            headers={"User-Agent": AGENT, "Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
            event_hooks={"request": [self._note_request], "response": [self._note_answer]},
            timeout=60,
        )
        self.note(AGENT, "agent")
        if officer:
            token = the_provider().token(officer)
            self.note(token, "token")
            self._http.cookies.set(SESSION, token)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    def note(self, text: str, kind: Kind) -> None:
        self._canaries[text] = kind

    async def open(self, path: str, reason: str = "") -> httpx.Response:
        """A page. With a reason, what it opens of what is sealed, as the page's script asks for it."""
        if reason:
            self.note(reason, "reason")
        return await self._http.get(path, headers={**_SCRIPTED, "Access-Reason": reason} if reason else {})

    async def send(self, path: str, files: Files | None = None, /, **typed: str) -> httpx.Response:
        """A form as a browser sends it that has no scripts. One that takes effect as often as it is sent has no key,
        which is said by an empty one."""
        return self._noted(await self._post(path, files, typed), typed)

    async def act(self, panel: str, move: str, /, **typed: str) -> httpx.Response:
        """A form of a panel as the page's script sends it, with the version that the panel shows."""
        shown = (await self.open(panel)).text
        version = _VERSION.search(shown)
        sent = {"version": version[1] if version else "0", **typed}
        return self._noted(await self._post(f"{panel}/{move}", None, sent, _SCRIPTED), typed)

    async def upload(self, content: bytes) -> httpx.Response:
        """A file as the report's script sends it, while the form is still being filled in."""
        headers = {**_SCRIPTED, "Content-Type": "application/octet-stream"}
        return await self._http.post("/intake/report/files", content=content, headers=headers)

    async def _post(
        self, path: str, files: Files | None, typed: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        sent: list[tuple[str, Any]] = [("files", (name, content, "image/jpeg")) for name, content in files or ()]
        for name, _ in files or ():
            self.note(name, "file")
        form = {"key": str(uuid4()), **typed}
        if form["key"]:
            self.note(form["key"], "key")
        data = {name: text for name, text in form.items() if text}
        return await self._http.post(path, data=data, files=sent or None, headers=headers)

    def _noted(self, answer: httpx.Response, typed: dict[str, str]) -> httpx.Response:
        for name, text in typed.items():
            if kind := kind_of(PLACE if name == "place" else name, text):
                self.note(text, "draft" if answer.is_client_error else kind)
        return answer

    async def _note_request(self, request: httpx.Request) -> None:
        self._urls.append(str(request.url))

    async def _note_answer(self, answer: httpx.Response) -> None:
        self._urls.append(answer.headers.get("Location", ""))


def of_office(name: str, role: str, *units: str) -> Person:
    return Person(name, frozenset({role}), frozenset({OFFICE, *units}))
