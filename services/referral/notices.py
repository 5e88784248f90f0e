"""What agencies must be told. A notice stands in the case until it has gone out, and is attempted till it has."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.referral.case import Case, Delivery, Notice
from shared.contracts.envelope import Command, Decision

LEASE = timedelta(seconds=60)  # after this long an attempt counts as lost; longer than any attempt may take
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=1)
_DOUBLINGS = 12  # beyond which the longest pause holds


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants to deliver the next notice of an agency: a name that nobody else uses."""

    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt; `failure` is a slug, None where the other side has the notice. `ours`: the failure is
    that of our own broker, after which nobody is spared by waiting."""

    delivery: str
    claim: str
    failure: str | None
    ours: bool = False


def post(case: Case, agency: str, number: str, notice: Notice, now: datetime, **about: Any) -> Case:
    """The case with a notice to deliver."""
    nth = case.posted + 1
    id_ = str(uuid5(NAMESPACE_URL, f"{number}|{notice}|{nth}"))
    # Behind what waits already: a later notice never overtakes an earlier one.
    due = max([now, *(d.due for d in case.deliveries if d.agency == agency)])
    delivery = Delivery(id_, agency, number, notice, queued_at=now, due=due, **about)
    return replace(case, posted=nth, deliveries=(*case.deliveries, delivery))


def recall(case: Case, agency: str, number: str, now: datetime, reason: str) -> Case:
    """Tells an agency that the referral is no longer its own. Where it was never told of it, it is told nothing."""
    unheard = any(
        d.number == number and d.notice in ("offer", "collaboration") and not d.attempts and not d.again
        for d in case.deliveries
    )
    case = drop(case, number)
    return case if unheard else post(case, agency, number, "withdrawn", now, reason=reason)


def drop(case: Case, number: str) -> Case:
    """Takes back what has not been attempted yet; what has been may have arrived, and goes on until it surely has."""
    return replace(case, deliveries=tuple(d for d in case.deliveries if d.number != number or d.attempts))


def pass_on(before: Case | None, case: Case, now: datetime) -> Case:
    """Tells those who had the referral before what the reporter has added since; an offer holds all there is."""
    told = {supplement.id for supplement in before.supplements} if before else set()
    for supplement in case.supplements:
        if before is None or supplement.id in told:
            continue
        for agency, number in parties(case):
            if number in before.numbers:
                case = post(case, agency, number, "supplement", now, supplement=supplement.id)
    return case


def parties(case: Case) -> list[tuple[str, str]]:
    """The agencies that have to do with the complaint now, and under which number."""
    holder = case.holder
    owner = [(holder.agency, holder.number)] if holder else []
    return owner + [(collaborator.agency, collaborator.number) for collaborator in case.collaborators]


def claim(case: Case | None, command: Command[Claim], now: datetime) -> Decision[Case]:
    """Lets one process attempt the next notice of an agency."""
    asked = command.data
    first = next((d for d in case.deliveries if d.agency == asked.agency), None) if case else None
    if case is None or first is None or first.due > now:
        return Decision(case)
    taken = replace(first, attempts=first.attempts + 1, claim=asked.name)
    return Decision(_wait_until(_with(case, taken), asked.agency, now + LEASE), aside=True)


def report(case: Case | None, command: Command[Result], now: datetime) -> Decision[Case]:
    """Records what came of an attempt. A failure is tried again later each time, for as long as it takes."""
    result = command.data
    mine = next((d for d in case.deliveries if d.id == result.delivery), None) if case else None
    if case is None or mine is None:
        return Decision(case)
    if result.failure is None:
        left = replace(case, deliveries=tuple(d for d in case.deliveries if d.id != mine.id))
        return Decision(_wait_until(left, mine.agency, now), aside=True)
    if mine.claim != result.claim:
        return Decision(case)
    pause = _FIRST_PAUSE if result.ours else min(_FIRST_PAUSE * 2 ** min(mine.attempts - 1, _DOUBLINGS), _LONGEST_PAUSE)
    failed = _with(case, replace(mine, claim=None, failure=result.failure))
    return Decision(_wait_until(failed, mine.agency, now + pause), aside=True)


def _wait_until(case: Case, agency: str, due: datetime) -> Case:
    """All that an agency must still be told of this case waits together, and so stays in order."""
    return replace(case, deliveries=tuple(replace(d, due=due) if d.agency == agency else d for d in case.deliveries))


def _with(case: Case, delivery: Delivery) -> Case:
    return replace(case, deliveries=tuple(delivery if d.id == delivery.id else d for d in case.deliveries))
