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

from services.mediation.case import Case, LinkedReport, Supplement, kind_of
from shared import told
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, instant
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
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
    if message.subject == message.data.linked_to:
        return case
    case = case or _unknown(message)
    later = LinkedReport(message.subject, instant(message.time), message.data.report)
    return _with_conflicts(replace(case, linked=told.each_once(case.linked, later, lambda report: report.complaint)))


def joined(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """This case's complaint, passed on before its checks were done, turned out to tell of an earlier one."""
    if message.subject == message.data.linked_to:
        return case
    case = case or _unknown(message)
    # Its report names those of the earlier one too: whoever may not know of that may not learn of it here.
    case = replace(case, conflicts=told.about(case.conflicts, message))
    return replace(case, joined=told.newest(case.joined, message, message.data.linked_to))


def named(case: Case | None, message: Envelope[ConductConflictFound]) -> Case:
    """Internal affairs found out whom else it is about."""
    case = case or _unknown(message)
    return replace(case, conflicts=told.about(case.conflicts, message))


def supplemented(case: Case | None, message: Envelope[ComplaintSupplemented]) -> Case:
    """The reporter added something."""
    case, data = case or _unknown(message), message.data
    added = Supplement(data.supplement, instant(message.time), data.village, data.attachments, data.sealed.narrative)
    return replace(case, supplements=told.each_once(case.supplements, added, lambda supplement: supplement.id))


def withdrawn(case: Case | None, message: Envelope[ComplaintWithdrawn]) -> Case:
    """The reporter took the report back: there is nothing left to settle, and it is never undone."""
    case = case or _unknown(message)
    return replace(case, withdrawn=told.first(case.withdrawn, message))


def rejected(case: Case | None, message: Envelope[ComplaintRejected]) -> Case:
    """An officer ended a report that had been passed on before its checks were done."""
    case = case or _unknown(message)
    return replace(case, rejected=told.newest(case.rejected, message))


def _newest(case: Case, message: Envelope[Any], provisional: bool) -> Case:
    if message.sequence <= case.sequence:
        # Whoever has once been named stays shut out.
        return replace(case, conflicts=tuple(sorted({*case.conflicts, *message.data.report.conflicts})))
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
    return replace(case, conflicts=tuple(sorted(named.union(own, case.conflicts))))


def _unknown(message: Envelope[Any]) -> Case:
    return Case(polres=message.polres, lane=message.lane)
