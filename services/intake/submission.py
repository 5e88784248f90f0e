"""A report's way in, whichever door it came through: sealed, decided, answered; the same answer to the same request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from uuid6 import uuid7

from services.intake import domain
from services.intake.case import Complaint, Listing
from services.intake.desk import Desk
from services.intake.domain import Submission
from services.intake.reports import Place, ReportBody, Reporter
from shared import telemetry
from shared.contracts.complaint import Channel, IdentityLevel, RegisterModel, Sealed
from shared.contracts.envelope import Command, Lane, Person
from shared.contracts.intake import Receipt
from shared.contracts.refusals import Absent, Invalid
from shared.operation import Decide, Gather, Operation, Outcome
from shared.room import Room
from shared.sealing import Vault
from shared.store import Taken

Asks = Callable[..., Awaitable[Outcome]]

IDEMPOTENCY_KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Door:
    """How a report came in. `scope` tells apart those who may happen to choose the same idempotency key."""

    channel: Channel
    scope: str
    lane: Lane = "normal"
    channel_name: str | None = None
    officer: Person | None = None
    in_person: bool = False
    model: RegisterModel = "B"
    conflicts: tuple[str, ...] = ()
    listing: Listing | None = None


def asking(room: Room, message_id: str) -> Asks:
    """Asks the unit on behalf of a message that is no HTTP request of ours."""

    async def ask(
        case_id: str, data: Any, decide: Decide, *, actor: Person | None, gather: Gather, lane: Lane
    ) -> Outcome:
        message = Command(message_id, case_id, room.settings.polres, data, actor, lane, by="reporter")
        with telemetry.span(decide.__name__, None, complaint=case_id):
            return await room.unit().submit(Operation(message, decide, case_id, gather))

    return ask


async def take_in(desk: Desk, ask: Asks, key: str, report: ReportBody, door: Door) -> Receipt:
    """Stores the report and gives its receipt. Raises Invalid, or Unavailable when it may be stored but is not safe."""
    request = desk.codes.request(door.scope, key)
    # Without what was left at its default, a field that is added later does not make an old request look like another.
    fingerprint = desk.codes.fingerprint(report.model_dump_json(exclude_defaults=True))
    domain.refuse_future(report.when, desk.room.clock())
    refuse_too_many(desk, report.attachments)
    complaint_id = str(uuid7())
    lookup = desk.codes.lookup(desk.codes.tracking_code(complaint_id, key))
    submission = Submission(
        model=door.model,
        channel=door.channel,
        channel_name=door.channel_name,
        identity_level=_identity_level(report.reporter, door),
        language=report.language,
        occurred_at=report.when,
        in_progress=report.in_progress,
        village=report.where.village,
        conflicts=door.conflicts,
        category_hint=report.category_hint,
        sealed=_sealed(desk.room.vault, complaint_id, report),
        attachments=report.attachments,
        request=request,
        fingerprint=fingerprint,
        tracking_lookup=lookup,
        listing=door.listing,
    )
    try:
        outcome = await ask(
            complaint_id, submission, domain.submit, actor=door.officer, gather=desk.enter, lane=door.lane
        )
    except (Taken, domain.Answered) as error:
        return await _answer_again(desk, key, request, fingerprint, door.officer, error)
    return _receipt(desk, key, complaint_id, outcome.case)


async def _answer_again(
    desk: Desk, key: str, request: str, fingerprint: str, officer: Person | None, error: Taken | domain.Answered
) -> Receipt:
    document = await desk.answer_of(request)
    if document is None or document.case is None:
        if isinstance(error, Taken) and error.key == "case.files":
            raise domain.unknown_attachment() from None
        raise error
    # Since the first time the officer who wrote it down may have been named in it.
    if officer and not document.case.visible_to(officer):
        raise Absent
    refuse_other_request(document.case.fingerprint, fingerprint)
    return _receipt(desk, key, document.id, document.case)


async def receipt_of(desk: Desk, key: str, door: Door) -> Receipt | None:
    """The receipt of the request that was sent with this key, whatever it said; None where there was none."""
    document = await desk.answer_of(desk.codes.request(door.scope, key))
    if document is None or document.case is None:
        return None
    return _receipt(desk, key, document.id, document.case)


def refuse_too_many(desk: Desk, attachments: tuple[str, ...], field: str = "attachments") -> None:
    """Raises Invalid, for the field that names them, where one message brings more files than it may."""
    limit = desk.settings.attachments_limit
    if len(attachments) > limit:
        raise Invalid("too_many_attachments", f"There may be {limit} attachments at most.", field)


def refuse_other_request(kept: str, asked: str) -> None:
    """Raises Invalid where a key has been used for something else before."""
    if kept != asked:
        raise Invalid("idempotency_key_reused", "This key was used for a different request before.", IDEMPOTENCY_KEY)


def sealed_narrative(vault: Vault, complaint_id: str, what: str | None, where: Place) -> str:
    """The words and the exact place, sealed for this complaint."""
    content = {"text": what, "place_text": where.text, "lat": where.lat, "lon": where.lon}
    return vault.seal("narrative", complaint_id, content)


def _sealed(vault: Vault, complaint_id: str, report: ReportBody) -> Sealed:
    reporter = report.reporter
    identity = {"name": reporter.name, "nik": reporter.nik, "address": reporter.address}
    contact = {"phone": reporter.phone, "email": reporter.email}
    return Sealed(
        narrative=sealed_narrative(vault, complaint_id, report.what, report.where),
        identity=vault.seal("identity", complaint_id, identity) if any(identity.values()) else None,
        contact=vault.seal("contact", complaint_id, contact) if any(contact.values()) else None,
    )


def _identity_level(reporter: Reporter, door: Door) -> IdentityLevel:
    if door.model == "A":
        return "seen_in_person"  # the officer is the reporter
    if not reporter.is_identified:
        return "anonymous"
    return "seen_in_person" if door.in_person else "claimed"


def _receipt(desk: Desk, key: str, complaint_id: str, complaint: Complaint) -> Receipt:
    return Receipt(
        id=complaint_id,
        register_number=complaint.report.register_number,
        tracking_code=desk.codes.tracking_code(complaint_id, key),
        received_at=complaint.report.received_at,
    )
