"""What an officer decides on the case of one report. Pure: no I/O, the time and what was found out are passed in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.verification.case import Question, Verification
from services.verification.domain import asked, moved, verified
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Person, instant
from shared.contracts.refusals import Absent, Conflict, Invalid
from shared.contracts.verification import ComplaintLinked, ComplaintRejected, Missing, RejectionReason


@dataclass(frozen=True, slots=True)
class Reject:
    """An officer's rejection; `notice` is sealed."""

    reason: RejectionReason
    appeal_within: timedelta
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Clarify:
    """An officer's question to the reporter; `notice` is sealed."""

    missing: tuple[Missing, ...]
    answer_within: timedelta
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An officer's word that an earlier report tells of the same incident."""

    to: str


def verify(case: Verification | None, command: Command[None], now: datetime) -> Decision[Verification]:
    """An officer finds the report fit to be acted on."""
    case, officer = _acting(case, command)
    case = moved(case, "verified", "verified", now, officer)
    return Decision(case, (verified(case, officer=officer.id),))


def reject(case: Verification | None, command: Command[Reject], now: datetime) -> Decision[Verification]:
    """An officer ends the report with a reason. On appeal that is final."""
    case, officer = _acting(case, command)
    reason, final = command.data.reason, case.appeal is not None
    case = moved(case, "rejected", "rejected", now, officer, reason)
    until = instant(now if final else now + command.data.appeal_within)
    sealed = Sealed(notice=command.data.notice)
    event = ComplaintRejected(reason=reason, appeal_until=until, officer=officer.id, sealed=sealed, final=final)
    return Decision(case, (event,))


def clarify(case: Verification | None, command: Command[Clarify], now: datetime) -> Decision[Verification]:
    """An officer asks the reporter for what is missing."""
    case, officer = _acting(case, command)
    missing, notice = command.data.missing, command.data.notice
    if "other" in missing and not notice:
        raise Invalid("words_missing", "Say in words what else the reporter is asked for.", "words")
    if not case.answerable:
        raise Conflict("cannot_answer", "The reporter has no tracking code to answer with.")
    # Whether a question in the officer's own words was answered, no check can tell.
    question = Question(missing, instant(now + command.data.answer_within), for_officer=notice is not None)
    case = moved(replace(case, question=question), "clarifying", "asked", now, officer, ",".join(missing))
    return Decision(case, (asked(question, notice),))


def link(
    case: Verification | None, command: Command[Link], now: datetime, known: Verification | None
) -> Decision[Verification]:
    """An officer links the report to an earlier one of the same incident, which `known` is if there is such a one.

    Only an open report can be linked away, and only to one that is verified, which no move makes open or linked again.
    So neither chains nor circles can arise, however many officers link at once, although each decision writes one
    document alone. The target may be withdrawn in the very moment, as it may be right after: whoever acts on it hears
    of both. (Were open targets allowed, rejecting the earlier report would silently end the later one.)
    """
    case, officer = _acting(case, command)
    to = command.data.to
    if to == command.subject:
        raise Invalid("same_complaint", "A complaint cannot be linked to itself.", "to")
    if known is None or known.polres != case.polres or not known.visible_to(officer):
        raise Invalid("no_such_complaint", "There is no such complaint.", "to")
    if (known.report.received_at, to) >= (case.report.received_at, command.subject):
        raise Invalid("not_earlier", "A complaint can only be linked to one that came in before it.", "to")
    if known.status != "verified":
        raise Conflict("target_not_verified", f"The earlier complaint is {known.status}; it must be verified first.")
    # Whoever may not know of the earlier report may not learn of it from this one, here and wherever it is heard of.
    names = tuple(dict.fromkeys((*case.report.conflicts, *known.report.conflicts)))
    hidden_from = tuple(dict.fromkeys((*case.hidden_from, *known.hidden_from)))
    report = case.report.model_copy(update={"conflicts": names})
    case = replace(case, linked_to=to, report=report, hidden_from=hidden_from)
    case = moved(case, "linked", "linked", now, officer, to)
    return Decision(case, (ComplaintLinked(linked_to=to, officer=officer.id, report=case.complete_report),))


def _acting(case: Verification | None, command: Command[Any]) -> tuple[Verification, Person]:
    if case is None or command.actor is None or not case.visible_to(command.actor):
        raise Absent
    if case.appeal and case.appeal.rejected_by == command.actor.id:
        raise Conflict("own_rejection", "You rejected this report; another officer decides on the appeal.")
    return case, command.actor
