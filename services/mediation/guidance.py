"""Guidance (pembinaan): what it is to bring about, and that it is done."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.mediation import access
from services.mediation.case import Case, Outcome, Plan
from services.mediation.known import Known
from services.mediation.moves import advanced
from services.mediation.procedure import Procedure
from services.mediation.settle import settle
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision
from shared.contracts.mediation import GuidanceCompleted
from shared.contracts.refusals import Conflict


@dataclass(frozen=True, slots=True)
class Advice:
    """What was advised, sealed for the reporter."""

    notice: str


def plan(procedure: Procedure, case: Case | None, command: Command[str], now: datetime, known: Known) -> Decision[Case]:
    """What the guidance is to bring about; a later plan takes the place of the earlier."""
    before, round_, person = access.led(case, command, known)
    after = replace(advanced(round_, "plan", now), plan=Plan(command.data, person.id, now))
    return settle(procedure, before, replace(before, round=after), now)


def complete(
    procedure: Procedure, case: Case | None, command: Command[Advice], now: datetime, known: Known
) -> Decision[Case]:
    """The guidance is done, and every visit is on record."""
    before, round_, person = access.led(case, command, known)
    moved = advanced(round_, "complete", now)
    held = [session for session in round_.sessions if session.state == "held"]
    if any(session.minutes is None for session in held):
        raise Conflict("record_missing", "A visit has no record yet.")
    after = replace(moved, outcome=Outcome(now, person.id, notice=command.data.notice))
    event = GuidanceCompleted(visits=len(held), sealed=Sealed(notice=command.data.notice))
    return settle(procedure, before, replace(before, round=after), now, told=(event,))
