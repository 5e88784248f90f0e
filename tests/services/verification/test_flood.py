"""Many reports that say nearly the same."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.verification import ComplaintLinked, ComplaintRejected, ComplaintVerified
from tests.services.verification.conftest import tell
from tests.support.room import Running, until

STORY = "Truk tangki terguling di depan pasar Canary, solar tumpah ke jalan, banyak motor jatuh."


async def test_near_duplicates_wait_for_a_person_and_none_is_lost(
    verification: Running, officer: dict[str, str]
) -> None:
    when = datetime.now(UTC) - timedelta(days=300)
    first = await tell(verification, STORY, occurred_at=when)
    await verification.says(ComplaintVerified, first)
    spam = [await tell(verification, f"{STORY} Tolong cepat {n}.", occurred_at=when) for n in range(12)]

    async def shown(complaint: str) -> dict[str, Any]:
        response = await verification.http.get(f"/complaints/{complaint}", headers=officer)
        view: dict[str, Any] = response.json() if response.status_code == 200 else {}
        return view

    await until(lambda: _all_there(shown, spam), "all are there")
    for complaint in spam:
        view = await shown(complaint)
        assert (view["status"], view["held_by"]) == ("waiting", ["reported_before"])
        assert view["suggestion"]["complaint"] in {first, *spam}
        for end in (ComplaintLinked, ComplaintRejected, ComplaintVerified):
            assert verification.of(end, complaint) == []


async def _all_there(shown: Any, complaints: list[str]) -> bool:
    return all(await asyncio.gather(*map(shown, complaints)))
