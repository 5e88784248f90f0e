"""What the holder of a tracking code may say after the end. The code stands in the body, since addresses are written
down everywhere; a code that is unknown and a text that is none get the same answer."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.evaluation import holder
from shared.contracts.evaluation import SurveyScores
from shared.http import Asking
from shared.quotas import Calling
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


@router.post("/survey", status_code=201)
async def survey(body: SurveyBody, ask: Asking, caller: Calling) -> Thanks:
    """Answer the survey, once each time that the complaint was closed."""
    complaint = await holder.complaint_of(ask.room, caller, body.code)
    case = await holder.answer(ask, complaint, SurveyScores(**body.scores.model_dump()), body.comment)
    return Thanks(received_at=case.surveys[-1].at)


@router.post("/reopening", status_code=201)
async def reopening(body: ReopenBody, ask: Asking, caller: Calling) -> Thanks:
    """Ask to open a closed complaint again; an officer decides."""
    complaint = await holder.complaint_of(ask.room, caller, body.code)
    case = await holder.reopen(ask, complaint, body.reason)
    return Thanks(received_at=case.requests[-1].at)
