"""What decisions must know from elsewhere, gathered for a whole group at once: the registry and the public holidays."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import holidays

from services.referral.case import Known
from services.referral.registry import Registry
from shared.room import Room


class Knowledge:
    """One per process, so that the unit sees one `gather` and asks it once per group."""

    registry: Registry

    def __init__(self, room: Room) -> None:
        self._room = room
        self.registry = Registry(room.mongo, room.vault, room.settings.polres)

    async def gather(self, asked: Sequence[tuple[Any, Any]]) -> list[Known]:
        known = Known(await self.registry.all(), _holidays(self._room.clock().year))
        return [known] * len(asked)


@cache
def _holidays(year: int) -> frozenset[date]:
    # A deadline that is set in December may end in January.
    return frozenset(holidays.country_holidays("ID", years=(year, year + 1)))
