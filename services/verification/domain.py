"""What each message means for the case of one report. Pure: no I/O, the time and what was found out are passed in.

What passes its checks is verified by itself. A report that is only vague goes back to its reporter at once. Anything
else waits for an officer. A crime in progress is passed on whatever its checks say, and is judged beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.verification.case import (
    MOVES,
    OPEN,
    Appeal,
    Finding,
    Happening,
    Question,
    Status,
    Step,
    Suggestion,
    Supplement,
    Trace,
    Verification,
)
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Person, instant
from shared.contracts.intake import ComplaintAppealed, ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.refusals import Conflict, Invalid, TooEarly
from shared.contracts.verification import ComplaintClarificationRequested, ComplaintVerified

MAX_SUPPLEMENTS = 20  # each makes the report longer for everybody who reads it after


@dataclass(frozen=True, slots=True)
class Examination:
    """What the automatic checks found out about all that a reporter has told so far."""

    findings: tuple[Finding, ...]
    answer_within: timedelta
    village: str | None = None
    suggestion: Suggestion | None = None
    suggestion_hidden_from: tuple[str, ...] = ()
    trace: Trace | None = None
    sealed: Sealed | None = None


def submitted(
    case: Verification | None, message: Envelope[ComplaintSubmitted], now: datetime, known: Examination | None
) -> Decision[Verification]:
    """A report came in: it goes on by itself, back to its reporter, or to an officer."""
    if case or known is None:
        return Decision(case)
    report = message.data.report
    case = Verification(
        polres=message.polres,
        lane="urgent" if report.in_progress else message.lane,
        report=report,
        category_hint=message.data.category_hint,
        answerable=message.data.tracking_lookup is not None,
        hidden_from=report.conflicts,
    )
    case = _examined(case, known, now)
    # Nobody of the office that a report is about may check it; the office above does.
    if not case.held_by or case.polres in report.conflicts:
        case = moved(case, "verified", "submitted", now)
        return Decision(case, (verified(case),))
    if report.in_progress:
        case = moved(replace(case, passed_on=True), "waiting", "submitted", now)
        return Decision(case, (verified(case, provisional=True),))
    if case.answerable and _is_only_vague(case.findings):
        question = Question(case.missing, instant(now + known.answer_within))
        case = moved(replace(case, question=question), "clarifying", "submitted", now)
        return Decision(case, (asked(question),))
    return Decision(moved(case, "waiting", "submitted", now))


def supplemented(
    case: Verification | None, message: Envelope[ComplaintSupplemented], now: datetime, known: Examination | None
) -> Decision[Verification]:
    """The reporter added something: the checks count again. After the end it is noted; others hear it themselves.

    What comes in after a rejection is kept, since an appeal may follow, or may have been sent before it.
    """
    if case is None:
        raise _not_yet_submitted()
    data = message.data
    earlier = [step.detail for step in case.history if step.what == "supplemented"]
    if data.supplement in earlier:
        return Decision(case)
    supplement = Supplement(data.supplement, now, data.sealed, data.village, data.attachments)
    if case.status not in OPEN or known is None:
        if len(earlier) >= MAX_SUPPLEMENTS:
            return Decision(case)
        step = Step("supplemented", now, case.status, detail=data.supplement)
        kept = (*case.supplements, supplement) if case.status == "rejected" else case.supplements
        return Decision(replace(case, supplements=kept, history=(*case.history, step)))
    if len(earlier) >= MAX_SUPPLEMENTS:
        raise Invalid("too_many_supplements", f"A report takes {MAX_SUPPLEMENTS} supplements at most.", "supplement")
    case = _examined(replace(case, supplements=(*case.supplements, supplement)), known, now)
    if case.held_by or case.appeal or (case.question and case.question.for_officer):
        return Decision(moved(case, "waiting", "supplemented", now, detail=data.supplement))
    case = moved(case, "verified", "supplemented", now, detail=data.supplement)
    return Decision(case, (verified(case),))


def appealed(
    case: Verification | None, message: Envelope[ComplaintAppealed], now: datetime, known: Examination | None
) -> Decision[Verification]:
    """The reporter objects to the rejection: it waits again, for another officer. Whether in time, intake has seen."""
    if case is None:
        raise _not_yet_submitted()
    if case.status != "rejected" or case.appeal or known is None:
        return Decision(case)
    rejected_by = next(step.officer for step in reversed(case.history) if step.what == "rejected") or ""
    appeal = Appeal(instant(message.time), rejected_by, message.data.sealed)
    case = _examined(replace(case, appeal=appeal), known, now)
    return Decision(moved(case, "waiting", "appealed", now))


def withdrawn(
    case: Verification | None, message: Envelope[ComplaintWithdrawn], now: datetime
) -> Decision[Verification]:
    """The reporter takes the report back, which ends it wherever it has not ended otherwise."""
    if case is None:
        raise _not_yet_submitted()
    if "withdrawn" not in MOVES[case.status]:
        return Decision(case)
    return Decision(moved(case, "withdrawn", "withdrawn", now))


def tick(case: Verification | None, command: Command[None], now: datetime) -> Decision[Verification]:
    """Time has passed: a question without an answer returns to the officers, and a trace too old to compare goes."""
    if case is None or case.due is None or now < case.due:
        return Decision(case)
    if case.trace and case.trace.until <= now:
        case = replace(case, trace=None)
    if case.status == "clarifying" and case.question and case.question.answer_by <= now:
        return Decision(moved(case, "waiting", "unanswered", now))
    return Decision(replace(case, due=_due(case)))


def _not_yet_submitted() -> TooEarly:
    return TooEarly("not_yet_submitted", "The complaint itself has not arrived yet.")


def _examined(case: Verification, known: Examination, now: datetime) -> Verification:
    return replace(
        case,
        findings=known.findings,
        held_by=tuple(finding.check for finding in known.findings if finding.holds),
        # Whoever may not know of the earlier report may not learn of it from this one.
        hidden_from=tuple(dict.fromkeys((*case.report.conflicts, *known.suggestion_hidden_from))),
        suggestion=known.suggestion,
        village=known.village,
        trace=known.trace if known.trace and known.trace.until > now else None,
        sealed=known.sealed,
    )


def _is_only_vague(findings: Sequence[Finding]) -> bool:
    """Whether the reporter alone can mend it: something was not told, of which a place that nobody knows is a part."""
    reasons = {finding.reason for finding in findings if finding.holds and finding.check != "completeness"}
    return reasons <= {"place_unknown"} and any(f.check == "completeness" and f.holds for f in findings)


def moved(
    case: Verification,
    to: Status,
    what: Happening,
    now: datetime,
    officer: Person | None = None,
    detail: str | None = None,
) -> Verification:
    """The case after a move that the table allows. Raises Conflict."""
    if to not in MOVES[case.status]:
        raise Conflict("wrong_state", f"The complaint is {case.status}; from there it cannot become {to}.")
    step = Step(what, now, to, officer.id if officer else None, detail)
    keeps_trace = to in (*OPEN, "verified")
    case = replace(case, status=to, trace=case.trace if keeps_trace else None, history=(*case.history, step))
    return replace(case, due=_due(case))


def _due(case: Verification) -> datetime | None:
    moments = [case.trace.until] if case.trace else []
    if case.question and case.status == "clarifying":
        moments.append(case.question.answer_by)
    return min(moments, default=None)


def verified(case: Verification, *, provisional: bool = False, officer: str | None = None) -> Event:
    return ComplaintVerified(
        report=case.complete_report,
        category_hint=case.category_hint,
        provisional=provisional,
        warnings=tuple(finding.check for finding in case.findings if finding.outcome != "passed"),
        officer=officer,
        on_appeal=case.appeal is not None,
    )


def asked(question: Question, notice: str | None = None) -> Event:
    return ComplaintClarificationRequested(
        missing=question.missing, answer_by=question.answer_by, sealed=Sealed(notice=notice)
    )
