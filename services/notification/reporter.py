"""What the holder of a tracking code reads and chooses, as programs and pages ask it."""

from functools import partial, update_wrapper

from services.notification import queries
from services.notification.contacts import Contact, open_contact
from services.notification.domain import Correspondence, prefer
from services.notification.preferences import Preferences
from services.notification.public_timeline import Tracked, tracked
from services.notification.settings import settings_of
from shared import tracking
from shared.contracts.complaint import Language
from shared.contracts.notification import Medium
from shared.contracts.refusals import Invalid, Unavailable
from shared.http import Ask
from shared.quotas import Caller
from shared.room import Room
from shared.sealing import Unsealable


async def found(room: Room, caller: Caller, typed: str) -> tuple[str, Correspondence]:
    """The complaint that a code leads to, and its id. An unknown code and a text that is none get the same answer."""
    await caller.looks_up()
    document = await queries.by_lookup(room, tracking.lookup_of(typed, settings_of(room).code_key))
    if document is None or document.case is None:
        await caller.knows_no_code()
    return document.id, document.case


async def report(room: Room, complaint: str, case: Correspondence, language: Language | None = None) -> Tracked:
    """What the holder of the code may know, in the reporter's own language where none is named."""
    words = settings_of(room).words(language or case.wishes.language or case.language)
    return tracked(words, room.vault, complaint, case, await earlier(room, case))


async def earlier(room: Room, case: Correspondence) -> Correspondence | None:
    """The complaint through which the reporter is told now, where there is one."""
    return (await room.store().load([case.linked_to]))[case.linked_to].case if case.linked_to else None


async def choose(ask: Ask, complaint: str, case: Correspondence, wishes: Preferences) -> Preferences:
    """Takes note of how the reporter wants to be told. Raises Invalid for a way that leads nowhere."""
    if wishes.medium and wishes.medium not in reachable(ask.room, complaint, case):
        raise Invalid("unreachable", "You cannot be reached that way with what the report says.", "channel")
    decide = update_wrapper(partial(prefer, settings_of(ask.room).policy()), prefer)  # its name is that of the span
    chosen: Correspondence = (await ask(complaint, wishes, decide, lane=case.lane)).case
    return chosen.preferences


def reachable(room: Room, complaint: str, case: Correspondence) -> tuple[Medium, ...]:
    """The ways in which something can be sent to the reporter. Raises Unavailable."""
    try:
        contact: Contact = open_contact(room.vault, complaint, case.contact)
    except Unsealable:
        raise Unavailable("contact_unreadable", "How you can be reached cannot be read at the moment.") from None
    return tuple(medium for medium in settings_of(room).media if contact.by(medium))
