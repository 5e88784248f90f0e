"""When the progress letters (SP2HP) to the reporter are due, and the alarm when they are not written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.investigation.case import Case, LetterPlan, Position
from services.investigation.procedure import LetterDays, Stage
from shared.contracts.envelope import Event
from shared.contracts.investigation import Difficulty, InvestigationEscalated, ProgressLetter

STAGES: dict[Position, Stage] = {
    "waiting": "inquiry",
    "inquiry": "inquiry",
    "inquiry_reviewed": "inquiry",
    "investigation": "investigation",
    "prosecutor_informed": "investigation",
    "file_sent": "investigation",
    "file_returned": "investigation",
    "file_complete": "investigation",
}


def next_date(days: Sequence[int], start: datetime, after: datetime) -> datetime:
    """The first date of the schedule that lies after the moment.

    The schedule goes on with its last interval when its list is used up: a case that lasts longer than its difficulty
    foresees leaves its reporter no less informed.
    """
    for day in days:
        date = start + timedelta(days=day)
        if date > after:
            return date
    interval = timedelta(days=days[-1] - days[-2] if len(days) > 1 else days[-1])
    last = start + timedelta(days=days[-1])
    return last + interval * ((after - last) // interval + 1)


def begin(case: Case, now: datetime, days: LetterDays) -> Case:
    """The case with the duty to write, counted from the report, or from now where the report came to us late."""
    if case.plan is not None or case.report is None:
        return case
    received, first, stage = case.report.received_at, timedelta(days=days.first), STAGES[case.position]
    in_time = received + first > now
    first_due = None if case.letters else (received if in_time else now) + first
    due = first_due or next_date(days.of(stage, case.difficulty), now, now)
    return replace(case, plan=LetterPlan(stage, now, first_due, served=now, due=due, alarm_at=due))


def watched(case: Case, days: LetterDays) -> Case:
    """The case with the alarm for a report that nobody answers, which is raised once, whoever the case is with."""
    quiet = case.status == "open" and case.report and not case.answered and not case.unanswered_raised
    at = case.report.received_at + timedelta(days=days.unanswered) if quiet and case.report else None
    return replace(case, unanswered_at=at)


def written(
    plan: LetterPlan, letter: ProgressLetter, difficulty: Difficulty, now: datetime, days: LetterDays
) -> LetterPlan:
    """The plan after a letter: all dates up to now are served, and by a letter on progress (A4) the next one too."""
    served = max(plan.served, now, plan.due if letter == "A4" else now)
    return rescheduled(replace(plan, first_due=None, served=served), difficulty, now, days)


def restaged(plan: LetterPlan, stage: Stage, difficulty: Difficulty, now: datetime, days: LetterDays) -> LetterPlan:
    """The plan after the inquiry or the investigation was opened: the dates of the stage count from now."""
    return rescheduled(replace(plan, stage=stage, stage_from=now, served=now), difficulty, now, days)


def rescheduled(plan: LetterPlan, difficulty: Difficulty, now: datetime, days: LetterDays) -> LetterPlan:
    """The plan with the dates of the difficulty; what was served stays served."""
    schedule = days.of(plan.stage, difficulty)
    due = plan.first_due or next_date(schedule, plan.stage_from, plan.served)
    overdue = due <= now
    alarm_at = next_date(schedule, plan.stage_from, now) if overdue else due
    return replace(plan, due=due, alarm_at=alarm_at, level=plan.level if overdue else 0)


def remind(case: Case, now: datetime, days: LetterDays) -> tuple[Case, tuple[Event, ...]]:
    """The case after the dates that have passed in silence; after an outage several of them make one alarm."""
    events: list[Event] = []
    plan = case.plan
    if plan and plan.alarm_at <= now:
        schedule, level, alarm_at = days.of(plan.stage, case.difficulty), plan.level, plan.alarm_at
        while alarm_at <= now:
            level, alarm_at = level + 1, next_date(schedule, plan.stage_from, alarm_at)
        case = replace(case, plan=replace(plan, level=level, alarm_at=alarm_at))
        events.append(InvestigationEscalated(reason="letter_overdue", level=level))
    if case.unanswered_at and case.unanswered_at <= now:
        case = replace(case, unanswered_at=None, unanswered_raised=True)
        events.append(InvestigationEscalated(reason="unanswered", level=1))
    return case, tuple(events)


def timers(case: Case) -> list[datetime]:
    """When silence towards the reporter raises an alarm."""
    plan_at = [case.plan.alarm_at] if case.plan else []
    return [*plan_at, *([case.unanswered_at] if case.unanswered_at else [])]
