"""What officers do with a report that waits for them."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.verification import domain, queries, reading, views
from services.verification.checks import CheckName
from services.verification.settings import settings_of
from shared.contracts.envelope import UUID_PATTERN
from shared.contracts.verification import Missing, RejectionReason
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.room import Room
from shared.text import Paragraphs

router = APIRouter(tags=["verification"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Rejection(_Body):
    """Why the report ends here, with words for its reporter alone."""

    reason: RejectionReason
    words: Paragraphs | None = None


class Clarification(_Body):
    """What the reporter is asked for, with words for the reporter alone."""

    missing: list[Missing] = Field(min_length=1, max_length=5)
    words: Paragraphs | None = None


class Linking(_Body):
    """The earlier complaint that tells of the same incident."""

    to: str = Field(pattern=UUID_PATTERN)


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
    return views.whole(complaint_id, case, version)


@router.get("/complaints/{complaint_id}/narrative", responses={503: {"description": "The key is not here"}})
async def narrative(complaint_id: ComplaintId, room: InRoom, person: Acting) -> views.NarrativeView:
    """What the reporter told, opened."""
    case, _ = await queries.one(room.store(), person, complaint_id)
    return reading.opened(room.vault, complaint_id, case)


@router.post("/complaints/{complaint_id}/verify")
async def verify(complaint_id: ComplaintId, person: Acting, ask: Asking) -> views.CaseView:
    """The report is fit to be acted on."""
    outcome = await ask(complaint_id, None, domain.verify, actor=person)
    return views.whole(complaint_id, outcome.case, outcome.version)


@router.post("/complaints/{complaint_id}/reject")
async def reject(complaint_id: ComplaintId, body: Rejection, person: Acting, ask: Asking) -> views.CaseView:
    """The report ends here, with a reason that its reporter may appeal against once."""
    appeal_within = timedelta(days=settings_of(ask.room).appeal_days)
    data = domain.Reject(body.reason, appeal_within, _sealed(ask.room, complaint_id, body.words))
    outcome = await ask(complaint_id, data, domain.reject, actor=person)
    return views.whole(complaint_id, outcome.case, outcome.version)


@router.post("/complaints/{complaint_id}/clarify")
async def clarify(complaint_id: ComplaintId, body: Clarification, person: Acting, ask: Asking) -> views.CaseView:
    """The reporter is asked for what is missing; the answer brings the report back."""
    answer_within = timedelta(days=settings_of(ask.room).clarification_days)
    missing = tuple(dict.fromkeys(body.missing))
    data = domain.Clarify(missing, answer_within, _sealed(ask.room, complaint_id, body.words))
    outcome = await ask(complaint_id, data, domain.clarify, actor=person)
    return views.whole(complaint_id, outcome.case, outcome.version)


@router.post("/complaints/{complaint_id}/link")
async def link(complaint_id: ComplaintId, body: Linking, person: Acting, ask: Asking) -> views.CaseView:
    """An earlier complaint, which is verified, tells of the same incident; this one goes on as a part of it."""
    look_up = queries.link_targets(ask.room)
    outcome = await ask(complaint_id, domain.Link(body.to), domain.link, actor=person, gather=look_up)
    return views.whole(complaint_id, outcome.case, outcome.version)


def _sealed(room: Room, complaint: str, words: str | None) -> str | None:
    return room.vault.seal("notice", complaint, {"text": words}) if words else None
