"""The receipt of a report: its tracking code, shown once, and to print; and how its reporter proves to be reachable."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from pydantic import Field

from services.intake import letters, proving
from services.intake.access import AtDesk
from services.intake.case import Complaint
from services.intake.confirming_api import CodeReceived, CodeWanted
from services.intake.desk import Desk
from services.intake.hand_over import handed_over, taken
from services.intake.letters_api import pdf
from services.intake.pages import pages
from services.intake.pages_report import DOOR
from services.intake.queries import complaint_of_code
from services.intake.report_wordings import SCRIPT
from services.intake.reports import Strictly
from services.intake.settings import IntakeSettings
from services.intake.submission import receipt_of
from shared import tracking
from shared.contracts.notification import Medium
from shared.contracts.refusals import Absent
from shared.forms import FormAsking, typed_in
from shared.pages import Sent, is_fragment
from shared.quotas import Calling

router = pages.router()

CHECKED_WITHIN = timedelta(hours=24)  # what the office holds itself to, as evaluation's targets have it
TRACKING = "/notification/track"


class Held(Strictly):
    """What its holder asks by."""

    code: str = Field(max_length=200)


class Received(CodeReceived):
    """The code as it was received, and where."""

    medium: Medium


@router.get("/report/receipt")
async def receipt(request: Request, desk: AtDesk, caller: Calling) -> Response:
    """The receipt, once, for the browser that has just sent the report."""
    await caller.looks_up()
    key, again = handed_over(request)
    given = await receipt_of(desk, key, DOOR) if key else None
    if given is None:
        return pages.show(request, "receipt_gone.html", HTTPStatus.GONE)
    answer = pages.show(
        request,
        "receipt.html",
        receipt=given,
        again=again,
        checked_by=given.received_at + CHECKED_WITHIN,
        media=list(proving.contacts(desk, given.id, await _case(desk, given.id))),
        tracking=TRACKING,
        script=SCRIPT,
    )
    taken(answer)
    return answer


@router.post("/report/receipt.pdf")
async def print_receipt(desk: AtDesk, caller: Calling, held: Annotated[Held, Form()]) -> Response:
    """The receipt to print, for whoever has the code."""
    complaint_id = await complaint_of_code(desk, caller, held.code)
    report = (await _case(desk, complaint_id)).report
    written = letters.Tracking(
        office=desk.settings.office,
        utc_offset=desk.settings.utc_offset,
        register_number=report.register_number,
        received_at=report.received_at,
        code=tracking.show(tracking.normalise(held.code) or ""),
        address=f"{_site(desk.settings)}{TRACKING}",
    )
    return pdf(await asyncio.to_thread(letters.tracking_receipt, written), "tanda-terima")


@router.post("/report/contact/code")
async def send_code(request: Request, ask: FormAsking, desk: AtDesk, caller: Calling) -> Response:
    """Sends a one-time code to the phone or mailbox that the report names."""

    async def do(body: CodeWanted) -> None:
        await proving.send_code(ask, desk, caller, body.code, body.medium)

    return await pages.act(request, CodeWanted, do, _contact(request, sending=True))


@router.post("/report/contact/confirmation")
async def confirm(request: Request, ask: FormAsking, desk: AtDesk, caller: Calling) -> Response:
    """Compares the code that came."""

    async def do(body: Received) -> None:
        complaint = await complaint_of_code(desk, caller, body.code)
        await proving.confirm(ask, desk, complaint, body.one_time_code)

    return await pages.act(request, Received, do, _contact(request, sending=False))


def _contact(request: Request, *, sending: bool) -> Callable[[Sent], Awaitable[Response]]:
    """Shows how far the proof has come: a code can be asked for, it can be typed, or it was right."""

    async def shown(sent: Sent) -> Response:
        typed = typed_in(await request.form(), Received)
        # Whoever asks again too soon still waits for the code before.
        waits = sent.done or sent.status == HTTPStatus.TOO_MANY_REQUESTS
        step = "asked" if sending and not waits else "done" if sent.done and not sending else "sent"
        template = "report/contact.html" if is_fragment(request) else "contact.html"
        values = {"code": typed.get("code", ""), "medium": typed.get("medium", ""), "step": step}
        return pages.show(request, template, sent.status, sent=sent, **values)

    return shown


async def _case(desk: Desk, complaint_id: str) -> Complaint:
    case: Complaint | None = (await desk.room.store().load([complaint_id]))[complaint_id].case
    if case is None:
        raise Absent
    return case


def _site(settings: IntakeSettings) -> str:
    return settings.origins[0] if settings.origins else f"https://{settings.site}"
