"""A finding: the service falls short somewhere, somebody does something about it, and it is measured again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any, Literal

from services.evaluation.domain import month_before, month_of
from services.evaluation.rules import OBSERVATION, Shortfall, falls_short
from shared.contracts.envelope import Command, Decision, Lane, Person
from shared.contracts.evaluation import FindingRaised, FindingSource
from shared.contracts.refusals import Absent, Conflict, Invalid

Status = Literal["raised", "planned", "renewed", "closed"]
Move = Literal["plan", "close", "improve", "renew"]

# renewed: measured again and still short, or not measurable; somebody plans anew or closes it.
MOVES: Mapping[tuple[Status, Move], Status] = {
    ("raised", "plan"): "planned",
    ("planned", "plan"): "planned",
    ("renewed", "plan"): "planned",
    ("raised", "close"): "closed",
    ("planned", "close"): "closed",
    ("renewed", "close"): "closed",
    ("planned", "improve"): "closed",
    ("planned", "renew"): "renewed",
}
OPEN: tuple[Status, ...] = ("raised", "planned", "renewed")
HISTORY_KEPT = 100
READERS = frozenset(("evaluator", "chief"))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done about it (`action`, sealed), by whom and until when; and when it is measured again."""

    owner: str
    by: datetime
    measure_at: datetime
    action: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Planning:
    """A plan, and the zone in which its days and months are meant."""

    plan: Plan
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, and the status after it. `value` was measured of the `month`; `note` is sealed."""

    what: Literal["raised", "planned", "closed", "improved", "renewed"]
    at: datetime
    status: Status
    person: str | None = None
    value: float | None = None
    month: str | None = None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """`month` is the one that it was found in. `due` wakes it to be measured again. `words` are sealed."""

    polres: str
    source: FindingSource
    rule: str
    indicator: str
    scope: str
    value: float | None
    target: float | None
    month: str | None
    raised_at: datetime
    lane: Lane = "normal"
    status: Status = "raised"
    words: str | None = field(default=None, repr=False)
    plan: Plan | None = None
    due: datetime | None = None
    history: tuple[Step, ...] = ()

    def visible_to(self, person: Person) -> bool:
        """Whether the person may know of it: by role, or to put it right."""
        owned = self.plan is not None and self.plan.owner == person.id
        return self.polres in person.units and (owned or not READERS.isdisjoint(person.roles))


@dataclass(frozen=True, slots=True)
class Observed:
    """What a person found; `words` are sealed."""

    indicator: str
    scope: str
    month: str | None
    value: float | None
    target: float | None
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Close:
    """Why nothing more is done about it, sealed."""

    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the indicator was in the latest month that is over."""

    month: str
    value: float | None


def found_by_rule(case: Finding | None, command: Command[Shortfall], now: datetime) -> Decision[Finding]:
    """A rule found something. Its id follows from rule, scope and month, so that it is raised once."""
    if case:
        return Decision(case)
    short = command.data
    finding = Finding(
        polres=command.polres,
        source="rule",
        rule=short.rule,
        indicator=short.indicator,
        scope=short.scope,
        value=short.value,
        target=short.target,
        month=short.month,
        raised_at=now,
    )
    return _raised(finding, Step("raised", now, "raised", value=short.value, month=short.month))


def found_by_person(case: Finding | None, command: Command[Observed], now: datetime) -> Decision[Finding]:
    """An evaluator found something."""
    if case:
        raise Conflict("exists", "There is such a finding already.")
    seen, person = command.data, _person(command)
    finding = Finding(
        polres=command.polres,
        source="person",
        rule="person",
        indicator=seen.indicator,
        scope=seen.scope,
        value=seen.value,
        target=seen.target,
        month=seen.month,
        raised_at=now,
        words=seen.words,
    )
    return _raised(finding, Step("raised", now, "raised", person.id, seen.value, seen.month))


def plan(case: Finding | None, command: Command[Planning], now: datetime) -> Decision[Finding]:
    """Somebody is to do something about it, and a later month shows whether it helped."""
    finding, person = _acting(case, command)
    planned, zone = command.data.plan, command.data.zone
    if planned.by.astimezone(zone).date() < now.astimezone(zone).date():
        raise Invalid("in_the_past", "The day by which it is done must not be over.", "by")
    if planned.measure_at <= planned.by:
        raise Invalid("before_the_action", "It is measured again after the day of the action.", "measure_on")
    shown_in = month_before(month_of(planned.measure_at, zone))
    if finding.month and shown_in <= finding.month:
        detail = "The month before the measurement must lie after the month of the finding."
        raise Invalid("nothing_new", detail, "measure_on")
    step = Step("planned", now, _moved(finding, "plan"), person.id, note=planned.action)
    return Decision(_after(finding, step, plan=planned, due=planned.measure_at))


def close(case: Finding | None, command: Command[Close], now: datetime) -> Decision[Finding]:
    """Somebody ends it with a reason."""
    finding, person = _acting(case, command)
    step = Step("closed", now, _moved(finding, "close"), person.id, note=command.data.note)
    return Decision(_after(finding, step, due=None))


def remeasure(case: Finding | None, command: Command[None], now: datetime, found: Measured) -> Decision[Finding]:
    """The time has come: it is closed where the target is met, and renewed where it is not or cannot be told."""
    if case is None or (case.status, "renew") not in MOVES:
        return Decision(case)
    known = case.indicator != OBSERVATION and found.value is not None and case.target is not None
    if known and not falls_short(case.indicator, found.value or 0.0, case.target or 0.0):
        step = Step("improved", now, _moved(case, "improve"), value=found.value, month=found.month)
        return Decision(_after(case, step, due=None))
    step = Step("renewed", now, _moved(case, "renew"), value=found.value, month=found.month)
    latest = {"value": found.value, "month": found.month} if found.value is not None else {}
    return _told(_after(case, step, due=None, **latest))


def _raised(finding: Finding, step: Step) -> Decision[Finding]:
    return _told(_after(finding, step))


def _told(finding: Finding) -> Decision[Finding]:
    event = FindingRaised(
        source=finding.source,
        rule=finding.rule,
        indicator=finding.indicator,
        scope=finding.scope,
        value=finding.value,
        target=finding.target,
        month=finding.month,
    )
    return Decision(finding, (event,))


def _after(finding: Finding, step: Step, **changes: Any) -> Finding:
    return replace(finding, status=step.status, history=(*finding.history, step)[-HISTORY_KEPT:], **changes)


def _moved(finding: Finding, move: Move) -> Status:
    after = MOVES.get((finding.status, move))
    if after is None:
        raise Conflict("wrong_state", f"A finding that is {finding.status} cannot take the move {move}.")
    return after


def _person(command: Command[Any]) -> Person:
    if command.actor is None:
        raise Absent("not_found", "There is no such finding.")
    return command.actor


def _acting(case: Finding | None, command: Command[Any]) -> tuple[Finding, Person]:
    person = _person(command)
    if case is None or not case.visible_to(person):
        raise Absent("not_found", "There is no such finding.")
    return case, person
