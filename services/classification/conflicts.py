"""Whom a complaint under classification is about: who may not know of it. Pure.

The names stand in its report, which goes on to others with every decision: so they hide it as well, however late the
complaint comes to them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any

from services.classification import domain
from services.classification.case import REVIEWED, Matter, Step
from services.classification.taxonomy import POLICE_MISCONDUCT
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Decision, Envelope, Event
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.refusals import TooEarly
from shared.contracts.verification import ComplaintLinked
from shared.told import about

Decide = Callable[..., Decision[Matter]]


def named(
    case: Matter | None, message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked], now: datetime
) -> Decision[Matter]:
    """Internal affairs, or a later report of the same matter, names whom else it is about."""
    if case is not None:
        return Decision(_named(case, message))
    if about((), message):
        raise TooEarly("not_classified", "The complaint itself is not here yet.")
    return Decision(None)


def joined(case: Matter | None, message: Envelope[ComplaintLinked], now: datetime) -> Decision[Matter]:
    """It goes on in an earlier complaint; whoever may not know of that may not learn of it here."""
    if case is None:
        return Decision(case)
    after = domain.end(_named(case, message), message, now).case
    return Decision(case if after == case else after)


def led_on(decide: Decide) -> Decide:
    """The decision, after which what waits for an officer goes to internal affairs by itself if it is about the whole
    office: nobody here may look at it."""

    @wraps(decide)
    def decided(case: Matter | None, message: Any, now: datetime, *known: Any) -> Decision[Matter]:
        decision = decide(case, message, now, *known)
        after = decision.case
        if after is None or after.status not in REVIEWED or after.polres not in after.report.conflicts:
            return decision
        return _sent_up(after, now)

    return decided


def _sent_up(case: Matter, now: datetime) -> Decision[Matter]:
    before = case.in_force
    said = (before or case.proposal.classification).model_copy(
        update={
            "category": POLICE_MISCONDUCT,
            "tracks": ("internal_affairs",),
            "mediation": "never",
            "units": (),
            "partners": (),
            "officer": None,
        }
    )
    step = Step(now, case.returned or "rules", said.category, said.urgency, said.tracks)
    after = replace(case, status="classified", in_force=said, since=now, returned=None, history=(*case.history, step))
    if before is None:
        told: Event = ComplaintClassified(report=case.report, classification=said, provisional=case.provisional)
    else:
        # Those who hear it know no rule that moves a complaint; that nobody was asked stands in the history.
        reason = case.returned or "officer_decision"
        told = ComplaintReclassified(report=case.report, classification=said, previous=before, reason=reason)
    return Decision(after, (told,))


def _named(case: Matter, message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked]) -> Matter:
    conflicts = about(case.report.conflicts, message)
    if set(conflicts) == set(case.report.conflicts):
        return case
    return replace(case, report=case.report.model_copy(update={"conflicts": conflicts}))
