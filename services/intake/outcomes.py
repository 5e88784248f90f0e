"""What became of a complaint, as far as its reporter, its end and the public list of Open311 need it here. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.intake import course
from services.intake.domain import Appeal, Complaint, Listing, moved
from services.intake.open311_services import PUBLIC
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Envelope, instant
from shared.contracts.intake import ComplaintAppealed
from shared.contracts.internal_affairs import ConductCaseConcluded
from shared.contracts.refusals import Absent, Conflict, TooEarly
from shared.contracts.verification import ComplaintRejected


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
    status = moved(case, "appeal")
    if case is None:
        raise Absent
    if case.appeal:
        raise Conflict("appealed_before", "An appeal was made already; a report can be appealed for once.")
    if case.appeal_until is None:
        raise Conflict("not_rejected", "The report has not been rejected, so there is nothing to appeal against.")
    if now > case.appeal_until:
        raise Conflict("too_late", f"The time for an appeal ended on {case.appeal_until:%Y-%m-%d %H:%M} UTC.")
    after = replace(case, status=status, appeal=Appeal(message.data.fingerprint, now))
    return Decision(after, (ComplaintAppealed(sealed=message.data.sealed),))


def classified(
    case: Complaint | None, message: Envelope[ComplaintClassified] | Envelope[ComplaintReclassified], now: datetime
) -> Decision[Complaint]:
    """What others decided on a complaint: only what is harmless in their eyes too stays in the public list."""
    if case is None:
        return Decision(case)
    after = replace(case, course=course.placed(case.course, message))
    if after.listing and message.sequence > after.listing.opened:
        after = replace(after, listing=_listed(after, after.listing, message))
    return Decision(case if after == case else after)


def _listed(
    case: Complaint, listing: Listing, message: Envelope[ComplaintClassified] | Envelope[ComplaintReclassified]
) -> Listing:
    listing = replace(
        listing,
        shown={listing.service_code, message.data.classification.category} <= PUBLIC,
        village=message.data.report.village or listing.village,
        opened=message.sequence,
    )
    return _settled(case, listing, message)


def ended(case: Complaint | None, message: Envelope[Any], now: datetime) -> Decision[Complaint]:
    """Somebody brought the matter to its end, as far as it was theirs."""
    if case is None:
        return Decision(case)
    after = _ended(case, message)
    return Decision(case if after == case else after)


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
