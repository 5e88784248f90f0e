"""What the parties agree on: its points, their signatures, and whether each point was kept."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.mediation import access, parties, suitability
from services.mediation.case import Agreement, Case, Outcome, Point, Round, Signature
from services.mediation.known import Known
from services.mediation.moves import advanced
from services.mediation.procedure import Procedure
from services.mediation.sessions import check_time
from services.mediation.settle import settle
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Event
from shared.contracts.mediation import MediationFailed, MediationSettled
from shared.contracts.refusals import Absent, Conflict

FURTHEST = 3_660  # days


@dataclass(frozen=True, slots=True)
class Term:
    """A point to be agreed. `text` is sealed as settlement."""

    text: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """`notice` is what the reporter is told once all have signed."""

    terms: tuple[Term, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a point was kept. `note` is sealed as settlement."""

    number: int
    kept: bool
    note: str | None = None


def draft(
    procedure: Procedure, case: Case | None, command: Command[Draft], now: datetime, known: Known
) -> Decision[Case]:
    """The agreement is written down. Signatures under an earlier draft do not count for this one."""
    before, round_, _ = access.led(case, command, known)
    suitability.check(procedure, before, round_)
    moved = advanced(round_, "draft", now)
    if all(session.state != "held" for session in round_.sessions):
        raise Conflict("not_met", "The parties have not met yet.")
    parties.check_both_sides(round_)
    for index, term in enumerate(command.data.terms):
        check_time(term.due, now, FURTHEST, f"points.{index}.due")
    points = tuple(Point(number, term.text, term.due) for number, term in enumerate(command.data.terms, start=1))
    after = replace(moved, agreement=Agreement(now, points, command.data.notice))
    return settle(procedure, before, replace(before, round=after), now)


def sign(procedure: Procedure, case: Case | None, command: Command[str], now: datetime, known: Known) -> Decision[Case]:
    """A party has signed. When all who take part have, the matter is settled."""
    before, round_, _ = access.led(case, command, known)
    suitability.check(procedure, before, round_)
    moved, agreement = advanced(round_, "sign", now), _agreement(round_)
    party = parties.named(round_, command.data)
    if party.consent != "agreed":
        raise Conflict("not_taking_part", f"The party does not take part: it has {party.consent}.")
    if any(signature.party == party.id for signature in agreement.signatures):
        raise Conflict("signed_already", "The party has signed already.")
    agreement = replace(agreement, signatures=(*agreement.signatures, Signature(party.id, now)))
    after = replace(moved, agreement=agreement)
    if {one.id for one in round_.agreed} <= {signature.party for signature in agreement.signatures}:
        return _settled(procedure, before, after, agreement, now)
    return settle(procedure, before, replace(before, round=after), now)


def judge(
    procedure: Procedure, case: Case | None, command: Command[Judgement], now: datetime, known: Known
) -> Decision[Case]:
    """A point was kept or broken. All kept: done. One broken: the agreement has failed."""
    before, round_, person = access.led(case, command, known, "settled")
    moved, agreement, judgement = advanced(round_, "judge", now), _agreement(round_), command.data
    point = next((one for one in agreement.points if one.number == judgement.number), None)
    if point is None:
        raise Absent("no_such_point", "The agreement has no point of that number.")
    if point.compliance != "open":
        raise Conflict("judged_already", f"The point is {point.compliance} already.")
    judged = replace(
        point,
        compliance="kept" if judgement.kept else "broken",
        judged_at=now,
        officer=person.id,
        note=judgement.note,
    )
    points = tuple(judged if one.number == point.number else one for one in agreement.points)
    after, events = replace(moved, agreement=replace(agreement, points=points)), tuple[Event, ...]()
    if not judgement.kept:
        outcome = Outcome(now, person.id, "agreement_broken", "investigation")
        after = replace(advanced(after, "break", now), outcome=outcome)
        events = (MediationFailed(recommended="investigation", reason="agreement_broken"),)
    elif all(one.compliance == "kept" for one in points):
        after = replace(advanced(after, "fulfil", now), outcome=Outcome(now, person.id))
    return settle(procedure, before, replace(before, round=after), now, told=events)


def _settled(procedure: Procedure, before: Case, round_: Round, agreement: Agreement, now: datetime) -> Decision[Case]:
    after = replace(advanced(round_, "settle", now), agreement=replace(agreement, signed_at=now))
    event = MediationSettled(
        points=len(agreement.points),
        kept_by=max(point.due for point in agreement.points),
        sealed=Sealed(notice=agreement.notice),
    )
    return settle(procedure, before, replace(before, round=after), now, told=(event,))


def _agreement(round_: Round) -> Agreement:
    if round_.agreement is None:
        raise Conflict("no_agreement", "There is no agreement yet.")
    return round_.agreement
