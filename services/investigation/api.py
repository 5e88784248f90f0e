"""Cases of the detectives over HTTP: worklists, the case, its milestones, letters, difficulty, detective and end."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.investigation import contents, milestones, queries, reassignment, rosters, views
from services.investigation.acting import InProcedure, Limit, sealed, shown, under
from services.investigation.conclusion import Closing, Ending, conclude
from services.investigation.finder import Finder
from services.investigation.milestones import Letter, Step
from services.investigation.reassignment import Reassignment, Why
from shared.contracts.investigation import Difficulty, Milestone
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.text import Paragraphs, Slug

router = APIRouter()


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


@router.get("/worklists/mine", tags=["worklists"])
async def list_mine(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """The open cases that the acting detective has."""
    return views.rows(await queries.mine(room, person, limit), room.clock())


@router.get("/worklists/unit", tags=["worklists"])
async def list_of_unit(
    room: InRoom,
    person: Acting,
    unassigned: Annotated[bool, Query(description="only those without a detective")] = False,
    limit: Limit = 50,
) -> list[views.CaseRow]:
    """The open cases that the acting head answers for."""
    return views.rows(await queries.of_unit(room, person, unassigned, limit), room.clock())


@router.get("/worklists/overdue", tags=["worklists"])
async def list_overdue(room: InRoom, person: Acting, limit: Limit = 50) -> list[views.CaseRow]:
    """Open cases in which something due has not happened, or for which nobody was found."""
    now = room.clock()
    return views.rows(await queries.overdue(room, person, now, limit), now)


@router.get("/cases/{complaint}", tags=["cases"])
async def read_case(room: InRoom, person: Acting, complaint: ComplaintId, response: Response) -> views.CaseView:
    """A case with its whole course, without its sealed words."""
    version, case = await queries.led(room, person, complaint)
    response.headers["ETag"] = f'"{version}"'
    return views.view(complaint, version, case, room.clock())


@router.get("/cases/{complaint}/contents", tags=["cases"])
async def read_contents(room: InRoom, person: Acting, complaint: ComplaintId) -> contents.Contents:
    """The sealed words of a case. That they were read is kept."""
    _, case = await queries.led(room, person, complaint)
    await rosters.record_reading(room.mongo, complaint, person.id, "contents", room.clock())
    return contents.open_all(room.vault, complaint, case)


@router.post("/cases/{complaint}/milestones", tags=["cases"])
async def reach_milestone(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: ReachedMilestone
) -> views.CaseView:
    """Records a milestone that was reached."""
    step = Step(body.milestone, sealed(ask.room, "narrative", complaint, body.note), body.words)
    gather = Finder(ask.room, procedure).notices
    outcome = await ask(complaint, step, under(procedure, milestones.reach), actor=person, gather=gather)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/letters", tags=["cases"])
async def send_letter(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: SentLetter
) -> views.CaseView:
    """Records a progress letter (SP2HP) and tells its words to the reporter."""
    letter = Letter(body.letter, body.words)
    gather = Finder(ask.room, procedure).notices
    outcome = await ask(complaint, letter, under(procedure, milestones.write), actor=person, gather=gather)
    return shown(ask, complaint, outcome)


@router.put("/cases/{complaint}/difficulty", tags=["cases"])
async def judge_difficulty(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: JudgedDifficulty
) -> views.CaseView:
    """Sets the difficulty, which sets the dates of the letters."""
    outcome = await ask(complaint, body.difficulty, under(procedure, milestones.grade), actor=person)
    return shown(ask, complaint, outcome)


@router.put("/cases/{complaint}/detective", tags=["cases"])
async def reassign(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: NamedDetective
) -> views.CaseView:
    """Gives the case to another detective."""
    named = Reassignment(body.detective, body.reason)
    gather = Finder(ask.room, procedure).successors
    outcome = await ask(complaint, named, under(procedure, reassignment.reassign), actor=person, gather=gather)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/conclusion", tags=["cases"])
async def end_case(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: ConcludedCase
) -> views.CaseView:
    """Ends the case with its outcome, its reason and the last letter."""
    note = sealed(ask.room, "narrative", complaint, body.note)
    closing = Closing(body.outcome, body.words, body.reason, note, body.confirmed)
    gather = Finder(ask.room, procedure).notices
    outcome = await ask(complaint, closing, under(procedure, conclude), actor=person, gather=gather)
    return shown(ask, complaint, outcome)
