"""Who has the matter: the officer of the village where it happened, or whomever the lead names."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.mediation.case import Assignment, Case, Mediator, Status
from services.mediation.known import Found, FoundMediator
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Event
from shared.contracts.mediation import MediationAssigned

HELD: frozenset[Status] = frozenset({"open", "settled"})  # statuses in which somebody must have the matter
Unfit = Literal["unknown", "absent", "conflict"]
UNFIT: dict[Unfit, str] = {
    "unknown": "There is no such officer on the roster.",
    "absent": "The officer is absent.",
    "conflict": "The complaint is about the officer or a unit of theirs.",
}


@dataclass(frozen=True, slots=True)
class Naming:
    """The lead names who is to have the matter."""

    mediator: str


def keeps(case: Case) -> bool:
    """Whether whoever has the matter may go on: it is neither about them nor about a unit of theirs, and its village is
    still the one for which they got it."""
    mediator = case.mediator
    if mediator is None or {mediator.id, *mediator.units}.intersection(case.conflicts):
        return False
    return mediator.village is None or mediator.village == case.village


def assign(before: Case | None, case: Case, now: datetime, found: Found) -> tuple[Case, tuple[Event, ...]]:
    """The case with its officer; where the village has none, it waits on the lead's worklist."""
    if case.status not in HELD or case.mediator or found.mediator is None:
        return case, ()
    previous = before.mediator.id if before and before.mediator else None
    return given(case, now, found.mediator, previous, case.village)


def given(
    case: Case,
    now: datetime,
    chosen: FoundMediator,
    previous: str | None,
    village: str | None,
    officer: str | None = None,
) -> tuple[Case, tuple[Event, ...]]:
    """Gives the matter to an officer. `officer`: who decided it, unless the village did."""
    if case.round is None:
        raise ValueError("an officer is given a round")
    assignments = (*case.assignments, Assignment(chosen.id, now, officer))
    after = replace(case, mediator=Mediator(chosen.id, chosen.units, now, village), assignments=assignments)
    event = MediationAssigned(
        kind=case.round.kind,
        mediator=chosen.id,
        village=village,
        previous=None if previous == chosen.id else previous,
        sealed=Sealed(notice=chosen.notice),
    )
    return after, (event,)


def released(case: Case, now: datetime) -> Case:
    """Takes the matter from its officer; that they had it stays on record."""
    if case.mediator is None:
        return case
    last = replace(case.assignments[-1], until=now)
    return replace(case, mediator=None, assignments=(*case.assignments[:-1], last))
