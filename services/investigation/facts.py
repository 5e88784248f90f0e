"""What other services say of a complaint, kept so that the order in which it arrives does not matter.

Queues and lanes deliver out of order, and a supplement may come days before anybody has classified the complaint.
Nobody can tell from such a message whether the complaint will ever be ours: only classification knows the track. To
send it back as too early would park it after the last retry for every complaint that goes to mediation or referral; to
drop it would lose what a detective needs. So it is remembered in a case that nobody sees and that has no timers: when
the complaint comes to us it is all there, and when it never does the database forgets it after `forget_after_days`.

Of classifications the newest counts, by its sequence: one service alone numbers them. One that is not ours leaves
nothing behind where nothing is known, unless it is a reclassification, which may have overtaken one that was.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.investigation.case import Case, LinkedReport, Supplement
from shared import told
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, instant
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

Learn = Callable[[Case | None, Any], Case | None]
OUR_TRACKS = frozenset({"investigation", "dispatch"})


def classified(case: Case | None, message: Envelope[ComplaintClassified]) -> Case | None:
    """The complaint is classified for the first time, or again after an appeal."""
    ours = bool(OUR_TRACKS.intersection(message.data.classification.tracks))
    if case is None and not ours:
        return None
    case = _newest(case or _unknown(message), message, message.data.provisional)
    # Only what was verified is classified for good: a rejection from before that did not stand on appeal.
    counts = ours or (case.rejected and case.rejected.sequence < message.sequence)
    if message.data.provisional or not counts:
        return case
    return replace(case, upheld=max(case.upheld, message.sequence))


def reclassified(case: Case | None, message: Envelope[ComplaintReclassified]) -> Case:
    """The complaint has moved; `reopened` takes back how it ended before."""
    case = _newest(case or _unknown(message), message, provisional=False)
    if message.data.reason != "reopened" or message.sequence <= case.reopened:
        return case
    past = (*case.past_conclusions, case.conclusion) if case.conclusion else case.past_conclusions
    return replace(
        case,
        reopened=message.sequence,
        conclusion=None,
        past_conclusions=past,
        position="waiting",
        plan=None,
        prosecutor_notice_due=None,
    )


def linked(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """A later report, the subject, tells of the incident of this case."""
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
    """The reporter took the report back. What was withdrawn cannot be complained of again, so it is never undone."""
    case = case or _unknown(message)
    return replace(case, withdrawn=told.first(case.withdrawn, message))


def rejected(case: Case | None, message: Envelope[ComplaintRejected]) -> Case:
    """An officer ended a report that had been passed on before its checks were done."""
    case = case or _unknown(message)
    return replace(case, rejected=told.newest(case.rejected, message))


def nothing_new(case: Case | None, message: Any) -> Case | None:
    """Time went by, and no more."""
    return case


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
