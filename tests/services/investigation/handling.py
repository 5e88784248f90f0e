"""A complaint as its people handle it over HTTP."""

from typing import Any

import httpx

from shared.contracts.investigation import (
    InvestigationAssigned,
)
from tests.services.investigation.conftest import (
    POLRES,
    classified,
    complaint_id,
)
from tests.support.room import Running, until


class Case:
    """A complaint as its people handle it over HTTP."""

    def __init__(self, service: Running, complaint: str) -> None:
        self.service, self.id = service, complaint
        self.detective: dict[str, str] = {}
        self.chief = service.token("chief", person="chief-1", units=(POLRES,))
        self.head = service.token("unit_head", person="head-pidum", units=(POLRES, "Pidum"))

    async def get(self, path: str = "", person: dict[str, str] | None = None) -> httpx.Response:
        return await self.service.http.get(f"/cases/{self.id}{path}", headers=person or self.chief)

    async def send(
        self, method: str, path: str, body: Any, person: dict[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        return await self.service.http.request(
            method, f"/cases/{self.id}/{path}", json=body, headers={**(person or self.detective), **headers}
        )

    async def post(self, path: str, body: Any, person: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        return await self.send("POST", path, body, person, **headers)

    async def put(self, path: str, body: Any, person: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        return await self.send("PUT", path, body, person, **headers)

    async def shown(self, **expected: Any) -> dict[str, Any]:
        """Waits till the case shows these values."""

        async def there() -> dict[str, Any] | None:
            answer = await self.get()
            view: dict[str, Any] = answer.json()
            fits = answer.status_code == 200 and all(view[name] == value for name, value in expected.items())
            return view if fits else None

        found: dict[str, Any] = await until(there, f"{self.id} shows {expected}")
        return found


async def opened(service: Running, **values: Any) -> Case:
    """A complaint that a detective has."""
    case = Case(service, complaint_id())
    await service.hear(classified(service, case.id, **values), case.id)
    assigned = await service.says(InvestigationAssigned, case.id)
    case.detective = service.token("detective", person=assigned.data.detective, units=(POLRES, assigned.data.unit))
    return case
