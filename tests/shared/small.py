"""A service with a route of every kind that the shell must keep in order."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.envelope import Decision
from shared.contracts.investigation import PatrolArrived
from shared.contracts.referral import ReferralDeclined
from shared.gate import Acting
from shared.handlers import On
from shared.http import Asking, ComplaintId
from shared.operation import Message
from shared.policy import Rule, by_route
from shared.service import Cases, Service, create_app
from shared.settings import Settings
from shared.text import Line, Paragraphs, Slug
from tests.shared.tally import DUE, SERVICE, UNIQUE, Tally, fail, note, refuse

router = APIRouter(tags=["notes"])
_OPEN = ("POST /open/{case_id}", "POST /refused/{case_id}", "POST /numbers/{case_id}", "POST /large")
RULES = by_route(
    (
        Rule(routes=("POST /notes/{case_id}",), may={"verifier": "polres"}),
        Rule(routes=(*_OPEN, "GET /mistakes", "GET /slow"), proof="anyone"),
    )
)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ByPhone(Strict):
    kind: Literal["phone"]


class ByMail(Strict):
    kind: Literal["mail"]


class Place(Strict):
    latitude: float = Field(ge=-90, le=90)
    seen: datetime | None = None


class Note(Strict):
    text: Line
    story: Paragraphs | None = None
    slug: Slug | None = None
    amount: int = Field(default=1, ge=1, le=100)
    place: Place | None = None
    reference: UUID | None = None
    by: Annotated[ByPhone | ByMail, Field(discriminator="kind")] | None = None


class Noted(BaseModel):
    notes: tuple[str, ...]
    repeated: bool


@router.post("/notes/{case_id}")
async def write(case_id: ComplaintId, body: Note, ask: Asking, person: Acting) -> Noted:
    """Writes a note down."""
    outcome = await ask(case_id, body.story or body.text, note, actor=person)
    return Noted(notes=outcome.case.notes, repeated=outcome.repeated)


@router.post("/open/{case_id}")
async def write_unseen(case_id: ComplaintId, body: Note, ask: Asking) -> Noted:
    """Writes a note of somebody who is not signed in."""
    outcome = await ask(case_id, body.text, note)
    return Noted(notes=outcome.case.notes, repeated=outcome.repeated)


@router.post("/refused/{case_id}")
async def be_refused(case_id: ComplaintId, ask: Asking) -> Noted:
    """Is always refused."""
    await ask(case_id, None, refuse)
    raise AssertionError


@router.post("/numbers/{case_id}")
async def number(case_id: ComplaintId, body: Note, ask: Asking) -> Noted:
    """Gives the case a number that no other may have."""

    def decide(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
        return Decision(Tally(message.polres, number=body.text))

    return Noted(notes=(await ask(case_id, None, decide)).case.notes, repeated=False)


@router.get("/mistakes")
async def mistake() -> dict[str, str]:
    """Has a bug."""
    raise ValueError("the reporter is Budi Santoso")


@router.get("/slow")
async def slow() -> dict[str, str]:
    """Takes a moment."""
    await asyncio.sleep(0.5)
    return {}


@router.post("/large", max_body_size=200_000)
async def large(body: dict[str, Any]) -> dict[str, int]:
    """Takes more than other routes."""
    return {"length": len(body["text"])}


def small_service(settings: Settings) -> Service:
    return Service(
        SERVICE,
        settings,
        {"tallies": Cases(Tally, (UNIQUE, DUE))},
        handlers=lambda room: (On(ReferralDeclined, note),),
        routers=(router,),
        rules=RULES,
    )


def app() -> FastAPI:
    """The service as a process of its own."""
    return create_app(small_service(Settings()))


def refuse_or_fail(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    patrol = message.data.patrol
    return fail(case, message, now) if patrol == "fail" else refuse(case, message, now)


def listener() -> FastAPI:
    """Another process, which hears what the first one says and is never content with it."""
    handlers = (On(PatrolArrived, refuse_or_fail),)
    return create_app(Service("notification", Settings(), {"tallies": Cases(Tally)}, handlers=lambda room: handlers))
