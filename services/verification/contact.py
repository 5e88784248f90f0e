"""What it means for a report that its reporter has proven to be reachable. Pure."""

from dataclasses import replace
from datetime import datetime

from services.verification.case import Finding, Step, Verification
from shared.contracts.envelope import Decision, Envelope
from shared.contracts.intake import ContactConfirmed
from shared.contracts.refusals import TooEarly


def contact_confirmed(
    case: Verification | None, message: Envelope[ContactConfirmed], now: datetime
) -> Decision[Verification]:
    """Raises the level of the identity. What holds a report goes on to hold it: no NIK becomes a possible one."""
    if case is None:
        raise TooEarly("not_yet_submitted", "The complaint itself has not arrived yet.")
    if case.contact_confirmed:
        return Decision(case)
    step = Step("contact_confirmed", now, case.status, detail=message.data.medium)
    findings = tuple(map(_raised, case.findings))
    return Decision(replace(case, contact_confirmed=True, findings=findings, history=(*case.history, step)))


def _raised(finding: Finding) -> Finding:
    """As the check of the identity finds it from now on."""
    if finding.check != "identity" or finding.outcome == "failed":
        return finding
    return Finding("identity", "passed", "contact_confirmed")
