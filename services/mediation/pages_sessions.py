"""Sessions of the parties and guidance visits on a page, and the guidance's plan and end."""

from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import NaiveDatetime

from services.mediation import leading
from services.mediation.acting import Body, Handling
from services.mediation.api_sessions import Number
from services.mediation.leading import AppointedSession, CancelledSession, CompletedGuidance, HeldSession, WrittenDown
from services.mediation.pages_panel import OnPanel, pages
from services.mediation.views import CaseView
from shared.contracts.mediation import Settling
from shared.text import Line

router = pages.router()


class AppointedForm(Body):
    """When, by the clock of the office, and where."""

    at: NaiveDatetime
    place: Line


def _kind(request: Request) -> Settling:
    """Sessions and visits go alike; which of them it is, the address says."""
    return "guidance" if "/visits" in request.scope["route"].path else "mediation"


Kind = Annotated[Settling, Depends(_kind)]


@router.post("/panels/{complaint_id}/sessions")
@router.post("/panels/{complaint_id}/visits")
async def schedule(panel: OnPanel, kind: Kind) -> Response:
    """Sets a session or a visit."""
    return await panel.does(AppointedForm, _schedule, kind)


@router.post("/panels/{complaint_id}/sessions/{number}/time")
@router.post("/panels/{complaint_id}/visits/{number}/time")
async def move(panel: OnPanel, kind: Kind, number: Number) -> Response:
    """Gives it another time or place."""
    return await panel.does(AppointedForm, _move, kind, number)


@router.post("/panels/{complaint_id}/sessions/{number}/cancellation")
@router.post("/panels/{complaint_id}/visits/{number}/cancellation")
async def cancel(panel: OnPanel, kind: Kind, number: Number) -> Response:
    """Calls it off."""
    return await panel.does(CancelledSession, leading.cancel, kind, number)


@router.post("/panels/{complaint_id}/sessions/{number}/holding")
@router.post("/panels/{complaint_id}/visits/{number}/holding")
async def hold(panel: OnPanel, kind: Kind, number: Number) -> Response:
    """It took place."""
    return await panel.does(HeldSession, leading.hold, kind, number)


@router.post("/panels/{complaint_id}/sessions/{number}/minutes")
@router.post("/panels/{complaint_id}/visits/{number}/record")
async def write_down(panel: OnPanel, kind: Kind, number: Number) -> Response:
    """The minutes of a session, or the record of a visit."""
    return await panel.does(WrittenDown, leading.write_down, kind, number)


@router.post("/panels/{complaint_id}/plan")
async def plan(panel: OnPanel) -> Response:
    """What the guidance is to bring about."""
    return await panel.does(WrittenDown, leading.plan)


@router.post("/panels/{complaint_id}/completion")
async def complete(panel: OnPanel) -> Response:
    """The guidance is done."""
    return await panel.does(CompletedGuidance, leading.complete)


async def _schedule(handle: Handling, kind: Settling, form: AppointedForm) -> CaseView:
    return await leading.schedule(handle, kind, _appointed(handle, form))


async def _move(handle: Handling, kind: Settling, number: int, form: AppointedForm) -> CaseView:
    return await leading.move(handle, kind, number, _appointed(handle, form))


def _appointed(handle: Handling, form: AppointedForm) -> AppointedSession:
    return AppointedSession(at=form.at.replace(tzinfo=handle.room.settings.zone), place=form.place)
