"""What officers do with a report that waits for them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.verification import judging, queries, reading, views
from services.verification.checks import CheckName
from services.verification.gathering import look_again
from services.verification.judging import Clarification, Linking, Rejection
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom

router = APIRouter(tags=["verification"])


@router.get("/worklist")
async def worklist(
    room: InRoom,
    person: Acting,
    check: CheckName | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[views.Waiting]:
    """The reports that wait for an officer, the urgent first; `check` shows only those that it holds."""
    documents = await queries.worklist(room.store(), person, check, limit)
    return [views.waiting(document.id, document.case, document.version) for document in documents if document.case]


@router.get("/complaints/{complaint_id}")
async def show(complaint_id: ComplaintId, room: InRoom, person: Acting, response: Response) -> views.CaseView:
    """A report with its checks, their reasons and its history. The ETag is the version to decide on."""
    case, version = await queries.one(room.store(), person, complaint_id)
    response.headers["ETag"] = f'"{version}"'
    return views.whole(complaint_id, await look_again(room, person, case), version)


@router.get("/complaints/{complaint_id}/narrative", responses={503: {"description": "The key is not here"}})
async def narrative(complaint_id: ComplaintId, room: InRoom, person: Acting) -> views.NarrativeView:
    """What the reporter told, opened."""
    case, _ = await queries.one(room.store(), person, complaint_id)
    return reading.opened(room.vault, complaint_id, case)


@router.post("/complaints/{complaint_id}/verify")
async def verify(complaint_id: ComplaintId, person: Acting, ask: Asking) -> views.CaseView:
    """The report is fit to be acted on."""
    outcome = await judging.verify(ask, person, complaint_id)
    return views.whole(complaint_id, outcome.case, outcome.version)


@router.post("/complaints/{complaint_id}/reject")
async def reject(complaint_id: ComplaintId, body: Rejection, person: Acting, ask: Asking) -> views.CaseView:
    """The report ends here, with a reason that its reporter may appeal against once."""
    outcome = await judging.reject(ask, person, complaint_id, body)
    return views.whole(complaint_id, outcome.case, outcome.version)


@router.post("/complaints/{complaint_id}/clarify")
async def clarify(complaint_id: ComplaintId, body: Clarification, person: Acting, ask: Asking) -> views.CaseView:
    """The reporter is asked for what is missing; the answer brings the report back."""
    outcome = await judging.clarify(ask, person, complaint_id, body)
    return views.whole(complaint_id, outcome.case, outcome.version)


@router.post("/complaints/{complaint_id}/link")
async def link(complaint_id: ComplaintId, body: Linking, person: Acting, ask: Asking) -> views.CaseView:
    """An earlier complaint, which is verified, tells of the same incident; this one goes on as a part of it."""
    outcome = await judging.link(ask, person, complaint_id, body)
    return views.whole(complaint_id, outcome.case, outcome.version)
