"""Investigation's pages as one officer has them before them."""

from uuid import uuid4

import httpx

from shared.contracts.investigation import PatrolDispatched
from tests.services.investigation.conftest import POLRES, classified, complaint_id, new_report
from tests.support.room import Running

CHANGED = "Kasus ini sudah berubah"


class Screen:
    """What one officer has before them."""

    def __init__(self, service: Running, headers: dict[str, str]) -> None:
        self._service = service
        self._unreasoned = {name: value for name, value in headers.items() if name != "Access-Reason"}

    async def open(
        self, path: str, *, reason: str | None = None, language: str = "id", fragment: bool = False
    ) -> httpx.Response:
        headers = {**self._unreasoned, **({"Access-Reason": reason} if reason else {})}
        headers |= {"HX-Request": "true"} if fragment else {}
        cookie = {"Cookie": f"language={language}"}
        return await self._service.http.get(f"/investigation/{path}", headers={**headers, **cookie})

    async def send(
        self, path: str, version: int | str | None = None, *, opened_for: str | None = None, **fields: str
    ) -> httpx.Response:
        """Sends a form of a panel, as the pages' scripts do; `opened_for` is why its sender opened what it changes."""
        form = {"key": str(uuid4()), **({} if version is None else {"version": str(version)}), **fields}
        headers = {**self._unreasoned, "HX-Request": "true", **({"Access-Reason": opened_for} if opened_for else {})}
        return await self._service.http.post(f"/investigation/{path}", data=form, headers=headers)

    async def submit(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Submits a form of a page, as a browser does by itself; what it leads to is not followed."""
        return await self._service.http.post(f"/investigation/{path}", data=fields, headers=self._unreasoned)


async def robbed(service: Running) -> tuple[str, str]:
    """A robbery in progress, and the patrol that is sent to it."""
    complaint = complaint_id()
    report = new_report(service, complaint, in_progress=True)
    urgent = classified(service, complaint, report, urgency="P1", category="robbery", units=("Jatanras",))
    await service.hear(urgent, complaint, lane="urgent")
    return complaint, (await service.says(PatrolDispatched, complaint)).data.patrol


def operator(service: Running) -> Screen:
    return Screen(service, service.token("call_operator", person="operator-1", units=(POLRES,)))
