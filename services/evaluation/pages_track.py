"""What the holder of a tracking code says on pages after the end: the answers of the survey, and the wish to open the
complaint again."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from services.evaluation import holder
from services.evaluation.pages import pages
from services.evaluation.track_wordings import DONE, ELEMENTS
from shared.contracts.evaluation import SurveyScores
from shared.forms import FormAsking
from shared.http import InRoom
from shared.pages import Sent, is_fragment
from shared.quotas import Calling
from shared.room import Room
from shared.text import Paragraphs
from shared.tracking_cookie import HeldCode

router = pages.router()

PANEL = "/evaluation/track"
Done = Annotated[str, Query(max_length=20)]
Score = Annotated[int, Field(ge=1, le=4)]


async def _held_complaint(room: InRoom, caller: Calling, kept: HeldCode) -> str:
    """The complaint whose code this browser keeps. Raises Absent, or TooMany."""
    return await holder.complaint_of(room, caller, kept)


HeldComplaint = Annotated[str, Depends(_held_complaint)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SurveyForm(_Form):
    """The nine elements of the survey, each from 1 (bad) to 4 (good), and whatever else the reporter wants to say."""

    u1: Score
    u2: Score
    u3: Score
    u4: Score
    u5: Score
    u6: Score
    u7: Score
    u8: Score
    u9: Score
    comment: Paragraphs | None = None

    @property
    def scores(self) -> SurveyScores:
        return SurveyScores(**self.model_dump(exclude={"comment"}))


class ReopenForm(_Form):
    """Why the reporter is not content with the end."""

    reason: Paragraphs


@router.get("/track")
async def panel(request: Request, room: InRoom, complaint: HeldComplaint, done: Done = "") -> Response:
    """What can be said now: a panel of the page that shows the report, or a page by itself."""
    open_now = await holder.ways(room, complaint)
    template = "evaluation/track_panel.html" if is_fragment(request) else "track.html"
    return pages.show(request, template, ways=open_now, done=DONE.get(done))


@router.get("/track/survey")
async def survey_form(request: Request, room: InRoom, complaint: HeldComplaint) -> Response:
    """The nine questions."""
    return await _form(request, room, complaint, "survey")(Sent())


@router.post("/track/survey")
async def survey(request: Request, ask: FormAsking, complaint: HeldComplaint) -> Response:
    """Takes the answers."""

    async def do(form: SurveyForm) -> None:
        await holder.answer(ask, complaint, form.scores, form.comment)

    return await pages.act(request, SurveyForm, do, _form(request, ask.room, complaint, "survey"))


@router.get("/track/reopen")
async def reopen_form(request: Request, room: InRoom, complaint: HeldComplaint) -> Response:
    """Where the reporter says why the end was none."""
    return await _form(request, room, complaint, "reopen")(Sent())


@router.post("/track/reopen")
async def reopen(request: Request, ask: FormAsking, complaint: HeldComplaint) -> Response:
    """Asks to open the complaint again."""

    async def do(form: ReopenForm) -> None:
        await holder.reopen(ask, complaint, form.reason)

    return await pages.act(request, ReopenForm, do, _form(request, ask.room, complaint, "reopen"))


def _form(
    request: Request, room: Room, complaint: str, name: Literal["survey", "reopen"]
) -> Callable[[Sent], Awaitable[Response]]:
    """Shows a form, with what became of it; once it is done, the way leads back. Raises what stands against it, before
    anybody fills it in in vain."""

    async def show(sent: Sent) -> Response:
        if sent.done:
            return RedirectResponse(f"{PANEL}?done={name}", 303)
        now = await holder.ways(room, complaint)
        if refusal := now.survey if name == "survey" else now.reopen:
            raise refusal
        return pages.show(request, f"track_{name}.html", sent.status, sent=sent, elements=ELEMENTS)

    return show
