"""What other services say of a complaint, kept so that the order in which it arrives does not matter.

Nobody can tell from a withdrawal or a supplement whether the complaint will ever be ours, so it is remembered in a case
that nobody sees and that the database forgets if the complaint never comes. Of classifications the newest counts.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.referral.case import Case, Supplement, Told
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, instant
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
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
    if case.joined and case.joined.sequence >= message.sequence:
        return case
    return replace(case, joined=Told(instant(message.time), message.sequence, message.data.linked_to))


def supplemented(case: Case | None, message: Envelope[ComplaintSupplemented]) -> Case:
    """The reporter added something."""
    case, data = case or _unknown(message), message.data
    if any(supplement.id == data.supplement for supplement in case.supplements):
        return case
    added = Supplement(data.supplement, instant(message.time), data.sealed.narrative)
    supplements = sorted((*case.supplements, added), key=lambda supplement: (supplement.at, supplement.id))
    return replace(case, supplements=tuple(supplements))


def withdrawn(case: Case | None, message: Envelope[ComplaintWithdrawn]) -> Case:
    """The reporter took the report back, which is never undone."""
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


def _newest(case: Case, message: Envelope[Any]) -> Case:
    if message.sequence <= case.sequence:
        return case
    report = message.data.report
    return replace(
        case,
        lane=message.lane,
        sequence=message.sequence,
        report=report,
        classification=message.data.classification,
        conflicts=tuple(sorted(report.conflicts)),
    )


def _unknown(message: Envelope[Any]) -> Case:
    return Case(polres=message.polres, lane=message.lane)
