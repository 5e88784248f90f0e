"""What other services say of a complaint, kept so that the order in which it arrives does not matter.

Nobody can tell from a withdrawal or a supplement whether the complaint will ever be ours, so it is remembered in a case
that nobody sees and that the database forgets if the complaint never comes. Of classifications the newest counts.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.referral.case import Case, Supplement
from shared import told
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, instant
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

Learn = Callable[[Case | None, Any], Case | None]
TRACK = "referral"


def classified(case: Case | None, message: Envelope[ComplaintClassified]) -> Case | None:
    """The complaint is classified. One that is not ours leaves nothing behind where nothing is known."""
    if case is None and TRACK not in message.data.classification.tracks:
        return None
    return _newest(case or _unknown(message), message)


def reclassified(case: Case | None, message: Envelope[ComplaintReclassified]) -> Case:
    """The complaint has moved; `reopened` takes back how it ended before."""
    case = _newest(case or _unknown(message), message)
    if message.data.reason != "reopened" or message.sequence <= case.reopened:
        return case
    past = (*case.past_completions, case.completion) if case.completion else case.past_completions
    return replace(case, reopened=message.sequence, completion=None, past_completions=past)


def joined(case: Case | None, message: Envelope[ComplaintLinked]) -> Case | None:
    """The complaint, passed on before its checks were done, turned out to tell of an earlier one."""
    if message.subject == message.data.linked_to:
        return case
    case = case or _unknown(message)
    # Its report names those of the earlier one too: whoever may not know of that may not learn of it here.
    case = replace(case, conflicts=told.about(case.conflicts, message))
    return replace(case, joined=told.newest(case.joined, message, message.data.linked_to))


def named(case: Case | None, message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked]) -> Case:
    """Internal affairs, or a later report of the same matter, names whom else it is about."""
    case = case or _unknown(message)
    return replace(case, conflicts=told.about(case.conflicts, message))


def supplemented(case: Case | None, message: Envelope[ComplaintSupplemented]) -> Case:
    """The reporter added something."""
    case, data = case or _unknown(message), message.data
    added = Supplement(data.supplement, instant(message.time), data.sealed.narrative)
    return replace(case, supplements=told.each_once(case.supplements, added, lambda supplement: supplement.id))


def withdrawn(case: Case | None, message: Envelope[ComplaintWithdrawn]) -> Case:
    """The reporter took the report back, which is never undone."""
    case = case or _unknown(message)
    return replace(case, withdrawn=told.first(case.withdrawn, message))


def rejected(case: Case | None, message: Envelope[ComplaintRejected]) -> Case:
    """An officer ended a report that had been passed on before its checks were done."""
    case = case or _unknown(message)
    return replace(case, rejected=told.newest(case.rejected, message))


def nothing_new(case: Case | None, message: Any) -> Case | None:
    """Time went by, and no more."""
    return case


def _newest(case: Case, message: Envelope[Any]) -> Case:
    report = message.data.report
    # Whoever has once been named stays shut out.
    case = replace(case, conflicts=tuple(sorted({*case.conflicts, *report.conflicts})))
    if message.sequence <= case.sequence:
        return case
    return replace(
        case,
        lane=message.lane,
        sequence=message.sequence,
        report=report,
        classification=message.data.classification,
    )


def _unknown(message: Envelope[Any]) -> Case:
    return Case(polres=message.polres, lane=message.lane)
