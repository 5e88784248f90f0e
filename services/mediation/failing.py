"""What cannot be settled goes back to classification, with the track that the officer recommends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.mediation import access
from services.mediation.case import Case, Outcome, Round
from services.mediation.known import Known
from services.mediation.moves import advanced
from services.mediation.procedure import Procedure
from services.mediation.sessions import called_off
from services.mediation.settle import settle
from shared.contracts.complaint import Track
from shared.contracts.envelope import Command, Decision
from shared.contracts.mediation import FailureReason, MediationFailed, Settling
from shared.contracts.refusals import Conflict, Invalid

# That an agreement was broken is said of its point, not chosen here.
REASONS: Mapping[Settling, tuple[FailureReason, ...]] = {
    "mediation": ("consent_refused", "party_absent", "no_agreement", "not_suitable"),
    "guidance": ("guidance_refused", "not_suitable"),
}


@dataclass(frozen=True, slots=True)
class Failing:
    """Why it cannot be settled and where it should go. `note` is sealed as settlement."""

    reason: FailureReason
    recommended: Track
    note: str | None = None


def fail(
    procedure: Procedure, case: Case | None, command: Command[Failing], now: datetime, known: Known
) -> Decision[Case]:
    """The officer gives the matter back."""
    before, round_, person = access.led(case, command, known)
    failing = command.data
    if failing.reason not in REASONS[round_.kind]:
        allowed = ", ".join(REASONS[round_.kind])
        raise Invalid("unknown_reason", f"For {round_.kind} the reason must be one of: {allowed}.", "reason")
    if failing.recommended == round_.kind:
        raise Invalid("same_track", "Recommend another track than the one that failed.", "recommended")
    if not is_borne_out(round_, failing.reason):
        raise Conflict("not_borne_out", f"Nothing on record here shows the reason {failing.reason}.")
    outcome = Outcome(now, person.id, failing.reason, failing.recommended, failing.note)
    after = replace(advanced(called_off(round_), "fail", now), outcome=outcome)
    event = MediationFailed(recommended=failing.recommended, reason=failing.reason)
    return settle(procedure, before, replace(before, round=after), now, told=(event,))


def is_borne_out(round_: Round, reason: FailureReason) -> bool:
    """Whether the record shows what the reason says: the figures of why mediations fail rest on it."""
    if reason == "consent_refused":
        return any(party.consent == "refused" for party in round_.parties)
    if reason == "party_absent":
        return any(session.absent or session.cancelled_for == "party_absent" for session in round_.sessions)
    if reason == "no_agreement":
        return any(session.state == "held" for session in round_.sessions)
    return True
