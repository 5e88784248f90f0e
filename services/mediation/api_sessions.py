"""Sessions of the parties and guidance visits over HTTP, and the guidance's plan and end.

Each has routes of its own, and a complaint that is settled the other way refuses them.
"""

from typing import Annotated

from fastapi import APIRouter, Path

from services.mediation import leading, views
from services.mediation.acting import Body, Handle
from services.mediation.leading import (
    AppointedSession,
    CancelledSession,
    CompletedGuidance,
    HeldSession,
    WrittenDown,
)

router = APIRouter()

Number = Annotated[int, Path(ge=1, le=1_000)]


class HeldVisit(Body):
    pass


@router.post("/cases/{complaint}/sessions", tags=["sessions"], status_code=201)
async def schedule_session(handle: Handle, body: AppointedSession) -> views.CaseView:
    """Sets a session of the parties, and tells the reporter when and where."""
    return await leading.schedule(handle, "mediation", body)


@router.put("/cases/{complaint}/sessions/{number}", tags=["sessions"])
async def move_session(handle: Handle, number: Number, body: AppointedSession) -> views.CaseView:
    """Gives a session another time or place."""
    return await leading.move(handle, "mediation", number, body)


@router.post("/cases/{complaint}/sessions/{number}/cancellation", tags=["sessions"])
async def cancel_session(handle: Handle, number: Number, body: CancelledSession) -> views.CaseView:
    """Calls a session off."""
    return await leading.cancel(handle, "mediation", number, body)


@router.post("/cases/{complaint}/sessions/{number}/holding", tags=["sessions"])
async def hold_session(handle: Handle, number: Number, body: HeldSession) -> views.CaseView:
    """Records that a session took place, and which parties did not come."""
    return await leading.hold(handle, "mediation", number, body)


@router.put("/cases/{complaint}/sessions/{number}/minutes", tags=["sessions"])
async def write_minutes(handle: Handle, number: Number, body: WrittenDown) -> views.CaseView:
    """Writes the minutes of a session."""
    return await leading.write_down(handle, "mediation", number, body)


@router.put("/cases/{complaint}/plan", tags=["guidance"])
async def plan_guidance(handle: Handle, body: WrittenDown) -> views.CaseView:
    """Writes down what the guidance is to bring about."""
    return await leading.plan(handle, body)


@router.post("/cases/{complaint}/visits", tags=["guidance"], status_code=201)
async def schedule_visit(handle: Handle, body: AppointedSession) -> views.CaseView:
    """Sets a visit, and tells the reporter when and where."""
    return await leading.schedule(handle, "guidance", body)


@router.put("/cases/{complaint}/visits/{number}", tags=["guidance"])
async def move_visit(handle: Handle, number: Number, body: AppointedSession) -> views.CaseView:
    """Gives a visit another time or place."""
    return await leading.move(handle, "guidance", number, body)


@router.post("/cases/{complaint}/visits/{number}/cancellation", tags=["guidance"])
async def cancel_visit(handle: Handle, number: Number, body: CancelledSession) -> views.CaseView:
    """Calls a visit off."""
    return await leading.cancel(handle, "guidance", number, body)


@router.post("/cases/{complaint}/visits/{number}/holding", tags=["guidance"])
async def hold_visit(handle: Handle, number: Number, body: HeldVisit) -> views.CaseView:
    """Records that a visit took place."""
    return await leading.hold(handle, "guidance", number, HeldSession())


@router.put("/cases/{complaint}/visits/{number}/record", tags=["guidance"])
async def write_record(handle: Handle, number: Number, body: WrittenDown) -> views.CaseView:
    """Writes the record of a visit."""
    return await leading.write_down(handle, "guidance", number, body)


@router.post("/cases/{complaint}/completion", tags=["guidance"])
async def complete_guidance(handle: Handle, body: CompletedGuidance) -> views.CaseView:
    """Ends the guidance, and tells the reporter what was agreed or advised."""
    return await leading.complete(handle, body)
