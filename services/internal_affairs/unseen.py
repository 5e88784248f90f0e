"""Complaints that name every office that could have them: nobody may see them, so a machine must say that they exist.

Neither the metric nor the log tells whom they name. Whoever runs the system names another body in `procedure.toml`,
and the cases go there by themselves.
"""

import asyncio
from datetime import datetime, timedelta

from prometheus_client import Gauge

from services.internal_affairs import facts, queries
from services.internal_affairs.consumers import notices
from services.internal_affairs.domain import hearing
from services.internal_affairs.procedure import Procedure
from shared import telemetry
from shared.contracts.envelope import Command
from shared.operation import Operation
from shared.room import Room

UNSEEN = Gauge("aduan_internal_affairs_unseen", "Open complaints that name every office that could see them")
EVERY = timedelta(hours=1)


class Watch:
    """The step of one process."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._next: datetime | None = None

    async def look(self, room: Room) -> None:
        """Counts them, says it in the log once an hour, and sends on those that another desk may have by now."""
        found = await queries.unseen(room)
        UNSEEN.set(len(found))
        now = room.clock()
        if found and (self._next is None or now >= self._next):
            telemetry.log.error("complaints_unseen", count=len(found))
            self._next = now + EVERY
        decide, gather = hearing(self._procedure, facts.nothing_new), notices(self._procedure, room, facts.nothing_new)
        fit = [d for d in found if d.case and self._procedure.fit_desk(d.case) != d.case.desk]
        commands = [Command(f"unseen:{d.version}", d.id, d.case.polres, None, lane=d.case.lane) for d in fit if d.case]
        await asyncio.gather(*(room.unit().submit(Operation(one, decide, one.subject, gather)) for one in commands))
