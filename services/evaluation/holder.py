"""What the holder of a tracking code says after the end, as programs and pages ask it."""

from dataclasses import dataclass
from functools import partial

from services.evaluation import feedback, queries
from services.evaluation.feedback import Answer, End, Feedback, Reopen
from services.evaluation.findings_view import PART
from services.evaluation.queries import FEEDBACK
from services.evaluation.settings import settings_of
from shared import tracking
from shared.contracts.evaluation import SurveyScores
from shared.contracts.refusals import Refusal
from shared.http import Ask
from shared.quotas import Caller
from shared.room import Room


@dataclass(frozen=True, slots=True)
class Ways:
    """What can be said now: each is None where nothing stands against it, else the refusal that it would meet."""

    survey: Refusal | None
    reopen: Refusal | None
    end: End


async def complaint_of(room: Room, caller: Caller, code: str) -> str:
    """The complaint that a code leads to. Raises the same Absent whatever is wrong with it, or TooMany."""
    await caller.looks_up()
    found = await queries.by_lookup(room, tracking.lookup_of(code, settings_of(room).code_key))
    return found or await caller.knows_no_code()


async def answer(ask: Ask, complaint: str, scores: SurveyScores, comment: str | None) -> Feedback:
    """Answers the survey, once each time that the complaint was closed."""
    sealed = ask.room.vault.seal(PART, complaint, {"text": comment}) if comment else None
    said = Answer(scores, settings_of(ask.room).zone, sealed)
    gather = partial(queries.ends, ask.room)
    case: Feedback = (await ask(complaint, said, feedback.answer, gather=gather, collection=FEEDBACK)).case
    return case


async def reopen(ask: Ask, complaint: str, reason: str) -> Feedback:
    """Asks to open a closed complaint again; an officer decides."""
    said = Reopen(settings_of(ask.room).zone, ask.room.vault.seal("narrative", complaint, {"text": reason}))
    gather = partial(queries.ends, ask.room)
    case: Feedback = (await ask(complaint, said, feedback.reopen, gather=gather, collection=FEEDBACK)).case
    return case


async def ways(room: Room, complaint: str) -> Ways:
    """What can be said now."""
    (end,) = await queries.standing(room, [complaint])
    case: Feedback | None = (await room.store(FEEDBACK).load([complaint]))[complaint].case
    survey = reopen = None
    try:
        feedback.to_answer(case, end)
    except Refusal as refusal:
        survey = refusal
    try:
        feedback.to_reopen(case, end)
    except Refusal as refusal:
        reopen = refusal
    return Ways(survey, reopen, end)
