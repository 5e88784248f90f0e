"""What a case waits for next, as worklists and panels show it."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel

from services.mediation.case import Case, ReminderKind, Round
from services.mediation.procedure import Procedure
from services.mediation.reminders import expected_of


class DueView(BaseModel):
    """What a case waits for next. `number`: of the session or point."""

    kind: ReminderKind | Literal["unassigned", "approval", "session"]
    at: AwareDatetime
    late: bool
    number: int | None = None


def due(case: Case, procedure: Procedure, now: datetime) -> DueView | None:
    """What is late, or else what must happen first."""
    if case.reminders:
        first = case.reminders[0]
        return DueView(kind=first.kind, at=first.since, late=True, number=first.number)
    if case.round is None or case.status not in ("open", "settled"):
        return None
    return _awaited(case, case.round) or _expected(case, procedure, now)


def _awaited(case: Case, round_: Round) -> DueView | None:
    """What others than its officer must do, or what has its hour."""
    if case.mediator is None:
        return DueView(kind="unassigned", at=case.turns[-1].at, late=False)
    if case.rule == "ppa_approval" and round_.approval is None:
        return DueView(kind="approval", at=case.turns[-1].at, late=False)
    session = round_.next_session
    return DueView(kind="session", at=session.at, late=False, number=session.number) if session else None


def _expected(case: Case, procedure: Procedure, now: datetime) -> DueView | None:
    first = min(expected_of(case, procedure), key=lambda one: one.since, default=None)
    return DueView(kind=first.kind, at=first.since, late=first.since <= now, number=first.number) if first else None
