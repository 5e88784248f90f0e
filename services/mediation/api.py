"""Cases over HTTP: worklists, the case, what its rule asks for, who has it, and giving it back."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.mediation import contents, queries, rosters, views
from services.mediation.acting import (
    Body,
    Finding,
    Handle,
    InProcedure,
    Limit,
    sealed,
    shown,
    under,
)
from services.mediation.assignment import Naming
from services.mediation.case import Condition
from services.mediation.failing import Failing, fail
from services.mediation.opening import Word, approve, confirm
from services.mediation.reassignment import reassign
from shared.contracts.complaint import Track
from shared.contracts.mediation import FailureReason
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.text import Paragraphs, Slug

router = APIRouter()


class ApprovalWord(Body):
    approved: bool
    note: Paragraphs | None = None


class ConfirmedCondition(Body):
    condition: Condition


class NamedMediator(Body):
    mediator: Slug


class FailedCase(Body):
    reason: FailureReason
    recommended: Track = Field(description="where the complaint should go on; classification decides")
    note: Paragraphs | None = Field(default=None, description="for the file alone")


@router.get("/worklists/mine", tags=["worklists"])
async def list_mine(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """The matters of the acting officer, and of the absent ones whom they stand in for."""
    return views.rows(await queries.mine(room, person, limit))


@router.get("/worklists/polres", tags=["worklists"])
async def list_of_polres(
    room: InRoom,
    person: Acting,
    which: Annotated[queries.Which, Query(description="all, or only those that nobody has")] = "all",
    limit: Limit = 50,
) -> list[views.CaseRow]:
    """All matters of the Polres."""
    return views.rows(await queries.of_polres(room, person, which, limit))


@router.get("/worklists/villages", tags=["worklists"])
async def list_of_villages(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """All matters of the villages that the acting officer serves, whoever has them."""
    return views.rows(await queries.of_villages(room, person, limit))


@router.get("/worklists/late", tags=["worklists"])
async def list_late(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """Matters in which something that was due has not happened; `reminders` say what."""
    return views.rows(await queries.late(room, person, limit))


@router.get("/worklists/approvals", tags=["worklists"])
async def list_approvals(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """Matters that wait for the word of the PPA unit."""
    return views.rows(await queries.to_approve(room, person, limit))


@router.get("/cases/{complaint}", tags=["cases"])
async def read_case(
    room: InRoom, person: Acting, finder: Finding, procedure: InProcedure, complaint: ComplaintId, response: Response
) -> views.CaseView:
    """A case with its whole course, without its sealed words."""
    version, case = await queries.known(room, finder, person, complaint)
    response.headers["ETag"] = f'"{version}"'
    return views.view(complaint, version, case, procedure)


@router.get("/cases/{complaint}/contents", tags=["cases"])
async def read_contents(room: InRoom, person: Acting, finder: Finding, complaint: ComplaintId) -> contents.Contents:
    """The sealed words of a case. That they were read is kept."""
    _, case = await queries.readable(room, finder, person, complaint)
    await rosters.record_reading(room.mongo, complaint, person.id, "contents", room.clock())
    return contents.open_all(room.vault, complaint, case)


@router.put("/cases/{complaint}/approval", tags=["suitability"])
async def give_word(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: ApprovalWord
) -> views.CaseView:
    """The word of the PPA unit. Without approval the matter goes back to classification."""
    word = Word(body.approved, sealed(ask.room, complaint, body.note) if body.note else None)
    outcome = await ask(complaint, word, under(procedure, approve), actor=person)
    return shown(procedure, complaint, outcome)


@router.post("/cases/{complaint}/conditions", tags=["suitability"], status_code=201)
async def confirm_condition(handle: Handle, body: ConfirmedCondition) -> views.CaseView:
    """The officer vouches for a condition of restorative justice."""
    return await handle(body.condition, confirm)


@router.put("/cases/{complaint}/mediator", tags=["cases"])
async def name_mediator(
    ask: Asking, person: Acting, finder: Finding, procedure: InProcedure, complaint: ComplaintId, body: NamedMediator
) -> views.CaseView:
    """Gives the case to an officer, for the first time or from another."""
    named = Naming(body.mediator)
    outcome = await ask(complaint, named, under(procedure, reassign), actor=person, gather=finder.successors)
    return shown(procedure, complaint, outcome)


@router.post("/cases/{complaint}/failure", tags=["cases"])
async def give_back(handle: Handle, body: FailedCase) -> views.CaseView:
    """Gives the case back to classification, with the track that the officer recommends."""
    return await handle(Failing(body.reason, body.recommended, handle.sealed_if(body.note)), fail)
