"""The counter's papers: what stands on the receipt (STTLP), and receipt and written report to print."""

import asyncio
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from services.intake import letters
from services.intake.access import AtDesk
from services.intake.desk import Desk
from services.intake.letters import Written
from services.intake.queries import complaint_for
from shared import telemetry
from shared.contracts.complaint import Fact, RegisterModel
from shared.contracts.envelope import Person
from shared.contracts.refusals import Conflict, Unavailable
from shared.gate import Acting
from shared.http import ComplaintId
from shared.names import village_name
from shared.sealing import Unsealable

router = APIRouter(prefix="/complaints/{complaint_id}", tags=["counter"])
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


class ReceiptLetter(Fact):
    """What stands on the receipt that the reporter takes away."""

    register_number: str
    model: RegisterModel
    office: str
    received_at: AwareDatetime
    occurred_at: AwareDatetime | None
    officer: str | None
    name: str | None
    address: str | None
    place: str | None
    village: str | None


@router.get("/receipt")
async def read_receipt(complaint_id: ComplaintId, desk: AtDesk, officer: Acting) -> ReceiptLetter:
    """What stands on the receipt. Who reads it is recorded."""
    written = await _for_reporter(desk, officer, complaint_id)
    return ReceiptLetter(**{name: getattr(written, name) for name in ReceiptLetter.model_fields})


@router.get("/receipt.pdf", response_class=Response, responses=_PDF)
async def print_receipt(complaint_id: ComplaintId, desk: AtDesk, officer: Acting) -> Response:
    """The receipt to print. Who reads it is recorded."""
    written = _legible(desk, await _for_reporter(desk, officer, complaint_id))
    return pdf(await asyncio.to_thread(letters.receipt, written), f"sttlp-{complaint_id}")


@router.get("/report.pdf", response_class=Response, responses=_PDF)
async def print_report(complaint_id: ComplaintId, desk: AtDesk, officer: Acting) -> Response:
    """The written report to print and sign, model A or B. Who reads it is recorded."""
    written = _legible(desk, await _written(desk, officer, complaint_id))
    return pdf(await asyncio.to_thread(letters.report_form, written), f"lp-{complaint_id}")


def _legible(desk: Desk, written: Written) -> Written:
    """As it is printed: the village by its name."""
    return replace(written, village=village_name(desk.settings, written.village))


async def _for_reporter(desk: Desk, officer: Person, complaint_id: str) -> Written:
    written = await _written(desk, officer, complaint_id)
    if written.model == "A":
        raise Conflict("no_reporter", "An officer's own finding has no reporter who could get a receipt.")
    return written


async def _written(desk: Desk, officer: Person, complaint_id: str) -> Written:
    """The report opened. Raises Absent where the officer may not know of it."""
    complaint, _ = await complaint_for(officer, desk.room, complaint_id)
    report = complaint.report
    # A warning, so that reading personal data shows even where the log keeps nothing less.
    telemetry.log.warning("sealed_read", person=officer.id, complaint=complaint_id, reason="counter_papers")
    narrative = _opened(desk, complaint_id, "narrative", report.sealed.narrative)
    identity = _opened(desk, complaint_id, "identity", report.sealed.identity)
    return Written(
        office=desk.settings.office,
        utc_offset=desk.settings.utc_offset,
        model=report.model or "B",
        register_number=report.register_number,
        received_at=report.received_at,
        occurred_at=report.occurred_at,
        officer=report.author,
        place=narrative.get("place_text"),
        village=report.village,
        narrative=narrative.get("text"),
        name=identity.get("name"),
        nik=identity.get("nik"),
        address=identity.get("address"),
    )


def _opened(desk: Desk, complaint_id: str, part: str, sealed: str | None) -> dict[str, Any]:
    try:
        return desk.room.vault.open(part, complaint_id, sealed) if sealed else {}
    except Unsealable:
        raise Unavailable("unsealable", "What was told cannot be opened with the keys that are here.") from None


def pdf(content: bytes, name: str) -> Response:
    """A paper to save or print."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="application/pdf", headers=headers)
