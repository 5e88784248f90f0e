"""Every query uses an index, also when most cases are not meant."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, get_args

import pytest

from services.referral import queries
from shared.contracts.envelope import Person
from shared.contracts.referral import ReferralOffered
from shared.room import Room
from tests.services.referral.conftest import POLRES, classified, complaint_id
from tests.support.room import Running

PERSON = Person("officer-1", frozenset({"referral_officer"}), frozenset({POLRES}))


class _Asked:
    """A room whose store explains what it is asked for instead of finding it."""

    def __init__(self, room: Room) -> None:
        self.clock, self._collection, self.plans = room.clock, room.store().collection, list[str]()

    def store(self) -> "_Asked":
        return self

    async def find(self, query: Any, *, sort: Any = (), limit: int = 100) -> list[Any]:
        cursor = self._collection.find(query).limit(limit)
        explained = await (cursor.sort(list(sort)) if sort else cursor).explain()
        self.plans.append(str(explained["queryPlanner"]["winningPlan"]))
        return []

    async def find_one(self, query: Any) -> None:
        await self.find(query)


async def _list(what: Any, room: Any) -> None:
    await queries.worklist(room, PERSON, what, 50)


ASKED: dict[str, Callable[[Any], Awaitable[object]]] = {
    **{what: partial(_list, what) for what in get_args(queries.Listed)},
    "the case of a number": lambda room: queries.numbered(room, "RJ-AAAA-AAAA-AAAA"),
    "what is to be delivered": lambda room: queries.undelivered(room, "damkar-test"),
    "all that an agency has": lambda room: queries.of_agency(room, "damkar-test", ""),
}


@pytest.mark.parametrize("what", ASKED)
async def test_a_query_uses_an_index(referral: Running, what: str) -> None:
    complaint = complaint_id()
    await referral.hear(classified(referral, complaint), complaint)
    await referral.says(ReferralOffered, complaint)
    asked = _Asked(referral.room)
    await ASKED[what](asked)
    assert "IXSCAN" in asked.plans[0]
    assert "COLLSCAN" not in asked.plans[0]
