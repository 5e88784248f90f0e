"""The screen of 110: a report taken down by keyboard, and calls that are none logged with one key."""

from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict

from services.intake import doors, lately, spoken
from services.intake.access import AtDesk, OfThisOffice
from services.intake.counter_wordings import CALL_KEYS, CALLS
from services.intake.desk import Desk
from services.intake.pages import pages
from services.intake.pages_counter import said_moment, show, shown_again
from services.intake.spoken import CallForm
from shared.contracts.envelope import Person
from shared.contracts.intake import CallKind, Receipt
from shared.forms import FormAsking
from shared.names import villages
from shared.pages import Sent, is_fragment

router = pages.router()


class LogForm(BaseModel):
    """How the operator judged the call."""

    model_config = ConfigDict(extra="forbid")

    kind: CallKind


@router.get("/call")
async def call(request: Request, desk: AtDesk, operator: OfThisOffice) -> Response:
    """One screen: whether it is happening now, who calls, what and where."""
    return show(request, desk, "call", Sent(), **await _log(desk, operator))


@router.post("/call")
async def take_down(request: Request, desk: AtDesk, operator: OfThisOffice, ask: FormAsking) -> Response:
    """Takes the report in; one in progress goes ahead of all others."""
    taken: list[Receipt] = []

    async def do(form: CallForm) -> None:
        when = await said_moment(desk, form, doors.call_scope(operator), ask)
        report = spoken.from_call(form, when, villages(desk.settings))
        taken.append(await doors.from_call(desk, ask, operator, report))

    log = await _log(desk, operator)
    return await pages.act(request, CallForm, do, shown_again(request, desk, "call", taken, **log))


@router.post("/call/log")
async def log_call(request: Request, desk: AtDesk, operator: OfThisOffice, ask: FormAsking) -> Response:
    """Notes a call that is no report. What was typed meanwhile stays."""

    async def do(form: LogForm) -> None:
        await doors.log_call(ask, operator, form.kind)

    async def again(sent: Sent) -> Response:
        log = await _log(desk, operator)
        if is_fragment(request):
            return pages.show(request, "intake/call_log.html", sent.status, sent=sent, **log)
        return show(request, desk, "call", sent, **log)

    return await pages.act(request, LogForm, do, again)


async def _log(desk: Desk, operator: Person) -> dict[str, Any]:
    return {"logged": await lately.calls_of(desk.room, operator), "kinds": CALLS, "call_keys": CALL_KEYS}
