"""Erasure: what is left of a case once `complaint.erased` was heard, and how every service comes to that.

The whole case goes, not its sealed texts alone: with it go the keys that they carry, the HMACs by which a phone or a
code was recognised, and its timers. What stays is a tombstone, so that whatever comes later changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aio_pika.abc import AbstractIncomingMessage
from pymongo import ASCENDING, IndexModel

from shared.contracts import catalogue
from shared.contracts.envelope import Command, Decision, Envelope, Lane, instant
from shared.contracts.intake import ComplaintErased
from shared.handlers import On
from shared.operation import Operation
from shared.retries import Receive
from shared.room import Room
from shared.tombstone import Erased

LINKED = IndexModel([("case.linked.complaint", ASCENDING)], name="linked", sparse=True)
_MOST_LINKED = 100

Erasing = Callable[[Room, str], Awaitable[None]]


def erase(case: Any, message: Envelope[ComplaintErased], now: datetime) -> Decision[Erased]:
    """The case becomes its tombstone; one that was never heard of gets its tombstone ahead of it."""
    said = message.data
    return Decision(
        Erased(message.polres, message.lane, instant(message.time), said.reason, said.register_number, said.officer)
    )


def handled(handlers: Sequence[On]) -> list[On]:
    """The handlers, with that of erasure where the service has none of its own."""
    own = any(on.event is ComplaintErased for on in handlers)
    return [*handlers, *([] if own else [On(ComplaintErased, erase)])]


def beside(room: Room, erasing: Erasing, receive: Receive) -> Receive:
    """Before the case itself is erased, destroys what the service keeps of it elsewhere: a crash between brings the
    message back, and the case still tells what is to be destroyed. Afterwards once more, for what a message that was
    under way has brought in meanwhile."""

    async def receive_any(message: AbstractIncomingMessage) -> None:
        if message.type != ComplaintErased.wire:
            await receive(message)
            return
        complaint = catalogue.read(message.type, message.body).subject
        await erasing(room, complaint)
        await receive(message)
        await erasing(room, complaint)

    return receive_any


async def unlink(room: Room, complaint: str) -> None:
    """Takes the complaint's report out of the cases that lead it on. They need the index LINKED."""
    led_on = await room.store().find({"case.linked.complaint": complaint}, limit=_MOST_LINKED)

    def without(case: Any, message: Command[None], now: datetime) -> Decision[Any]:
        if case is None:
            return Decision(None)
        kept = tuple(report for report in case.linked if report.complaint != complaint)
        return Decision(case if kept == case.linked else replace(case, linked=kept))

    for document in led_on:
        if document.case:
            await submit(room, document.id, document.case.lane, complaint, without)


async def submit(
    room: Room,
    case_id: str,
    lane: Lane,
    complaint: str,
    decide: Callable[..., Decision[Any]],
    collection: str | None = None,
) -> None:
    """Has a case that is not the complaint's own forget it."""
    command = Command(f"erased:{complaint}", case_id, room.settings.polres, None, lane=lane)
    await room.unit(collection).submit(Operation(command, decide, case_id))
