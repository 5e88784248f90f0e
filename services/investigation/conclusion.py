"""How an investigation ends, and what must be true before it may."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.investigation import access, letters
from services.investigation.case import Case, Conclusion, Position
from services.investigation.procedure import Procedure
from services.investigation.settle import settle
from shared.contracts.complaint import MediationRule, Sealed
from shared.contracts.envelope import Command, Decision, Person
from shared.contracts.investigation import InvestigationConcluded, ProgressLetter
from shared.contracts.refusals import Conflict, Forbidden, Invalid

Ending = Literal["handed_to_prosecutor", "not_a_crime", "stopped", "restorative_justice", "transferred"]

# Which ends can be reached from where, and the letter that tells the reporter.
ENDINGS: Mapping[Ending, Mapping[Position, ProgressLetter]] = {
    "handed_to_prosecutor": {"file_complete": "A4"},
    "not_a_crime": {"inquiry_reviewed": "A2"},
    "stopped": {"investigation": "A5", "prosecutor_informed": "A5", "file_sent": "A5", "file_returned": "A5"},
    "restorative_justice": {
        "inquiry": "A2",
        "inquiry_reviewed": "A2",
        "investigation": "A5",
        "prosecutor_informed": "A5",
        "file_returned": "A5",
    },
    "transferred": dict.fromkeys(letters.STAGES, "A4"),
}
# A patrol was all that the complaint asked for, and whoever answers for it looks at what is left.
AFTER_PATROL: frozenset[Ending] = frozenset({"not_a_crime", "transferred"})

PPA_APPROVER = "ppa_approver"

RESTORATIVE: Mapping[MediationRule, Literal["never", "approval", "open"]] = {
    "never": "never",
    "ppa_approval": "approval",
    "restorative_only": "open",
    "allowed": "open",
}


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ends. `words` are for the reporter, `note` is sealed as narrative, `confirmed` are the conditions of
    restorative justice that the officer vouches for."""

    outcome: Ending
    words: str
    reason: str | None = None
    note: str | None = None
    confirmed: tuple[str, ...] = ()


def conclude(
    procedure: Procedure, case: Case | None, command: Command[Closing], now: datetime, notice: str | None
) -> Decision[Case]:
    """The investigation ends with an outcome, its reason and the last letter."""
    before, person = access.of_leader(case, command.actor)
    closing = command.data
    if before.status != "open":
        raise Conflict("not_open", "The case is not open.")
    letter = _letter(before, closing.outcome)
    _check_reason(procedure, before, closing)
    if closing.outcome == "restorative_justice":
        _check_restorative(procedure, before, closing, person)
    conclusion = Conclusion(closing.outcome, now, closing.reason, letter, person.id, notice, closing.note)
    event = InvestigationConcluded(
        outcome=closing.outcome, reason=closing.reason, letter=letter, sealed=Sealed(notice=notice)
    )
    after = replace(before, conclusion=conclusion, prosecutor_notice_due=None)
    return settle(procedure, before, after, now, told=(event,))


def endings(case: Case, person: Person) -> list[Ending]:
    """How the case may end from where it is, as far as the person may say so."""
    if case.status != "open":
        return []
    if case.plan is None:
        return sorted(AFTER_PATROL) if case.dispatch is None or case.dispatch.over else []
    return [
        ending for ending, positions in ENDINGS.items() if case.position in positions and _may_end(case, ending, person)
    ]


def _may_end(case: Case, ending: Ending, person: Person) -> bool:
    if ending != "restorative_justice":
        return True
    rule = RESTORATIVE[case.classification.mediation if case.classification else "never"]
    return rule == "open" or (rule == "approval" and PPA_APPROVER in person.roles)


def _letter(case: Case, outcome: Ending) -> ProgressLetter | None:
    if case.plan is None and outcome in AFTER_PATROL:
        if case.dispatch is None or case.dispatch.over:
            return None
        raise Conflict("patrol_under_way", "A patrol is under way or looked for.")
    if case.position not in ENDINGS[outcome] or case.plan is None:
        raise Conflict("ending_not_allowed", f"From {case.position} a case cannot end as {outcome}.")
    return ENDINGS[outcome][case.position]


def _check_reason(procedure: Procedure, case: Case, closing: Closing) -> None:
    allowed = procedure.reasons[closing.outcome]
    if not allowed and closing.reason is not None:
        raise Invalid("reason_not_wanted", "This outcome has no reason.", "reason")
    if allowed and closing.reason not in allowed:
        raise Invalid("unknown_reason", f"The reason must be one of: {', '.join(allowed)}.", "reason")
    category = case.classification.category if case.classification else ""
    if closing.reason == "complaint_withdrawn" and not procedure.is_complaint_offence(category):
        raise Invalid("not_a_complaint_offence", "Only a complaint offence ends because it is withdrawn.", "reason")


def _check_restorative(procedure: Procedure, case: Case, closing: Closing, person: Person) -> None:
    rule = RESTORATIVE[case.classification.mediation if case.classification else "never"]
    if rule == "never":
        raise Forbidden("restorative_excluded", "Restorative justice is excluded for this category.")
    if rule == "approval" and PPA_APPROVER not in person.roles:
        raise Forbidden("approval_needed", f"This needs the approval of the PPA unit (role {PPA_APPROVER}).")
    missing = [condition for condition in procedure.restorative.conditions if condition not in closing.confirmed]
    if missing:
        raise Conflict("condition_missing", f"These must be confirmed: {', '.join(missing)}.")
