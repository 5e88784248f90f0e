"""What people see of a finding. Words are opened for whoever may see the finding at all."""

from datetime import date, tzinfo

from pydantic import AwareDatetime, BaseModel

from services.evaluation.finding import Finding, Status, Step
from shared.contracts.evaluation import FindingSource
from shared.contracts.refusals import Unavailable
from shared.sealing import Unsealable, Vault

PART = "feedback"


class PlanView(BaseModel):
    """The corrective action."""

    action: str
    owner: str
    by: date
    measure_on: date


class StepView(BaseModel):
    what: str
    at: AwareDatetime
    status: Status
    person: str | None
    value: float | None
    month: str | None
    note: str | None


class FindingRow(BaseModel):
    """A finding in a list."""

    finding: str
    version: int
    status: Status
    source: FindingSource
    rule: str
    indicator: str
    scope: str
    value: float | None
    target: float | None
    month: str | None
    raised_at: AwareDatetime
    owner: str | None
    by: date | None
    measure_on: date | None


class FindingView(FindingRow):
    """A finding with its words, its plan and its history."""

    words: str | None
    plan: PlanView | None
    history: list[StepView]


def row(id_: str, finding: Finding, version: int, zone: tzinfo) -> FindingRow:
    plan = finding.plan
    names = ("status", "source", "rule", "indicator", "scope", "value", "target", "month", "raised_at")
    return FindingRow(
        finding=id_,
        version=version,
        **{name: getattr(finding, name) for name in names},
        owner=plan.owner if plan else None,
        by=plan.by.astimezone(zone).date() if plan else None,
        measure_on=plan.measure_at.astimezone(zone).date() if plan else None,
    )


def is_late(found: FindingRow, today: date) -> bool:
    """Whether what was to be done about it should have been done by now; without a plan it only waits for one."""
    return found.status == "planned" and found.by is not None and found.by < today


def whole(id_: str, finding: Finding, version: int, zone: tzinfo, vault: Vault) -> FindingView:
    """Raises Unavailable where the words cannot be opened here."""
    base, plan = row(id_, finding, version, zone), finding.plan
    return FindingView(
        **base.model_dump(),
        words=opened(vault, id_, finding.words),
        plan=PlanView(
            action=opened(vault, id_, plan.action) or "", owner=plan.owner, by=base.by, measure_on=base.measure_on
        )
        if plan
        else None,
        history=[_step(id_, step, vault) for step in finding.history],
    )


def opened(vault: Vault, subject: str, sealed: str | None) -> str | None:
    """The text that was sealed for a finding or a complaint."""
    if sealed is None:
        return None
    try:
        text: str = vault.open(PART, subject, sealed)["text"]
    except Unsealable:
        raise Unavailable("unsealable", "The words cannot be opened with the keys that are here.") from None
    return text


def _step(id_: str, step: Step, vault: Vault) -> StepView:
    return StepView(
        what=step.what,
        at=step.at,
        status=step.status,
        person=step.person,
        value=step.value,
        month=step.month,
        note=opened(vault, id_, step.note),
    )
