"""What each message means for a complaint under classification. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.classification.case import MOVES, DecisionReason, Matter, Move, Proposal, ReturnReason, Status, Step
from services.classification.taxonomy import POLICE_MISCONDUCT, SETTLING_TRACKS
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Track
from shared.contracts.envelope import Command, Decision, Envelope, Event, Lane, Person
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.internal_affairs import ConductCaseReturned
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.refusals import Absent, Conflict, Invalid, TooEarly
from shared.contracts.verification import ComplaintLinked, ComplaintRejected, ComplaintVerified

# The weightiest first, should a complaint come back twice before an officer gets to it: whoever had closed it must hear
# that it is opened again.
RETURN_REASONS: tuple[ReturnReason, ...] = ("reopened", "mediation_failed", "referral_declined", "not_misconduct")
# Who gives a complaint back must have it: what a track says after the complaint has left it comes too late to count.
GIVEN_BACK_FROM: Mapping[ReturnReason, frozenset[Track]] = {
    "mediation_failed": SETTLING_TRACKS,
    "referral_declined": frozenset({"referral"}),
    "not_misconduct": frozenset({"internal_affairs"}),
}
PPA_APPROVER = "ppa_approver"
HISTORY_KEPT = 50


@dataclass(frozen=True, slots=True)
class Ruling:
    """An officer's choice. None confirms what is proposed; `note` is sealed."""

    classification: Classification | None
    note: str | None = field(default=None, repr=False)


def classify(
    case: Matter | None, message: Envelope[ComplaintVerified], now: datetime, proposal: Proposal
) -> Decision[Matter]:
    """Takes a verified complaint in. Sure: classified. Unsure: an officer first, unless somebody may be in danger."""
    if case is not None:
        return _resumed(case, message, now) if _is_upheld(case, message) else Decision(_confirmed(case, message))
    report, unsure = message.data.report, bool(proposal.cautions)
    at_once = _cannot_wait(proposal.classification, report)
    if unsure and at_once:
        proposal = replace(proposal, classification=_with_patrol(proposal.classification))
    said = proposal.classification
    case = Matter(
        polres=message.polres,
        lane=_lane(said, report),
        status="waiting",
        report=report,
        proposal=proposal,
        in_force=None,
        since=now,
        provisional=message.data.provisional,
        upheld=message.sequence if message.data.on_appeal else 0,
    )
    if unsure and not at_once:
        return Decision(case)
    step = Step(now, "rules", said.category, said.urgency, said.tracks)
    case = replace(case, status="checking" if unsure else "classified", in_force=said, history=(step,))
    return Decision(case, (_classified(case, said),))


def rule(case: Matter | None, message: Command[Ruling], now: datetime) -> Decision[Matter]:
    """An officer confirms or changes. The first time it classifies, later it moves the complaint."""
    officer, ruling = message.actor, message.data
    if case is None or officer is None or not case.visible_to(officer):
        raise Absent
    status = _move(case, "change" if ruling.classification else "confirm")
    chosen = ruling.classification or case.proposal.classification
    _keep_to_guard_rails(chosen, officer)
    ruled = chosen.model_copy(update={"officer": officer.id})
    reason: DecisionReason = case.returned or "officer_decision"
    step = Step(now, reason, ruled.category, ruled.urgency, ruled.tracks, officer.id, ruling.note)
    after = replace(
        case,
        status=status,
        lane=_lane(ruled, case.report),
        in_force=ruled,
        since=now,
        returned=None,
        history=(*case.history, step)[-HISTORY_KEPT:],
    )
    return Decision(after, _told(case, after, ruled, reason))


def end(
    case: Matter | None, message: Envelope[ComplaintRejected] | Envelope[ComplaintLinked], now: datetime
) -> Decision[Matter]:
    """Verification ended a report that it had passed on unchecked: no officer has to look at it here any more.

    A complaint that is unknown here was never passed on, and one that is decided stays as it was decided.
    """
    if case is None or (case.status, "end") not in MOVES or message.sequence < case.upheld:
        return Decision(case)
    return Decision(replace(case, status=_move(case, "end"), returned=None, since=now))


def take_back_from_mediation(
    case: Matter | None, message: Envelope[MediationFailed], now: datetime
) -> Decision[Matter]:
    """The parties did not agree: an officer decides, with the mediator's recommendation proposed."""
    return _take_back(case, now, "mediation_failed", (message.data.recommended,))


def take_back_from_referral(
    case: Matter | None, message: Envelope[ReferralDeclined], now: datetime
) -> Decision[Matter]:
    """No agency took it: an officer decides."""
    return _take_back(case, now, "referral_declined")


def take_back_from_internal_affairs(
    case: Matter | None, message: Envelope[ConductCaseReturned], now: datetime
) -> Decision[Matter]:
    """It is not about the police after all: an officer decides. One who confirms sends it there again."""
    return _take_back(case, now, "not_misconduct")


def reopen(case: Matter | None, message: Envelope[ComplaintReopenRequested], now: datetime) -> Decision[Matter]:
    """The reporter asks to open the complaint again: an officer decides."""
    return _take_back(case, now, "reopened")


def _take_back(
    case: Matter | None, now: datetime, reason: ReturnReason, recommended: tuple[Track, ...] = ()
) -> Decision[Matter]:
    if case is None or case.in_force is None:
        raise TooEarly("not_classified", "The complaint comes back before it was classified.")
    if reason in GIVEN_BACK_FROM and GIVEN_BACK_FROM[reason].isdisjoint(case.in_force.tracks):
        return Decision(case)
    earlier = case.proposal if case.returned else None
    known = {reason, *(earlier.cautions if earlier else ())}
    reasons = tuple(reason for reason in RETURN_REASONS if reason in known)
    tracks = recommended or (earlier.classification if earlier else case.in_force).tracks
    proposed = case.in_force.model_copy(update={"tracks": tracks, "officer": None})
    after = replace(
        case,
        status=_move(case, "return"),
        proposal=Proposal(proposed, reasons, case.proposal.grounds),
        returned=reasons[0],
        since=case.since if earlier else now,
    )
    return Decision(case if after == case else after)


def _confirmed(case: Matter, message: Envelope[ComplaintVerified]) -> Matter:
    """A report that was passed on provisionally has been verified; what was decided stands."""
    if case.provisional and not message.data.provisional:
        return replace(case, provisional=False, report=_verified_report(case, message))
    return case


def _verified_report(case: Matter, message: Envelope[ComplaintVerified]) -> Report:
    """The report as it was verified. Whoever has once been named stays shut out."""
    report = message.data.report
    return report.model_copy(update={"conflicts": tuple(dict.fromkeys((*case.report.conflicts, *report.conflicts)))})


def _is_upheld(case: Matter, message: Envelope[ComplaintVerified]) -> bool:
    return message.data.on_appeal and message.sequence > case.upheld and case.in_force is not None


def _resumed(case: Matter, message: Envelope[ComplaintVerified], now: datetime) -> Decision[Matter]:
    """A report that others had acted on was rejected, and its appeal is upheld. An officer says how it goes on: days
    later, what was urgent then may not be so any more, and the patrols have long been called off."""
    confirmed = replace(case, provisional=False, report=_verified_report(case, message), upheld=message.sequence)
    return _take_back(confirmed, now, "reopened")


def _cannot_wait(guess: Classification, report: Report) -> bool:
    """A report that is happening, or that the rules see as P1, goes on with the best guess while an officer looks:
    at 3 a.m. nobody may sit at the review queue, and a patrol too many costs less than one too few."""
    return report.in_progress or guess.urgency == "P1"


def _with_patrol(guess: Classification) -> Classification:
    """A guess that goes on unread sends somebody to look, though never a patrol to a complaint about the police."""
    if {"dispatch", "internal_affairs"}.intersection(guess.tracks):
        return guess
    # A referral to nobody would only come back.
    kept = (track for track in guess.tracks if track != "referral" or guess.partners)
    return guess.model_copy(update={"tracks": (*kept, "dispatch")})


def _keep_to_guard_rails(chosen: Classification, officer: Person) -> None:
    """Holds for what an officer confirms too: a proposal may come from a mediator, or rest on another's approval."""
    tracks = chosen.tracks
    if len(set(tracks)) < len(tracks):
        raise Invalid("repeated_track", "Each track may be named once.", "tracks")
    if chosen.category == POLICE_MISCONDUCT and tracks != ("internal_affairs",):
        raise Invalid("guard_rail", "A complaint about the police goes to internal affairs alone.", "tracks")
    if chosen.category != POLICE_MISCONDUCT and "internal_affairs" in tracks:
        raise Invalid("guard_rail", f"Only the category {POLICE_MISCONDUCT} goes to internal affairs.", "tracks")
    if SETTLING_TRACKS.isdisjoint(tracks) or chosen.mediation == "allowed":
        return
    if chosen.mediation == "ppa_approval" and PPA_APPROVER in officer.roles:
        return
    detail = {
        "never": "This complaint is never settled by mediation or guidance.",
        "restorative_only": "This complaint may only be settled by restorative justice, within its investigation.",
        "ppa_approval": f"Settling this complaint needs the approval of the PPA unit (role {PPA_APPROVER}).",
    }[chosen.mediation]
    raise Invalid("guard_rail", detail, "tracks")


def _lane(classification: Classification, report: Report) -> Lane:
    return "urgent" if classification.urgency == "P1" or report.in_progress else "normal"


def _told(before: Matter, after: Matter, ruled: Classification, reason: DecisionReason) -> tuple[Event, ...]:
    previous = before.in_force
    if previous is None:
        return (_classified(after, ruled),)
    if before.returned is None and _for_others(previous) == _for_others(ruled):
        return ()
    return (ComplaintReclassified(report=after.report, classification=ruled, previous=previous, reason=reason),)


def _classified(case: Matter, classification: Classification) -> ComplaintClassified:
    return ComplaintClassified(report=case.report, classification=classification, provisional=case.provisional)


def _for_others(classification: Classification) -> Classification:
    """Without who decided it and how sure the rules were, which changes nothing for whoever acts on it."""
    return classification.model_copy(update={"confidence": 0.0, "officer": None})


def _move(case: Matter, move: Move) -> Status:
    after = MOVES.get((case.status, move))
    if after is None:
        raise Conflict("wrong_state", f"A complaint that is {case.status} cannot take the move {move}.")
    return after
