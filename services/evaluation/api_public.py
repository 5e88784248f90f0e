"""What the holder of a tracking code may say after the end. The code stands in the body, since addresses are written
down everywhere; a code that is unknown and a text that is none get the same answer."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.evaluation import feedback, queries
from services.evaluation.feedback import Answer, Feedback, Reopen
from services.evaluation.findings_view import PART
from services.evaluation.queries import FEEDBACK
from services.evaluation.settings import settings_of
from shared import tracking
from shared.contracts.evaluation import SurveyScores
from shared.http import Asking
from shared.quotas import Calling
from shared.room import Room
from shared.text import Paragraphs

router = APIRouter(prefix="/tracking", tags=["tracking"])

Score = Annotated[int, Field(ge=1, le=4, strict=True)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str = Field(max_length=200, description="the tracking code, however it was typed")


class Scores(BaseModel):
    """The nine elements of the survey, each from 1 (bad) to 4 (good)."""

    model_config = ConfigDict(extra="forbid")
    u1: Score = Field(description="requirements (persyaratan)")
    u2: Score = Field(description="procedure (prosedur)")
    u3: Score = Field(description="time (waktu)")
    u4: Score = Field(description="cost (biaya)")
    u5: Score = Field(description="product (produk layanan)")
    u6: Score = Field(description="competence (kompetensi)")
    u7: Score = Field(description="conduct (perilaku)")
    u8: Score = Field(description="facilities (sarana)")
    u9: Score = Field(description="handling of complaints (penanganan pengaduan)")


class SurveyBody(_Body):
    """The answers, and whatever else the reporter wants to say."""

    scores: Scores
    comment: Paragraphs | None = None


class ReopenBody(_Body):
    """Why the reporter is not content with the end."""

    reason: Paragraphs


class Thanks(BaseModel):
    """What was taken note of, and when."""

    received_at: AwareDatetime


async def complaint_of(body: _Body, room: Room, caller: Calling) -> str:
    """The complaint that the body's code leads to. Raises the same Absent whatever is wrong with it, or TooMany."""
    await caller.looks_up()
    found = await queries.by_lookup(room, tracking.lookup_of(body.code, settings_of(room).code_key))
    return found or await caller.knows_no_code()


@router.post("/survey", status_code=201)
async def survey(body: SurveyBody, ask: Asking, caller: Calling) -> Thanks:
    """Answer the survey, once each time that the complaint was closed."""
    complaint = await complaint_of(body, ask.room, caller)
    comment = ask.room.vault.seal(PART, complaint, {"text": body.comment}) if body.comment else None
    said = Answer(SurveyScores(**body.scores.model_dump()), settings_of(ask.room).zone, comment)
    gather = partial(queries.ends, ask.room)
    outcome = await ask(complaint, said, feedback.answer, gather=gather, collection=FEEDBACK)
    case: Feedback = outcome.case
    return Thanks(received_at=case.surveys[-1].at)


@router.post("/reopening", status_code=201)
async def reopening(body: ReopenBody, ask: Asking, caller: Calling) -> Thanks:
    """Ask to open a closed complaint again; an officer decides."""
    complaint = await complaint_of(body, ask.room, caller)
    reason = ask.room.vault.seal("narrative", complaint, {"text": body.reason})
    said = Reopen(settings_of(ask.room).zone, reason)
    gather = partial(queries.ends, ask.room)
    outcome = await ask(complaint, said, feedback.reopen, gather=gather, collection=FEEDBACK)
    case: Feedback = outcome.case
    return Thanks(received_at=case.requests[-1].at)
