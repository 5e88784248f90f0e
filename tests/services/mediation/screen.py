"""A matter's panel as a browser shows it and sends its forms."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pypdf import PdfReader

from tests.services.mediation.conftest import POLRES, complaint_id
from tests.services.mediation.handling import Case
from tests.support.clock import Clock
from tests.support.room import Running

MARKUP = "<b>Sari</b> & <para>"


class Screen:
    """A matter's panel before one person."""

    def __init__(self, case: Case, person: dict[str, str]) -> None:
        self._case = case
        # A browser gives no reason unless somebody typed one.
        self._who = {name: value for name, value in person.items() if name != "Access-Reason"}
        self.text = ""

    async def look(self, **headers: str) -> httpx.Response:
        answer = await self._case.service.http.get(
            f"/mediation/panels/{self._case.id}", headers={**self._who, **headers}
        )
        self.text = answer.text
        return answer

    async def send(self, form: str, *, version: str | None = None, read_for: str = "", **fields: Any) -> httpx.Response:
        """Sends a form of the panel as it was last shown; `read_for` is what a form that came filled in
        was opened for."""
        if not self.text:
            await self.look()
        shown = re.search(r'name="version" value="(\d+)"', self.text)
        known = version or (shown[1] if shown else "0")
        answer = await self._case.service.http.post(
            f"/mediation/panels/{self._case.id}/{form}",
            data={"key": complaint_id(), "version": known, **fields},
            headers={**self._who, **why(read_for), "HX-Request": "true"},
        )
        self.text = answer.text
        return answer

    async def does(self, form: str, **fields: Any) -> str:
        """Sends a form that must take effect."""
        answer = await self.send(form, **fields)
        assert answer.status_code == 200, answer.text
        assert "Tersimpan." in answer.text
        return answer.text

    async def paper(self, name: str, reason: str = "for the parties to sign") -> httpx.Response:
        address = f"/mediation/panels/{self._case.id}/{name}.pdf"
        return await self._case.service.http.get(address, headers={**self._who, **why(reason)})

    async def opened(self, form: str, reason: str = "to correct it") -> httpx.Response:
        """Opens what stands in the form that writes it again."""
        address = f"/mediation/panels/{self._case.id}/{form}"
        return await self._case.service.http.get(address, headers={**self._who, **why(reason), "HX-Request": "true"})


def why(reason: str) -> dict[str, str]:
    return {"Access-Reason": reason} if reason else {}


def local(clock: Clock, **by: float) -> str:
    """As a browser writes a day and an hour, by the clock of the office."""
    return (clock().astimezone(ZoneInfo("Asia/Jakarta")) + timedelta(**by)).strftime("%Y-%m-%dT%H:%M")


def read(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


def lead(service: Running) -> dict[str, str]:
    return service.token("mediation_lead", person="lead-1", units=(POLRES,))


async def agreed(screen: Screen, case: Case) -> None:
    """Both sides are invited on the page, and agree."""
    for side, name in (("complainant", MARKUP), ("respondent", "Joko")):
        await screen.does("parties", side=side, name=name, phone="+6281200000001")
        party = (await case.get()).json()["round"]["parties"][-1]["id"]
        await screen.does(f"parties/{party}/consent", consent="agreed")
