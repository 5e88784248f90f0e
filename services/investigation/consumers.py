"""Which decision each event leads to, and what happens by itself as time goes by."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from aio_pika.abc import AbstractIncomingMessage

from services.investigation import facts
from services.investigation.case import Case
from services.investigation.finder import Finder
from services.investigation.known import Found
from services.investigation.procedure import Procedure
from services.investigation.settle import hearing
from shared.clock import wake
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Command, Decision
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from shared.handlers import On
from shared.operation import Operation
from shared.retries import Receive
from shared.room import Room
from shared.store import Document, Taken
from shared.told import earlier

LOST_PATROLS = 20  # times that another patrol is looked for because the one found was sent elsewhere meanwhile
LOOKED_AT_ONCE = 50

R = TypeVar("R")


def handlers(procedure: Procedure, room: Room) -> Sequence[On]:
    """The events that investigation hears."""
    finder = Finder(room, procedure)
    about_subject: list[tuple[type, facts.Learn]] = [
        (ComplaintClassified, facts.classified),
        (ComplaintReclassified, facts.reclassified),
        (ComplaintLinked, facts.joined),
        (ComplaintSupplemented, facts.supplemented),
        (ComplaintWithdrawn, facts.withdrawn),
        (ComplaintRejected, facts.rejected),
        (ConductConflictFound, facts.named),
    ]
    heard = [On(event, hearing(procedure, learn), finder.whom(learn)) for event, learn in about_subject]
    link = On(ComplaintLinked, hearing(procedure, facts.linked), finder.whom(facts.linked, earlier), earlier)
    return [*heard, link]


def receiving(room: Room, receive: Receive) -> Receive:
    """Receives a message again at once where its patrol was lost to another complaint."""

    async def receive_till_sent(message: AbstractIncomingMessage) -> None:
        await till_sent(lambda: receive(message))

    return receive_till_sent


async def till_sent(attempt: Callable[[], Awaitable[R]]) -> R:
    """Repeats the attempt while its patrol turns out to be taken: each time somebody else's dispatch has gone through,
    and the next look finds the patrol busy. Raises Taken in the end."""
    for _ in range(LOST_PATROLS):
        try:
            return await attempt()
        except Taken:
            continue
    return await attempt()


async def wake_cases(procedure: Procedure, room: Room) -> int:
    """Lets every case act whose timer has run out."""
    decide = hearing(procedure, facts.nothing_new)
    return await wake(room.unit(), decide, room.clock(), Finder(room, procedure).whom(facts.nothing_new))


async def look_for_patrols(procedure: Procedure, room: Room) -> int:
    """Gives patrols that have become free to the complaints that wait, the most urgent and oldest first.

    A case that waits also looks by its own timer; this is so that nobody waits for that while a patrol stands idle.
    """
    documents: list[Document[Case]] = await room.store().find(
        {"case.searching": True},
        sort=[("case.classification.urgency", 1), ("case.dispatch.wanted_at", 1)],
        limit=LOOKED_AT_ONCE,
    )
    waiting = [(document.id, document.version, document.case) for document in documents if document.case]
    if not waiting:
        return 0
    finder = Finder(room, procedure)
    if not await finder.free_patrols(sorted({case.polres for _, _, case in waiting})):
        return 0
    step, decide = finder.whom(facts.nothing_new), _only_if_found(procedure)

    async def look(complaint: str, version: int, case: Case) -> None:
        # The id holds the version, so that however many processes look, a case is given one patrol.
        command = Command(f"free:{version}", complaint, case.polres, None, lane=case.lane)
        await till_sent(lambda: room.unit().submit(Operation(command, decide, complaint, step)))

    await asyncio.gather(*(look(*one) for one in waiting))
    return len(waiting)


def _only_if_found(procedure: Procedure) -> Callable[..., Decision[Case]]:
    settled = hearing(procedure, facts.nothing_new)

    def give(case: Case | None, message: Command[None], now: datetime, found: Found) -> Decision[Case]:
        return settled(case, message, now, found) if found.patrol else Decision(case)

    return give
