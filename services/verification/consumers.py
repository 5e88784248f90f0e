"""Which decision an event leads to."""

import asyncio

from aio_pika.abc import AbstractIncomingMessage

from services.verification import conflicts, domain, queries
from services.verification.contact import contact_confirmed
from services.verification.gathering import Examiner
from services.verification.jurisdiction import Jurisdiction
from shared.contracts import catalogue
from shared.contracts.envelope import Command, Envelope
from shared.contracts.intake import (
    ComplaintAppealed,
    ComplaintSubmitted,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    ContactConfirmed,
)
from shared.contracts.internal_affairs import ConductConflictFound
from shared.handlers import On
from shared.operation import Operation
from shared.retries import Receive
from shared.room import Room


def handlers(room: Room, jurisdiction: Jurisdiction) -> list[On]:
    examiner = Examiner(room, jurisdiction)
    return [
        On(ComplaintSubmitted, domain.submitted, examiner.examine),
        On(ComplaintSupplemented, domain.supplemented, examiner.examine),
        On(ComplaintWithdrawn, domain.withdrawn),
        On(ComplaintAppealed, domain.appealed, examiner.examine),
        On(ConductConflictFound, conflicts.named),
        On(ContactConfirmed, contact_confirmed),
    ]


def receiving(room: Room, receive: Receive) -> Receive:
    """Receives a message; what hides a report hides those that rest on it too, which name it to whoever reads them."""

    async def receive_any(message: AbstractIncomingMessage) -> None:
        await receive(message)
        if message.type == ConductConflictFound.wire:
            await _hide_resting(room, catalogue.read(message.type, message.body))

    return receive_any


async def _hide_resting(room: Room, found: Envelope[ConductConflictFound]) -> None:
    reached = {found.subject}
    resting = await queries.resting_on(room.store(), reached)
    while resting := {id_: lane for id_, lane in resting.items() if id_ not in reached}:
        names = found.data.names
        commands = [Command(found.id, id_, found.polres, names, lane=lane) for id_, lane in resting.items()]
        operations = [Operation(command, conflicts.tells_of, command.subject) for command in commands]
        await asyncio.gather(*map(room.unit().submit, operations))
        reached |= resting.keys()
        resting = await queries.resting_on(room.store(), resting)
