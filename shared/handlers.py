"""Which decision an event leads to."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aio_pika.abc import AbstractIncomingMessage

from shared import telemetry
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event
from shared.contracts.refusals import Invalid
from shared.operation import Decide, Gather, Operation
from shared.retries import Receive
from shared.unit import Unit


def _subject(message: Envelope[Any]) -> str:
    return message.subject


@dataclass(frozen=True, slots=True)
class On:
    """An event, the decision that it leads to, and whose case it is about where that is not its subject's.

    Several may name the same event where each leads to a case of its own: a case takes a message once.
    """

    event: type[Event]
    decide: Decide
    gather: Gather | None = None
    case_id: Callable[[Envelope[Any]], str] = _subject


def dispatch(unit: Unit[Any], handlers: Sequence[On]) -> Receive:
    """Receives a message by reading it and submitting an operation for each handler of its event."""
    by_wire: dict[str, list[On]] = {}
    for handler in handlers:
        by_wire.setdefault(handler.event.wire, []).append(handler)

    async def receive(message: AbstractIncomingMessage) -> None:
        envelope = catalogue.read(message.type, message.body)
        matching = by_wire.get(envelope.type)
        if not matching:
            raise Invalid("not_heard", "This service does not listen to that event.", "type")
        with telemetry.span(envelope.type, envelope.traceparent, complaint=envelope.subject):
            operations = [Operation(envelope, on.decide, on.case_id(envelope), on.gather) for on in matching]
            leads_elsewhere = any(operation.case_id != envelope.subject for operation in operations)
            if leads_elsewhere and await _is_erased(unit, envelope.subject):
                return
            # A task of its own would cost more than the decision, and nearly every message leads to one alone.
            if len(operations) == 1:
                await unit.submit(operations[0])
            else:
                await asyncio.gather(*map(unit.submit, operations))

    return receive


async def _is_erased(unit: Unit[Any], complaint: str) -> bool:
    """Whether a complaint was erased: it must not come in again by way of another's case, however late the message."""
    return (await unit.store.load([complaint]))[complaint].erased is not None
