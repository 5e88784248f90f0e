"""What other services say of a complaint, kept so that the order in which it arrives does not matter.

As at investigation, what comes before anybody has classified the complaint is remembered in a case that nobody sees and
that has no clock, and the database forgets it unless it becomes ours. Of classifications the newest counts. A first one
that is not ours leaves nothing behind where nothing is known; a reclassification may have overtaken one that was.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.internal_affairs.case import Case, Joined, LinkedReport, Supplement
from shared import told
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Command, Envelope, instant
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

Learn = Callable[[Case | None, Any], Case | None]
OUR_TRACK = "internal_affairs"
# Reasons for which a complaint that had ended here, or was given back, begins anew.
BEGINS_ANEW = frozenset({"reopened", "not_misconduct"})


def classified(case: Case | None, message: Envelope[ComplaintClassified]) -> Case | None:
    """The complaint is classified for the first time, or again after an appeal."""
    if case is None and OUR_TRACK not in message.data.classification.tracks:
        return None
    return _newest(case or _unknown(message), message)


def reclassified(case: Case | None, message: Envelope[ComplaintReclassified]) -> Case:
    """The complaint has moved, or begins anew; what was found stays on file."""
    case = _newest(case or _unknown(message), message)
    if message.data.reason not in BEGINS_ANEW or message.sequence <= case.begun:
        return case
    return replace(
        case,
        begun=message.sequence,
        position="received",
        registered_at=None,
        letter_by=None,
        result_by=None,
        examiner=None,
        result=None,
        past_results=(*case.past_results, *((case.result,) if case.result else ())),
    )


def linked(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """A later report, the subject, tells of the incident of this case."""
    if message.subject == message.data.linked_to:
        return case
    case, report = case or _unknown(message), message.data.report
    later = LinkedReport(message.subject, instant(message.time), report.conflicts, report.sealed.narrative)
    return with_conflicts(replace(case, linked=told.each_once(case.linked, later, lambda known: known.complaint)))


def joined(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """This case's complaint turned out to tell of an earlier one. The desk decides whether it goes on there."""
    if message.subject == message.data.linked_to:
        return case
    case = case or _unknown(message)
    if case.joined and case.joined.sequence >= message.sequence:
        return case
    # Its report names those of the earlier one too: whoever may not know of that may not learn of it here.
    return with_conflicts(
        replace(case, joined=Joined(message.sequence, message.data.linked_to, message.data.report.conflicts))
    )


def supplemented(case: Case | None, message: Envelope[ComplaintSupplemented]) -> Case:
    """The reporter added something."""
    case, data = case or _unknown(message), message.data
    added = Supplement(data.supplement, instant(message.time), data.attachments, data.sealed.narrative)
    return replace(case, supplements=told.each_once(case.supplements, added, lambda supplement: supplement.id))


def withdrawn(case: Case | None, message: Envelope[ComplaintWithdrawn]) -> Case:
    """The reporter took the report back."""
    case, at = case or _unknown(message), instant(message.time)
    return replace(case, withdrawn_at=min(case.withdrawn_at or at, at))


def rejected(case: Case | None, message: Envelope[ComplaintRejected]) -> Case:
    """An officer of verification ended a report that had been passed on before its checks were done."""
    case = case or _unknown(message)
    return replace(case, rejected=max(case.rejected, message.sequence))


def found(case: Case | None, message: Command[tuple[str, ...]]) -> Case | None:
    """The desk found out whom else it is about."""
    if case is None:
        return None
    return with_conflicts(replace(case, found_conflicts=tuple(sorted({*case.found_conflicts, *message.data}))))


def with_conflicts(case: Case) -> Case:
    """The case with everybody named in any report of it, or found out."""
    named = {*case.found_conflicts, *(case.report.conflicts if case.report else ())}
    named.update(name for report in case.linked for name in report.conflicts)
    named.update(case.joined.conflicts if case.joined else ())
    return replace(case, conflicts=tuple(sorted(named)))


def nothing_new(case: Case | None, message: Any) -> Case | None:
    """Nothing was said; the offices may have been named anew."""
    return case


def _newest(case: Case, message: Envelope[Any]) -> Case:
    if message.sequence <= case.sequence:
        return case
    data = message.data
    newer = replace(
        case, lane=message.lane, sequence=message.sequence, report=data.report, tracks=data.classification.tracks
    )
    return with_conflicts(newer)


def _unknown(message: Envelope[Any]) -> Case:
    return Case(polres=message.polres, lane=message.lane, desk=message.polres)
