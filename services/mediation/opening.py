"""The acts that the taxonomy's rule asks for before the parties may be brought together."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.mediation import access
from services.mediation.case import Approval, Case, Condition, Confirmation, Outcome
from services.mediation.known import Known
from services.mediation.moves import advanced
from services.mediation.procedure import Procedure
from services.mediation.sessions import called_off
from services.mediation.settle import settle
from shared.contracts.envelope import Command, Decision
from shared.contracts.mediation import MediationFailed
from shared.contracts.refusals import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Word:
    """What the PPA unit says. `note` is sealed as settlement."""

    approved: bool
    note: str | None = None


def approve(procedure: Procedure, case: Case | None, command: Command[Word], now: datetime) -> Decision[Case]:
    """The PPA unit lets the parties be brought together, or does not, and then the matter goes back."""
    before, person = access.of_approver(case, command.actor)
    round_, word = access.under_way(before), command.data
    approval = Approval(word.approved, person.id, now, word.note)
    if not word.approved:
        ended = replace(advanced(called_off(round_), "fail", now), approval=approval)
        outcome = Outcome(now, person.id, "not_suitable", "investigation")
        event = MediationFailed(recommended="investigation", reason="not_suitable")
        return settle(procedure, before, replace(before, round=replace(ended, outcome=outcome)), now, told=(event,))
    # It is not the officer who acted, so it must not hide that the officer did not.
    approved = replace(advanced(round_, "approve", now), approval=approval, acted_at=round_.acted_at)
    return settle(procedure, before, replace(before, round=approved), now)


def confirm(
    procedure: Procedure, case: Case | None, command: Command[Condition], now: datetime, known: Known
) -> Decision[Case]:
    """An officer vouches for a condition of restorative justice."""
    before, round_, person = access.led(case, command, known)
    condition = command.data
    if before.rule != "restorative_only":
        raise Conflict("nothing_to_confirm", "This matter is not tied to conditions.")
    if condition not in procedure.conditions:
        wanted = ", ".join(procedure.conditions)
        raise Invalid("unknown_condition", f"The conditions to confirm are: {wanted}.", "condition")
    if any(confirmed.condition == condition for confirmed in round_.confirmations):
        raise Conflict("confirmed_already", "This condition is confirmed already.")
    confirmations = (*round_.confirmations, Confirmation(condition, person.id, now))
    after = replace(advanced(round_, "confirm", now), confirmations=confirmations)
    return settle(procedure, before, replace(before, round=after), now)
