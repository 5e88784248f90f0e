"""The complaint as classification knows it: what is proposed, what is in force, and every decision about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Track, Urgency
from shared.contracts.envelope import Command, Decision, Envelope, Event, Lane, Person
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.refusals import Absent, Conflict, TooEarly
from shared.contracts.verification import ComplaintVerified

Status = Literal["waiting", "checking", "classified", "returned"]
Move = Literal["rule", "return"]
ReturnReason = Literal["mediation_failed", "referral_declined", "reopened"]
DecisionReason = Literal["rules", "officer_decision", "mediation_failed", "referral_declined", "reopened"]

# waiting: not classified, an officer decides first. checking: classified by the rules because it could not wait, and an
# officer looks after it. returned: a track gave it back. All three stand in the review queue.
REVIEWED: tuple[Status, ...] = ("waiting", "checking", "returned")
MOVES: Mapping[tuple[Status, Move], Status] = {
    ("waiting", "rule"): "classified",
    ("checking", "rule"): "classified",
    ("classified", "rule"): "classified",
    ("returned", "rule"): "classified",
    ("checking", "return"): "returned",
    ("classified", "return"): "returned",
    ("returned", "return"): "returned",
}
HISTORY_KEPT = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules suggest. `cautions` name why an officer should look; the words that led to it are sealed."""

    classification: Classification
    cautions: tuple[str, ...] = ()
    grounds: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """An officer's choice, already within what the taxonomy allows. None confirms what is proposed."""

    classification: Classification | None
    reason: str
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the history."""

    at: datetime
    reason: str
    category: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    officer: str | None = None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Matter:
    """A complaint under classification. `returned` says why it came back from its track."""

    polres: str
    lane: Lane
    status: Status
    report: Report
    proposal: Proposal
    in_force: Classification | None
    since: datetime
    provisional: bool
    returned: ReturnReason | None = None
    history: tuple[Step, ...] = ()

    @property
    def urgency(self) -> Urgency:
        return (self.in_force or self.proposal.classification).urgency


def classify(
    case: Matter | None, message: Envelope[ComplaintVerified], now: datetime, proposal: Proposal
) -> Decision[Matter]:
    """Takes a verified complaint in. Sure: classified. Unsure: an officer first, unless somebody may be in danger."""
    if case is not None:
        return Decision(_confirmed(case, message))
    said = proposal.classification
    lane = _lane(said, message.data.report)
    fresh = Matter(
        polres=message.polres,
        lane=lane,
        status="waiting",
        report=message.data.report,
        proposal=proposal,
        in_force=None,
        since=now,
        provisional=message.data.provisional,
    )
    if proposal.cautions and not _cannot_wait(fresh):
        return Decision(fresh)
    step = Step(now, "rules", said.category, said.urgency, said.tracks)
    status: Status = "checking" if proposal.cautions else "classified"
    case = replace(fresh, status=status, in_force=said, history=(step,))
    return Decision(case, (_classified(case, said),))


def rule(case: Matter | None, message: Command[Ruling], now: datetime) -> Decision[Matter]:
    """An officer confirms or changes. The first time it classifies, later it moves the complaint."""
    if case is None:
        raise Absent
    officer = _officer(message.actor)
    chosen = message.data.classification or case.proposal.classification
    ruled = chosen.model_copy(update={"officer": officer})
    reason = case.returned or message.data.reason
    step = Step(now, reason, ruled.category, ruled.urgency, ruled.tracks, officer, message.data.note)
    after = replace(
        case,
        status=_move(case, "rule"),
        lane=_lane(ruled, case.report),
        in_force=ruled,
        since=now,
        returned=None,
        history=(*case.history, step)[-HISTORY_KEPT:],
    )
    return Decision(after, _told(case, after, ruled, reason))


def take_back_from_mediation(
    case: Matter | None, message: Envelope[MediationFailed], now: datetime
) -> Decision[Matter]:
    """The parties did not agree: an officer decides, with the mediator's recommendation proposed."""
    return _take_back(case, message, now, "mediation_failed", (message.data.recommended,))


def take_back_from_referral(
    case: Matter | None, message: Envelope[ReferralDeclined], now: datetime
) -> Decision[Matter]:
    """No agency took it: an officer decides."""
    return _take_back(case, message, now, "referral_declined", None)


def reopen(case: Matter | None, message: Envelope[ComplaintReopenRequested], now: datetime) -> Decision[Matter]:
    """The reporter asks to open the complaint again: an officer decides."""
    return _take_back(case, message, now, "reopened", None)


def _take_back(
    case: Matter | None,
    message: Envelope[Event],
    now: datetime,
    reason: ReturnReason,
    recommended: tuple[Track, ...] | None,
) -> Decision[Matter]:
    if case is None or case.in_force is None:
        raise TooEarly("not_classified", "The complaint comes back before it was classified.")
    proposed = case.in_force.model_copy(update={"tracks": recommended or case.in_force.tracks, "officer": None})
    proposal = Proposal(proposed, (reason,), case.proposal.grounds)
    after = replace(case, status=_move(case, "return"), proposal=proposal, returned=reason, since=now)
    return Decision(after)


def _confirmed(case: Matter, message: Envelope[ComplaintVerified]) -> Matter:
    """A report that was passed on provisionally has been verified; what was decided stands."""
    if case.provisional and not message.data.provisional:
        return replace(case, provisional=False, report=message.data.report)
    return case


def _cannot_wait(case: Matter) -> bool:
    """A report that is happening, or that the rules see as P1, goes on with the best guess while an officer looks:
    at 3 a.m. nobody may sit at the review queue, and a patrol too many costs less than one too few."""
    return case.report.in_progress or case.urgency == "P1"


def _lane(classification: Classification, report: Report) -> Lane:
    return "urgent" if classification.urgency == "P1" or report.in_progress else "normal"


def _told(before: Matter, after: Matter, ruled: Classification, reason: str) -> tuple[Event, ...]:
    previous = before.in_force
    if previous is None:
        return (_classified(after, ruled),)
    if before.returned is None and _same(previous, ruled):
        return ()
    return (ComplaintReclassified(report=after.report, classification=ruled, previous=previous, reason=reason),)


def _classified(case: Matter, classification: Classification) -> ComplaintClassified:
    return ComplaintClassified(report=case.report, classification=classification, provisional=case.provisional)


def _same(one: Classification, other: Classification) -> bool:
    return (one.category, one.urgency, one.tracks) == (other.category, other.urgency, other.tracks)


def _move(case: Matter, move: Move) -> Status:
    after = MOVES.get((case.status, move))
    if after is None:
        raise Conflict("wrong_state", f"A complaint that is {case.status} cannot take the move {move}.")
    return after


def _officer(actor: Person | None) -> str:
    if actor is None:
        raise TypeError("a ruling needs the officer who made it")
    return actor.id
