"""What other services say of a complaint, kept so that the order in which it arrives does not matter.

A supplement, a link or a withdrawal may come before the classification that gives the complaint to us, and nobody can
tell from it whether one ever will. It is remembered in a case that nobody sees, and that the database forgets after
`forget_after_days` if the complaint never comes.

Of classifications the newest counts, by its sequence. Beside it two sequences are kept, each the highest seen: `given`,
of those that gave us the complaint afresh, so that a round which ended before is followed by another, and `reinstated`,
of those that undo a rejection.

A first classification that is not ours leaves nothing behind where nothing is known, so that not every complaint of the
office stands here too. It is missed in one case alone: a rejection that was appealed against, and that reaches us only
after the classification which followed the appeal.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.mediation.case import Case, LinkedReport, Supplement, Told, kind_of
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, instant
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

Learn = Callable[[Case | None, Any], Case | None]
AFRESH = frozenset({"mediation_failed", "reopened"})


def classified(case: Case | None, message: Envelope[ComplaintClassified]) -> Case | None:
    """The complaint is classified for the first time, or again after an appeal."""
    if case is None and kind_of(message.data.classification.tracks) is None:
        return None
    case = case or _unknown(message)
    if not message.data.provisional:
        # Checks that are done cannot end in a rejection any more: one that came before was appealed against.
        case = replace(case, reinstated=max(case.reinstated, message.sequence))
    return _newest(case, message, message.data.provisional)


def reclassified(case: Case | None, message: Envelope[ComplaintReclassified]) -> Case:
    """The complaint has moved to us, away from us, or from one way of settling to the other."""
    case, data = case or _unknown(message), message.data
    kind = kind_of(data.classification.tracks)
    became_suitable = data.previous.mediation == "never" != data.classification.mediation
    if kind and (data.reason in AFRESH or kind != kind_of(data.previous.tracks) or became_suitable):
        case = replace(case, given=max(case.given, message.sequence))
    if data.reason == "reopened":
        case = replace(case, reinstated=max(case.reinstated, message.sequence))
    return _newest(case, message, provisional=False)


def linked(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """A later report, the subject, tells of the matter of this case."""
    later = message.subject
    if later == message.data.linked_to or (case and any(report.complaint == later for report in case.linked)):
        return case
    case = case or _unknown(message)
    report = LinkedReport(later, instant(message.time), message.data.report)
    reports = sorted((*case.linked, report), key=lambda report: (report.at, report.complaint))
    return _with_conflicts(replace(case, linked=tuple(reports)))


def joined(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """This case's complaint, passed on before its checks were done, turned out to tell of an earlier one."""
    if message.subject == message.data.linked_to:
        return case
    case = case or _unknown(message)
    if case.joined and case.joined.sequence >= message.sequence:
        return case
    return replace(case, joined=Told(instant(message.time), message.sequence, message.data.linked_to))


def supplemented(case: Case | None, message: Envelope[ComplaintSupplemented]) -> Case:
    """The reporter added something."""
    case, data = case or _unknown(message), message.data
    if any(supplement.id == data.supplement for supplement in case.supplements):
        return case
    added = Supplement(data.supplement, instant(message.time), data.village, data.attachments, data.sealed.narrative)
    supplements = sorted((*case.supplements, added), key=lambda supplement: (supplement.at, supplement.id))
    return replace(case, supplements=tuple(supplements))


def withdrawn(case: Case | None, message: Envelope[ComplaintWithdrawn]) -> Case:
    """The reporter took the report back: there is nothing left to settle, and it is never undone."""
    case = case or _unknown(message)
    if case.withdrawn and case.withdrawn.sequence <= message.sequence:
        return case
    return replace(case, withdrawn=Told(instant(message.time), message.sequence))


def rejected(case: Case | None, message: Envelope[ComplaintRejected]) -> Case:
    """An officer ended a report that had been passed on before its checks were done."""
    case = case or _unknown(message)
    if case.rejected and case.rejected.sequence >= message.sequence:
        return case
    return replace(case, rejected=Told(instant(message.time), message.sequence))


def nothing_new(case: Case | None, message: Any) -> Case | None:
    """Time went by, and no more."""
    return case


def _newest(case: Case, message: Envelope[Any], provisional: bool) -> Case:
    if message.sequence <= case.sequence:
        return case
    return _with_conflicts(
        replace(
            case,
            lane=message.lane,
            sequence=message.sequence,
            report=message.data.report,
            classification=message.data.classification,
            provisional=provisional,
        )
    )


def _with_conflicts(case: Case) -> Case:
    own = case.report.conflicts if case.report else ()
    named = {name for report in case.linked for name in report.report.conflicts}
    return replace(case, conflicts=tuple(sorted(named.union(own))))


def _unknown(message: Envelope[Any]) -> Case:
    return Case(polres=message.polres, lane=message.lane)
