"""A complaint at the front desk: taken in, added to, taken back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from services.intake.case import Complaint, Listing, Status, Supplement
from shared.contracts.complaint import Attachment, Channel, IdentityLevel, Language, RegisterModel, Report, Sealed
from shared.contracts.envelope import Command, Decision
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.refusals import Absent, Conflict, Invalid

Move = Literal["submit", "supplement", "withdraw", "appeal", "confirm"]
MOVES: Mapping[tuple[Status | None, Move], Status] = {
    (None, "submit"): "received",
    ("received", "supplement"): "received",
    ("received", "appeal"): "received",
    ("received", "confirm"): "received",
    ("received", "withdraw"): "withdrawn",
    ("withdrawn", "withdraw"): "withdrawn",
}

SUPPLEMENTS_KEPT = 50
CLOCKS_APART = timedelta(minutes=10)  # how far ahead of ours a reporter's clock may be
_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class Answered(Conflict):
    """The request has led to a complaint before; its answer is that complaint's."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A report on its way in, its personal parts sealed already."""

    model: RegisterModel
    channel: Channel
    channel_name: str | None
    identity_level: IdentityLevel
    language: Language
    occurred_at: datetime | None
    in_progress: bool
    village: str | None
    conflicts: tuple[str, ...]
    category_hint: str | None
    sealed: Sealed
    attachments: tuple[str, ...]
    request: str
    fingerprint: str
    tracking_lookup: str
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """A supplement on its way in."""

    village: str | None
    sealed: Sealed
    attachments: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the desk found for a submission: its register number and those of its files that may be used.

    Without a number, either the request has been answered before or a file is missing.
    """

    register_number: str | None
    attachments: tuple[Attachment, ...]
    answered: bool = False


def refuse_future(occurred_at: datetime | None, now: datetime) -> None:
    """Raises Invalid for a time that has not come yet."""
    if occurred_at and occurred_at > now + CLOCKS_APART:
        raise Invalid("in_the_future", "The time has not come yet.", "when")


def register_number(model: RegisterModel, number: int, on: date, office: str) -> str:
    """`LP/B/000123/XI/2026/SPKT/POLRES SUKAMAJU`. Model A is an officer's own finding, B comes from the public."""
    return f"LP/{model}/{number:06d}/{_MONTHS[on.month - 1]}/{on.year}/SPKT/{office}"


def submit(case: Complaint | None, message: Command[Submission], now: datetime, entry: Entry) -> Decision[Complaint]:
    """Takes a report in. Raises Answered for a request that was answered before, Invalid for an unknown file."""
    submission = message.data
    status = moved(case, "submit")
    if entry.answered:
        raise Answered("answered", "The request was answered before.")
    _refuse_missing(submission.attachments, entry.attachments)
    if entry.register_number is None:
        raise TypeError("a submission that is to be stored needs its register number")
    report = Report(
        register_number=entry.register_number,
        model=submission.model,
        channel=submission.channel,
        channel_name=submission.channel_name,
        author=message.actor.id if message.actor else None,
        identity_level=submission.identity_level,
        language=submission.language,
        received_at=now,
        occurred_at=submission.occurred_at,
        in_progress=submission.in_progress,
        village=submission.village,
        attachments=entry.attachments,
        conflicts=submission.conflicts,
        sealed=submission.sealed,
    )
    complaint = Complaint(
        polres=message.polres,
        lane=message.lane,
        status=status,
        report=report,
        request=submission.request,
        fingerprint=submission.fingerprint,
        tracking_lookup=submission.tracking_lookup,
        files=submission.attachments or None,
        listing=submission.listing,
    )
    return Decision(complaint, (_submitted(submission, report),))


def _submitted(submission: Submission, report: Report) -> ComplaintSubmitted:
    return ComplaintSubmitted(
        report=report, category_hint=submission.category_hint, tracking_lookup=submission.tracking_lookup
    )


def supplement_id(message_id: str, complaint_id: str) -> str:
    """The id of what a message adds; the same for the same message."""
    return str(uuid5(NAMESPACE_URL, f"supplement:{message_id}:{complaint_id}"))


def supplement(
    case: Complaint | None, message: Command[Addition], now: datetime, found: tuple[Attachment, ...]
) -> Decision[Complaint]:
    """Adds to a report, for its reporter or by an officer to whom it was given. Raises Conflict once it is withdrawn or
    full, Invalid for a file that may not be used."""
    if case is None or (message.actor and not case.visible_to(message.actor)):
        raise Absent
    status = moved(case, "supplement")
    addition, id_ = message.data, supplement_id(message.id, message.subject)
    if case.supplement(id_):
        return Decision(case)
    refuse_full(case)
    _refuse_missing(addition.attachments, found)
    files = case.files or ()
    if set(files).intersection(addition.attachments):
        raise unknown_attachment()
    added = Supplement(id_, addition.fingerprint, now, found)
    changed = replace(
        case,
        status=status,
        supplements=(*case.supplements, added),
        files=(*files, *addition.attachments) or None,
    )
    event = ComplaintSupplemented(supplement=id_, village=addition.village, attachments=found, sealed=addition.sealed)
    return Decision(changed, (event,))


def refuse_full(case: Complaint) -> None:
    """Raises Conflict once nothing more can be added."""
    if len(case.supplements) >= SUPPLEMENTS_KEPT:
        raise Conflict("full", "Nothing more can be added to this report; please call or visit the office.")


def withdraw(case: Complaint | None, message: Command[None], now: datetime) -> Decision[Complaint]:
    """Takes a report back; a second time changes nothing."""
    status = moved(case, "withdraw")
    if case is None:
        raise Absent
    if case.status == status:
        return Decision(case)
    listing = case.listing and replace(case.listing, status="closed", updated_at=now)
    return Decision(replace(case, status=status, withdrawn_at=now, listing=listing), (ComplaintWithdrawn(),))


def moved(case: Complaint | None, move: Move) -> Status:
    """The status after a move that the table allows. Raises Absent or Conflict."""
    status = MOVES.get((case.status if case else None, move))
    if status is not None:
        return status
    if case is None:
        raise Absent
    raise Conflict(case.status, f"The report is {case.status}; this is no longer possible.")


def _refuse_missing(wanted: tuple[str, ...], found: tuple[Attachment, ...]) -> None:
    if wanted != tuple(attachment.id for attachment in found):
        raise unknown_attachment()


def unknown_attachment() -> Invalid:
    return Invalid(
        "unknown_attachment", "There is no such upload; it may have expired or be part of a report.", "attachments"
    )
