"""What an officer decides on a referral, as programs and pages say it, submitted to the case; and reading its words."""

from functools import partial, update_wrapper
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.referral import direction, queries, views
from services.referral.direction import Named
from services.referral.registry import AgencySlug
from services.referral.replies import Desk
from shared.access import needs_reason
from shared.contracts.envelope import Person
from shared.contracts.refusals import Unavailable
from shared.http import Ask
from shared.operation import Decide, Outcome
from shared.room import Room
from shared.sealing import Unsealable


class NamedAgency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agency: AgencySlug


async def offer_to(ask: Ask, person: Person, complaint: str, desk: Desk, agency: str) -> Outcome:
    """Another agency is asked, and whoever has it loses it."""
    return await _direct(ask, person, complaint, desk, direction.offer_to, Named(agency))


async def add_collaborator(ask: Ask, person: Person, complaint: str, desk: Desk, agency: str) -> Outcome:
    """An agency helps whoever has it."""
    return await _direct(ask, person, complaint, desk, direction.add_collaborator, Named(agency))


async def remove_collaborator(ask: Ask, person: Person, complaint: str, desk: Desk, agency: str) -> Outcome:
    """An agency's part in it ends."""
    return await _direct(ask, person, complaint, desk, direction.remove_collaborator, Named(agency))


async def give_back(ask: Ask, person: Person, complaint: str, desk: Desk) -> Outcome:
    """Classification decides where it goes on."""
    return await _direct(ask, person, complaint, desk, direction.return_to_classification, None)


async def send_again(ask: Ask, person: Person, complaint: str) -> Outcome:
    """The agency that has it is told once more."""
    return await ask(complaint, None, direction.send_again, actor=person)


async def read(room: Room, person: Person, complaint: str) -> views.Contents:
    """The sealed words; that they were read is kept first. Raises Absent, Invalid, Unavailable."""
    _, case = await queries.visible(room, person, complaint)
    needs_reason()
    await queries.record_reading(room, complaint, person.id, room.clock())
    try:
        return views.contents(room.vault, complaint, case)
    except Unsealable:
        raise Unavailable("unsealable", "What was told cannot be opened with the keys that are here.") from None


async def _direct(ask: Ask, person: Person, complaint: str, desk: Desk, decision: Any, data: Named | None) -> Outcome:
    decide: Decide = update_wrapper(partial(decision, desk.procedure), decision)
    return await ask(complaint, data, decide, actor=person, gather=desk.knowledge.gather)
