"""A head gives a case to another detective."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.investigation import access, detectives
from services.investigation.case import Case
from services.investigation.known import FoundDetective
from services.investigation.procedure import Procedure
from services.investigation.settle import settle
from shared.contracts.envelope import Command, Decision
from shared.contracts.refusals import Conflict, Forbidden, Invalid

Why = Literal["workload", "leave", "conflict_of_interest", "speciality", "other"]
Unfit = Literal["unknown", "on_leave", "conflict", "other_unit"]


@dataclass(frozen=True, slots=True)
class Reassignment:
    detective: str
    reason: Why


_WORDS: dict[Unfit, str] = {
    "unknown": "There is no such detective.",
    "on_leave": "The detective is on leave.",
    "conflict": "The detective has a conflict of interest with this complaint.",
    "other_unit": "The detective belongs to a unit that you do not head.",
}


def reassign(
    procedure: Procedure,
    case: Case | None,
    command: Command[Reassignment],
    now: datetime,
    found: FoundDetective | Unfit,
) -> Decision[Case]:
    """The head of the unit, or the chief, decides who has the case."""
    before, person = access.of_leader(case, command.actor)
    if person.roles.isdisjoint({"unit_head", "chief"}):
        raise Forbidden("role_missing", "Only a unit's head or the chief gives a case to another.")
    if before.status != "open" or before.plan is None:
        raise Conflict("not_open", "The investigation of this complaint is not open.")
    if isinstance(found, str):
        raise Invalid(found, _WORDS[found], "detective")
    if before.detective and before.detective.id == found.id:
        raise Conflict("has_it_already", "The detective has the case already.")
    previous = before.detective.id if before.detective else None
    released = replace(detectives.release(before, now), detective_search=None)
    after, events = detectives.give(released, now, found, before.plan, previous, person.id, command.data.reason)
    return settle(procedure, before, after, now, told=events)
