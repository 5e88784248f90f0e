"""What became of a complaint, as far as its reporter, its end and the public list of Open311 need it here. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.intake import course
from services.intake.case import Appeal, Complaint, Listing, Status
from services.intake.domain import moved
from services.intake.open311_services import PUBLIC
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Envelope, instant
from shared.contracts.intake import ComplaintAppealed
from shared.contracts.internal_affairs import ConductCaseConcluded, ConductConflictFound
from shared.contracts.investigation import InvestigationAssigned
from shared.contracts.refusals import Absent, Conflict, TooEarly
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from shared.told import about


@dataclass(frozen=True, slots=True)
class Objection:
    """An appeal on its way in; `sealed` holds its grounds."""

    sealed: Sealed
    fingerprint: str


def rejected(case: Complaint | None, message: Envelope[ComplaintRejected], now: datetime) -> Decision[Complaint]:
    """Verification rejected the report. Only the first time opens the way to an appeal."""
    if case is None:
        raise TooEarly("not_yet_submitted", "The complaint itself is not here yet.")
    after = _ended(case, message)
    if case.appeal_until is None and not message.data.final:
        after = replace(after, appeal_until=message.data.appeal_until)
    return Decision(case if after == case else after)


def appeal(case: Complaint | None, message: Command[Objection], now: datetime) -> Decision[Complaint]:
    """The reporter objects to the rejection, once and in time. Raises Conflict with the reason why not."""
    status = refuse_appeal(case, now)
    if case is None:
        raise Absent
    after = replace(case, status=status, appeal=Appeal(message.data.fingerprint, now))
    return Decision(after, (ComplaintAppealed(sealed=message.data.sealed),))


def refuse_appeal(case: Complaint | None, now: datetime) -> Status:
    """The status after an appeal that may be made now. Raises Absent, or Conflict with the reason why not."""
    status = moved(case, "appeal")
    if case is None:
        raise Absent
    if case.appeal:
        raise Conflict("appealed_before", "An appeal was made already; a report can be appealed for once.")
    if case.appeal_until is None:
        raise Conflict("not_rejected", "The report has not been rejected, so there is nothing to appeal against.")
    if now > case.appeal_until:
        raise Conflict("too_late", f"The time for an appeal ended on {case.appeal_until:%Y-%m-%d %H:%M} UTC.")
    return status


def classified(
    case: Complaint | None, message: Envelope[ComplaintClassified] | Envelope[ComplaintReclassified], now: datetime
) -> Decision[Complaint]:
    """What others decided on a complaint: whose work it is, and that only what is harmless in their eyes too stays in
    the public list."""
    if case is None:
        return Decision(case)
    after = replace(case, course=course.placed(case.course, message))
    if message.sequence > after.handling.classified:
        units = message.data.classification.units
        after = replace(after, handling=replace(after.handling, units=units, classified=message.sequence))
    if after.listing and message.sequence > after.listing.opened:
        after = replace(after, listing=_listed(after, after.listing, message))
    return Decision(case if after == case else after)


def _listed(
    case: Complaint, listing: Listing, message: Envelope[ComplaintClassified] | Envelope[ComplaintReclassified]
) -> Listing:
    listing = replace(
        listing,
        # Whoever it is about reads the public list too.
        shown={listing.service_code, message.data.classification.category} <= PUBLIC
        and not case.report.conflicts
        and not message.data.report.conflicts,
        village=message.data.report.village or listing.village,
        opened=message.sequence,
    )
    return _settled(case, listing, message)


def assigned(case: Complaint | None, message: Envelope[InvestigationAssigned], now: datetime) -> Decision[Complaint]:
    """A detective has it, whose unit need not be one that the classification names."""
    if case is None or message.sequence <= case.handling.assigned:
        return Decision(case)
    handling = replace(case.handling, detective_unit=message.data.unit, assigned=message.sequence)
    return Decision(replace(case, handling=handling))


def linked(case: Complaint | None, message: Envelope[ComplaintLinked], now: datetime) -> Decision[Complaint]:
    """It goes on in an earlier complaint, whose people read its files too. Whoever may not know of that one is not
    shown it here."""
    if case is None:
        return Decision(case)
    joined = replace(_named(case, message), handling=replace(case.handling, earlier=message.data.linked_to))
    after = _ended(joined, message)
    return Decision(case if after == case else after)


def ended(case: Complaint | None, message: Envelope[Any], now: datetime) -> Decision[Complaint]:
    """Somebody brought the matter to its end, as far as it was theirs."""
    if case is None:
        return Decision(case)
    after = _ended(case, message)
    return Decision(case if after == case else after)


def named(
    case: Complaint | None, message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked], now: datetime
) -> Decision[Complaint]:
    """It turned out to be about further persons or units: it is hidden from them, and stands in no public list."""
    if case is not None:
        return Decision(_named(case, message))
    if about((), message):
        raise TooEarly("not_yet_submitted", "The complaint itself is not here yet.")
    return Decision(None)


def _named(case: Complaint, message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked]) -> Complaint:
    conflicts = about(case.report.conflicts, message)
    if set(conflicts) == set(case.report.conflicts):
        return case
    listing = case.listing and replace(case.listing, shown=False)
    return replace(case, report=case.report.model_copy(update={"conflicts": conflicts}), listing=listing)


def given_back(case: Complaint | None, message: Envelope[Any], now: datetime) -> Decision[Complaint]:
    """Somebody is not the one to end it after all."""
    if case is None:
        return Decision(case)
    after = replace(case, course=course.told(case.course, message))
    return Decision(case if after == case else after)


def _ended(case: Complaint, message: Envelope[Any]) -> Complaint:
    case = replace(case, course=course.told(case.course, message))
    if message.type == ConductCaseConcluded.wire:
        # The public is never shown that a complaint was about the police.
        return case
    listing = case.listing
    if listing is None or message.sequence <= listing.closed:
        return case
    return replace(case, listing=_settled(case, replace(listing, closed=message.sequence), message))


def _settled(case: Complaint, listing: Listing, message: Envelope[Any]) -> Listing:
    """Open or closed, whichever was said last by cause: so the order of arrival does not matter."""
    closed = case.status == "withdrawn" or listing.closed > listing.opened
    return replace(
        listing,
        status="closed" if closed else "open",
        updated_at=max(listing.updated_at, instant(message.time)),
    )
