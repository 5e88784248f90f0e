"""How reporters whom no message reached can be called, opened for an officer."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.notification.domain import Correspondence
from services.notification.message import Message
from services.notification.reaching import nobody_unreached
from shared.contracts.refusals import Unavailable
from shared.room import Room
from shared.sealing import Unsealable


@dataclass(frozen=True, slots=True)
class Reachable:
    """A report, and its reporter's phone and mailbox as they were told."""

    register_number: str
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)


async def opened(room: Room, unreached: Iterable[Message]) -> list[Reachable]:
    """Those whom these messages did not reach. Raises Conflict where there are none, and Unavailable where a key is
    missing."""
    numbers = {message.recipient: message.register_number for message in unreached}
    if not numbers:
        raise nobody_unreached()
    documents = await room.store().load(numbers)
    found = []
    for complaint, register_number in numbers.items():
        case: Correspondence | None = documents[complaint].case
        try:
            told = room.vault.open("contact", complaint, case.contact) if case and case.contact else {}
        except Unsealable:
            raise Unavailable("unsealable", "The contact cannot be opened with the keys that are here.") from None
        found.append(Reachable(register_number, told.get("phone"), told.get("email")))
    return found
