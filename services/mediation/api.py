"""Cases over HTTP: worklists, the case, what its rule asks for, who has it, and giving it back."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.mediation import leading, queries, reading, views
from services.mediation.acting import Finding, Handle, InProcedure, Limit
from services.mediation.contents import Contents
from services.mediation.leading import ApprovalWord, ConfirmedCondition, FailedCase, NamedMediator
from shared.gate import Acting
from shared.http import ComplaintId, InRoom

router = APIRouter()


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
async def read_contents(room: InRoom, person: Acting, finder: Finding, complaint: ComplaintId) -> Contents:
    """The sealed words of a case. That they were read is kept."""
    _, words = await reading.opened(room, finder, person, complaint)
    return words


@router.put("/cases/{complaint}/approval", tags=["suitability"])
async def give_word(handle: Handle, body: ApprovalWord) -> views.CaseView:
    """The word of the PPA unit. Without approval the matter goes back to classification."""
    return await leading.give_word(handle, body)


@router.post("/cases/{complaint}/conditions", tags=["suitability"], status_code=201)
async def confirm_condition(handle: Handle, body: ConfirmedCondition) -> views.CaseView:
    """The officer vouches for a condition of restorative justice."""
    return await leading.confirm_condition(handle, body)


@router.put("/cases/{complaint}/mediator", tags=["cases"])
async def name_mediator(handle: Handle, body: NamedMediator) -> views.CaseView:
    """Gives the case to an officer, for the first time or from another."""
    return await leading.name_mediator(handle, body)


@router.post("/cases/{complaint}/failure", tags=["cases"])
async def give_back(handle: Handle, body: FailedCase) -> views.CaseView:
    """Gives the case back to classification, with the track that the officer recommends."""
    return await leading.give_back(handle, body)
