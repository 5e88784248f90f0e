"""Whether a matter may be settled between the parties at all: the taxonomy's rule, and the acts that it asks for."""

from services.mediation.case import Case, Round
from services.mediation.procedure import Procedure
from shared.contracts.refusals import Forbidden

PPA_APPROVER = "ppa_approver"


def missing(procedure: Procedure, case: Case, round_: Round) -> tuple[str, ...]:
    """What has to be said before the parties may be brought together."""
    if case.rule == "ppa_approval" and not (round_.approval and round_.approval.approved):
        return ("ppa_approval",)
    if case.rule == "restorative_only":
        confirmed = {confirmation.condition for confirmation in round_.confirmations}
        return tuple(condition for condition in procedure.conditions if condition not in confirmed)
    return ()


def check(procedure: Procedure, case: Case, round_: Round) -> None:
    """Raises Forbidden where the rule does not let the parties be brought together, or not yet."""
    if case.rule == "never":
        raise Forbidden("never_settled", "A matter of this category is never settled between the parties.")
    lacking = missing(procedure, case, round_)
    if lacking == ("ppa_approval",):
        raise Forbidden("approval_needed", f"This needs the approval of the PPA unit first (role {PPA_APPROVER}).")
    if lacking:
        raise Forbidden("condition_missing", f"These must be confirmed first: {', '.join(lacking)}.")
