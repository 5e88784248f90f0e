"""What an officer decides on a classification, as programs and pages say it, submitted to the case."""

from pydantic import BaseModel, ConfigDict, Field

from services.classification import domain, queries
from services.classification.case import Matter
from services.classification.domain import Ruling
from services.classification.judgement import Judgement
from shared.contracts.classification import Classification
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Person
from shared.http import Ask
from shared.operation import Outcome
from shared.text import Paragraphs, Slug


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Confirm(Body):
    note: Paragraphs | None = None


class Change(Body):
    category: Slug
    urgency: Urgency | None = Field(default=None, description="the category's own where it is left out")
    tracks: tuple[Track, ...] | None = Field(default=None, min_length=1, max_length=6)
    note: Paragraphs = Field(description="why; only officers read it")


async def confirm(ask: Ask, person: Person, complaint: str, body: Confirm) -> Outcome:
    """What is proposed is right."""
    case = await queries.visible_case(ask.room.store(), person, complaint)
    return await _rule(ask, person, complaint, case, None, body.note)


async def change(ask: Ask, person: Person, complaint: str, judgement: Judgement, body: Change) -> Outcome:
    """Otherwise than proposed, within what the taxonomy and the guard rails allow."""
    case = await queries.visible_case(ask.room.store(), person, complaint)
    chosen = judgement.choice(body.category, body.urgency, body.tracks, in_progress=case.report.in_progress)
    return await _rule(ask, person, complaint, case, chosen, body.note)


async def _rule(
    ask: Ask, officer: Person, complaint: str, case: Matter, chosen: Classification | None, note: str | None
) -> Outcome:
    sealed = ask.room.vault.seal("narrative", complaint, {"note": note}) if note else None
    return await ask(complaint, Ruling(chosen, sealed), domain.rule, actor=officer, lane=case.lane)
