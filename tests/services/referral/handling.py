"""A complaint on its way to an agency, as tests bring it there and look at it."""

from typing import Any

from tests.services.referral.conftest import POLRES, classified, complaint_id
from tests.services.referral.sides import AgencySide
from tests.support.room import Running, until


async def offered(service: Running, side: AgencySide, complaint: str | None = None, **values: Any) -> tuple[str, str]:
    """A complaint that the agency was asked to take: its id and the agency's number of it."""
    complaint = complaint or complaint_id()
    await service.hear(classified(service, complaint, **values), complaint)
    return complaint, await asked(service, side, complaint)


async def asked(service: Running, side: AgencySide, complaint: str) -> str:
    """The number under which the agency was asked, once it has been told."""

    async def number() -> str | None:
        case = (await service.room.store().load([complaint]))[complaint].case
        return case.holder.number if case and case.holder and case.holder.agency == side.slug else None

    found: str = await until(number, f"{complaint} is offered to {side.slug}")
    await side.hears("referral.offer.v1", found)
    return found


async def shown(service: Running, complaint: str, **expected: Any) -> dict[str, Any]:
    """Waits till an officer sees these values."""
    officer = service.token("referral_officer", person="officer-1", units=(POLRES,))

    async def there() -> dict[str, Any] | None:
        answer = await service.http.get(f"/cases/{complaint}", headers=officer)
        view: dict[str, Any] = answer.json()
        fits = answer.status_code == 200 and all(view[name] == value for name, value in expected.items())
        return view if fits else None

    found: dict[str, Any] = await until(there, f"{complaint} shows {expected}")
    return found
