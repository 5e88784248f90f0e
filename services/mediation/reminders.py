"""What should have been done and was not, as the worklists show it; and when to look again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from services.mediation.case import Case, Reminder
from services.mediation.procedure import Procedure


def reminded(case: Case, now: datetime, procedure: Procedure) -> Case:
    """The case with what is late by now, and with the moment at which the next thing will be."""
    expected = list(expected_of(case, procedure))
    late = tuple(sorted((one for one in expected if one.since <= now), key=lambda one: (one.since, one.kind)))
    due = min((one.since for one in expected if one.since > now), default=None)
    return replace(case, reminders=late, due=due)


def expected_of(case: Case, procedure: Procedure) -> Iterator[Reminder]:
    """What should be done in the case, and from when on it is late."""
    round_ = case.round
    if round_ is None or case.status not in ("open", "settled"):
        return
    mediator = case.mediator
    if mediator and (round_.acted_at is None or round_.acted_at < mediator.at):
        yield Reminder("nobody_acted", mediator.at + timedelta(days=procedure.act_within_days))
    if session := round_.next_session:
        yield Reminder("session_unrecorded", session.at + timedelta(days=procedure.record_within_days), session.number)
    if case.status == "settled" and round_.agreement:
        for point in round_.agreement.points:
            if point.compliance == "open":
                yield Reminder("point_due", point.due, point.number)
