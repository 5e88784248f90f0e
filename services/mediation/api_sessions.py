"""Sessions of the parties and guidance visits over HTTP, and the guidance's plan and end.

Each has routes of its own, and a complaint that is settled the other way refuses them.
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from services.mediation import guidance, meetings, views
from services.mediation.acting import Body, Handle, Handling
from services.mediation.case import Cancellation
from services.mediation.sessions import Appointment, Cancelled, Held, Minutes, Moved
from shared.contracts.envelope import UUID_PATTERN, instant
from shared.text import Line, Paragraphs

router = APIRouter()

Number = Annotated[int, Path(ge=1, le=1_000)]


class AppointedSession(Body):
    at: AwareDatetime
    place: Line = Field(description="as the reporter is told it")


class CancelledSession(Body):
    reason: Cancellation


class HeldSession(Body):
    absent: Annotated[tuple[Annotated[str, Field(pattern=UUID_PATTERN)], ...], Field(max_length=50)] = ()


class HeldVisit(Body):
    pass


class WrittenDown(Body):
    text: Paragraphs


class CompletedGuidance(Body):
    words: Paragraphs = Field(description="for the reporter: what was agreed or advised")


@router.post("/cases/{complaint}/sessions", tags=["sessions"], status_code=201)
async def schedule_session(handle: Handle, body: AppointedSession) -> views.CaseView:
    """Sets a session of the parties, and tells the reporter when and where."""
    return await handle(_appointment(handle, body), meetings.schedule, "mediation")


@router.put("/cases/{complaint}/sessions/{number}", tags=["sessions"])
async def move_session(handle: Handle, number: Number, body: AppointedSession) -> views.CaseView:
    """Gives a session another time or place."""
    return await handle(Moved(number, _appointment(handle, body)), meetings.move, "mediation")


@router.post("/cases/{complaint}/sessions/{number}/cancellation", tags=["sessions"])
async def cancel_session(handle: Handle, number: Number, body: CancelledSession) -> views.CaseView:
    """Calls a session off."""
    return await handle(Cancelled(number, body.reason), meetings.cancel, "mediation")


@router.post("/cases/{complaint}/sessions/{number}/holding", tags=["sessions"])
async def hold_session(handle: Handle, number: Number, body: HeldSession) -> views.CaseView:
    """Records that a session took place, and which parties did not come."""
    return await handle(Held(number, body.absent), meetings.hold, "mediation")


@router.put("/cases/{complaint}/sessions/{number}/minutes", tags=["sessions"])
async def write_minutes(handle: Handle, number: Number, body: WrittenDown) -> views.CaseView:
    """Writes the minutes of a session."""
    return await handle(Minutes(number, handle.sealed(body.text)), meetings.write_down, "mediation")


@router.put("/cases/{complaint}/plan", tags=["guidance"])
async def plan_guidance(handle: Handle, body: WrittenDown) -> views.CaseView:
    """Writes down what the guidance is to bring about."""
    return await handle(handle.sealed(body.text), guidance.plan)


@router.post("/cases/{complaint}/visits", tags=["guidance"], status_code=201)
async def schedule_visit(handle: Handle, body: AppointedSession) -> views.CaseView:
    """Sets a visit, and tells the reporter when and where."""
    return await handle(_appointment(handle, body), meetings.schedule, "guidance")


@router.put("/cases/{complaint}/visits/{number}", tags=["guidance"])
async def move_visit(handle: Handle, number: Number, body: AppointedSession) -> views.CaseView:
    """Gives a visit another time or place."""
    return await handle(Moved(number, _appointment(handle, body)), meetings.move, "guidance")


@router.post("/cases/{complaint}/visits/{number}/cancellation", tags=["guidance"])
async def cancel_visit(handle: Handle, number: Number, body: CancelledSession) -> views.CaseView:
    """Calls a visit off."""
    return await handle(Cancelled(number, body.reason), meetings.cancel, "guidance")


@router.post("/cases/{complaint}/visits/{number}/holding", tags=["guidance"])
async def hold_visit(handle: Handle, number: Number, body: HeldVisit) -> views.CaseView:
    """Records that a visit took place."""
    return await handle(Held(number), meetings.hold, "guidance")


@router.put("/cases/{complaint}/visits/{number}/record", tags=["guidance"])
async def write_record(handle: Handle, number: Number, body: WrittenDown) -> views.CaseView:
    """Writes the record of a visit."""
    return await handle(Minutes(number, handle.sealed(body.text)), meetings.write_down, "guidance")


@router.post("/cases/{complaint}/completion", tags=["guidance"])
async def complete_guidance(handle: Handle, body: CompletedGuidance) -> views.CaseView:
    """Ends the guidance, and tells the reporter what was agreed or advised."""
    notice = handle.ask.room.vault.seal("notice", handle.complaint, {"text": body.words})
    return await handle(guidance.Advice(notice), guidance.complete)


def _appointment(handle: Handling, body: AppointedSession) -> Appointment:
    return Appointment(instant(body.at), body.place, handle.sealed(body.place))
