"""What whoever leads a case does with it, as programs and pages say it, submitted to the case."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.investigation import milestones, reassignment
from services.investigation.acting import sealed, under
from services.investigation.conclusion import Closing, Ending, conclude
from services.investigation.finder import Finder
from services.investigation.milestones import Letter, Step
from services.investigation.procedure import Procedure
from services.investigation.reassignment import Reassignment, Why
from shared.contracts.envelope import Person
from shared.contracts.investigation import Difficulty, Milestone
from shared.http import Ask
from shared.operation import Outcome
from shared.text import Paragraphs, Slug


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReachedMilestone(_Body):
    milestone: Milestone
    note: Paragraphs | None = Field(default=None, description="for the file alone")
    words: Paragraphs | None = Field(default=None, description="for the reporter")


class SentLetter(_Body):
    letter: Literal["A1", "A3", "A4"] = Field(description="A2 and A5 go out with the conclusion")
    words: Paragraphs = Field(description="what was done, what stands in the way, what comes next")


class JudgedDifficulty(_Body):
    difficulty: Difficulty


class NamedDetective(_Body):
    detective: Slug
    reason: Why


class ConcludedCase(_Body):
    outcome: Ending
    reason: Slug | None = None
    words: Paragraphs = Field(description="for the reporter")
    note: Paragraphs | None = Field(default=None, description="for the file alone")
    confirmed: tuple[Slug, ...] = Field(default=(), max_length=10, description="conditions of restorative justice")


async def reach(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: ReachedMilestone) -> Outcome:
    """A milestone was reached."""
    step = Step(body.milestone, sealed(ask.room, "narrative", complaint, body.note), body.words)
    gather = Finder(ask.room, procedure).notices
    return await ask(complaint, step, under(procedure, milestones.reach), actor=person, gather=gather)


async def write(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: SentLetter) -> Outcome:
    """A progress letter (SP2HP) goes out; its words are told to the reporter."""
    gather = Finder(ask.room, procedure).notices
    decide = under(procedure, milestones.write)
    return await ask(complaint, Letter(body.letter, body.words), decide, actor=person, gather=gather)


async def grade(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: JudgedDifficulty) -> Outcome:
    """The difficulty is judged, which sets the dates of the letters."""
    return await ask(complaint, body.difficulty, under(procedure, milestones.grade), actor=person)


async def give(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: NamedDetective) -> Outcome:
    """The case is given to a detective."""
    named = Reassignment(body.detective, body.reason)
    gather = Finder(ask.room, procedure).successors
    return await ask(complaint, named, under(procedure, reassignment.reassign), actor=person, gather=gather)


async def end(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: ConcludedCase) -> Outcome:
    """The case ends with its outcome, its reason and the last letter."""
    note = sealed(ask.room, "narrative", complaint, body.note)
    closing = Closing(body.outcome, body.words, body.reason, note, body.confirmed)
    gather = Finder(ask.room, procedure).notices
    return await ask(complaint, closing, under(procedure, conclude), actor=person, gather=gather)
