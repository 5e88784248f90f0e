"""What evaluation does by itself as time goes by: it looks for what falls short, and measures again what is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.evaluation import finding, rules
from services.evaluation.domain import month_before, month_of
from services.evaluation.finding import Finding, Measured
from services.evaluation.ledger import Ledger
from services.evaluation.queries import FINDINGS
from services.evaluation.rules import OBSERVATION, Shortfall
from services.evaluation.settings import settings_of
from shared.clock import wake
from shared.contracts.envelope import Command
from shared.operation import Operation, Outcome
from shared.room import Room

EVERY = timedelta(hours=1)


class Measuring:
    """The steps of one process. Others may take them too: an effect has one id, and so happens once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._next: datetime | None = None

    async def look_for_shortfalls(self, room: Room) -> None:
        """Once an hour, the month that is over and the one that runs."""
        now = room.clock()
        if self._next and now < self._next:
            return
        month = month_of(now, settings_of(room).zone)
        for name in (month_before(month), month):
            await examine(room, self._ledger, name)
        self._next = now + EVERY

    async def measure_again(self, room: Room) -> None:
        """Findings whose day has come."""

        async def measured(asked: Sequence[tuple[Command[None], Finding | None]]) -> list[Measured]:
            return [await self._measured(room, case) for _, case in asked]

        await wake(room.unit(FINDINGS), finding.remeasure, room.clock(), gather=measured)

    async def _measured(self, room: Room, case: Finding | None) -> Measured:
        name = month_before(month_of(room.clock(), settings_of(room).zone))
        if case is None or case.indicator == OBSERVATION:
            return Measured(name, None)
        value = rules.value_of(case.indicator, case.scope, await self._ledger.month(room, name), self._ledger.targets)
        return Measured(name, value)


async def examine(room: Room, ledger: Ledger, name: str) -> list[str]:
    """Raises what the rules find in a month. Returns the ids of all that they found, also of what was raised before."""
    month, before = await ledger.months(room, [name, month_before(name)])
    outcomes: dict[str, Outcome] = {}
    for short in rules.shortfalls(month, before, ledger.targets):
        id_ = finding_id(room.settings.polres, short)
        command: Command[Any] = Command(f"rule:{id_}", id_, room.settings.polres, short)
        outcomes[id_] = await room.unit(FINDINGS).submit(Operation(command, finding.found_by_rule, id_))
    return list(outcomes)


def finding_id(polres: str, short: Shortfall) -> str:
    """The same for the same rule, indicator, scope and month."""
    return str(uuid5(NAMESPACE_URL, f"{polres}|{short.rule}|{short.indicator}|{short.scope}|{short.month}"))
