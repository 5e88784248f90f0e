"""A matter as its people handle it over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.contracts.mediation import MediationAssigned
from tests.services.mediation.conftest import POLRES, classified, complaint_id, new_report
from tests.support.clock import Clock
from tests.support.room import Running, until


class Case:
    """A matter as its people handle it over HTTP."""

    def __init__(self, service: Running, complaint: str) -> None:
        self.service, self.id = service, complaint
        self.mediator: dict[str, str] = {}
        self.lead = service.token("mediation_lead", person="lead-1", units=(POLRES,))

    async def get(self, path: str = "", person: dict[str, str] | None = None) -> httpx.Response:
        return await self.service.http.get(f"/cases/{self.id}{path}", headers=person or self.lead)

    async def send(
        self, method: str, path: str, body: Any, person: dict[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        return await self.service.http.request(
            method, f"/cases/{self.id}/{path}", json=body, headers={**(person or self.mediator), **headers}
        )

    async def post(self, path: str, body: Any, person: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        return await self.send("POST", path, body, person, **headers)

    async def put(self, path: str, body: Any, person: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        return await self.send("PUT", path, body, person, **headers)

    async def done(self, method: str, path: str, body: Any, person: dict[str, str] | None = None) -> dict[str, Any]:
        """The case after something that must succeed."""
        answer = await self.send(method, path, body, person)
        assert answer.status_code in (200, 201), answer.text
        view: dict[str, Any] = answer.json()
        return view

    async def shown(self, **expected: Any) -> dict[str, Any]:
        """Waits till the case shows these values."""

        async def there() -> dict[str, Any] | None:
            answer = await self.get()
            view: dict[str, Any] = answer.json()
            fits = answer.status_code == 200 and all(view[name] == value for name, value in expected.items())
            return view if fits else None

        found: dict[str, Any] = await until(there, f"{self.id} shows {expected}")
        return found

    async def parties(self) -> list[str]:
        """Two parties, one of either side, who agreed to take part."""
        for side, name in (("complainant", "Canary Sari"), ("respondent", "Canary Joko")):
            view = await self.done("POST", "parties", {"side": side, "name": name, "phone": "+6281200000001"})
            party = view["round"]["parties"][-1]["id"]
            view = await self.done("PUT", f"parties/{party}/consent", {"consent": "agreed"})
        return [party["id"] for party in view["round"]["parties"]]

    async def settled(self, clock: Clock) -> dict[str, Any]:
        """The case once its parties met and signed two points."""
        parties = await self.parties()
        await self.done("POST", "sessions", {"at": later(clock, days=1), "place": "Canary hall"})
        clock.forward(days=1, seconds=1)
        await self.done("POST", "sessions/1/holding", {})
        await self.done("PUT", "sessions/1/minutes", {"text": "Canary minutes"})
        points = [{"text": f"Canary point {n}", "due": later(clock, days=10 * n)} for n in (1, 2)]
        await self.done("PUT", "agreement", {"points": points})
        await self.done("POST", "agreement/signatures", {"party": parties[0]})
        return await self.done("POST", "agreement/signatures", {"party": parties[1]})


def later(clock: Clock | None = None, **by: float) -> str:
    return ((clock() if clock else datetime.now(UTC)) + timedelta(**by)).isoformat()


async def opened(service: Running, village: str | None = None, **values: Any) -> Case:
    """A matter that its village's officer has."""
    case = Case(service, complaint_id())
    report = new_report(service, case.id, **({"village": village} if village else {}))
    await service.hear(classified(service, case.id, report, **values), case.id)
    assigned = await service.says(MediationAssigned, case.id)
    case.mediator = service.token("bhabinkamtibmas", person=assigned.data.mediator, units=(POLRES,))
    return case
