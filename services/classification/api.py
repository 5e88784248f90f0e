"""Routes for officers who classify."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.classification import deciding, queries
from services.classification.case import DecisionReason, Matter, Status, Step
from services.classification.deciding import Body, Change, Confirm
from services.classification.grounds import words_in
from services.classification.judgement import Judgement
from shared.contracts.classification import Classification
from shared.contracts.complaint import Track, Urgency
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.room import Room
from shared.text import Paragraphs, Slug

Limit = Annotated[int, Query(ge=1, le=200)]


class Try(Body):
    text: Paragraphs
    in_progress: bool = False
    category_hint: Slug | None = None


class Entry(BaseModel):
    """A complaint in the review queue."""

    complaint: str
    register_number: str
    version: int
    status: Status
    since: datetime
    proposed: Classification
    in_force: Classification | None
    cautions: tuple[str, ...]
    provisional: bool


class HistoryStep(BaseModel):
    """A decision about the complaint. `note` is what the officer gave as reason."""

    at: datetime
    reason: DecisionReason
    category: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    officer: str | None
    note: str | None


class Ground(BaseModel):
    """Why the rules propose it: the kind of reason, what it is about, and the words that led to it."""

    kind: str
    about: str
    words: str
    weight: float


class Detail(Entry):
    grounds: tuple[Ground, ...]
    history: tuple[HistoryStep, ...]


class CategoryRow(BaseModel):
    code: str
    name_id: str
    name_en: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    mediation: str
    units: tuple[str, ...]


class Suggested(BaseModel):
    category: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    confidence: float
    needs_review: bool
    grounds: tuple[Ground, ...]


def router(judgement: Judgement) -> APIRouter:
    """The routes, with the office's rules at hand."""
    routes = APIRouter(tags=["classification"])

    @routes.get("/worklist")
    async def review_queue(room: InRoom, person: Acting, limit: Limit = 50) -> list[Entry]:
        """What waits for a classifier, the most urgent first."""
        found = await queries.review_queue(room.store(), person, limit)
        return [Entry(**_entry(document.id, document.version, queries.case_of(document))) for document in found]

    @routes.get("/complaints/{complaint_id}")
    async def detail(room: InRoom, person: Acting, complaint_id: ComplaintId, response: Response) -> Detail:
        """One complaint: what is proposed and why, what is in force, and how it came to be."""
        document = await queries.visible(room.store(), person, complaint_id)
        response.headers["ETag"] = f'"{document.version}"'
        case = queries.case_of(document)
        grounds = words_in(room.vault, document.id, case.proposal.grounds)
        return Detail(
            **_entry(document.id, document.version, case),
            grounds=tuple(Ground(**reason) for reason in grounds.get("reasons", ())),
            history=tuple(_history_step(room, document.id, step) for step in case.history),
        )

    @routes.post("/complaints/{complaint_id}/confirm")
    async def confirm(ask: Asking, person: Acting, complaint_id: ComplaintId, body: Confirm) -> Entry:
        """Confirms what is proposed."""
        outcome = await deciding.confirm(ask, person, complaint_id, body)
        return Entry(**_entry(complaint_id, outcome.version, outcome.case))

    @routes.post("/complaints/{complaint_id}/change")
    async def change(ask: Asking, person: Acting, complaint_id: ComplaintId, body: Change) -> Entry:
        """Decides otherwise than proposed, within what the taxonomy and the guard rails allow."""
        outcome = await deciding.change(ask, person, complaint_id, judgement, body)
        return Entry(**_entry(complaint_id, outcome.version, outcome.case))

    _add_taxonomy_routes(routes, judgement)
    return routes


def _add_taxonomy_routes(routes: APIRouter, judgement: Judgement) -> None:
    @routes.get("/categories")
    async def categories() -> list[CategoryRow]:
        """The taxonomy of this office."""
        return [CategoryRow.model_validate(row, from_attributes=True) for row in judgement.taxonomy]

    # Not async, so that it runs in a thread: reading takes as long as the text makes it.
    @routes.post("/try")
    def try_out(person: Acting, body: Try) -> Suggested:
        """What the rules would propose for a text; nothing is kept."""
        suggestion = judgement.suggest(body.text, in_progress=body.in_progress, hint=body.category_hint)
        return Suggested(
            category=suggestion.category,
            urgency=suggestion.urgency,
            tracks=suggestion.tracks,
            confidence=suggestion.confidence,
            needs_review=suggestion.needs_review,
            grounds=tuple(Ground.model_validate(reason, from_attributes=True) for reason in suggestion.reasons),
        )


def _entry(complaint: str, version: int, case: Matter) -> dict[str, Any]:
    return {
        "complaint": complaint,
        "register_number": case.report.register_number,
        "version": version,
        "status": case.status,
        "since": case.since,
        "proposed": case.proposal.classification,
        "in_force": case.in_force,
        "cautions": case.proposal.cautions,
        "provisional": case.provisional,
    }


def _history_step(room: Room, complaint: str, step: Step) -> HistoryStep:
    note = words_in(room.vault, complaint, step.note).get("note")
    return HistoryStep.model_validate({**asdict(step), "note": note})
