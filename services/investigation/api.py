"""Cases of the detectives over HTTP: worklists, the case, its milestones, letters, difficulty, detective and end."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.investigation import contents, leading, queries, rosters, views
from services.investigation.acting import InProcedure, Limit, shown
from services.investigation.leading import ConcludedCase, JudgedDifficulty, NamedDetective, ReachedMilestone, SentLetter
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom

router = APIRouter()


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
    outcome = await leading.reach(ask, person, procedure, complaint, body)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/letters", tags=["cases"])
async def send_letter(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: SentLetter
) -> views.CaseView:
    """Records a progress letter (SP2HP) and tells its words to the reporter."""
    outcome = await leading.write(ask, person, procedure, complaint, body)
    return shown(ask, complaint, outcome)


@router.put("/cases/{complaint}/difficulty", tags=["cases"])
async def judge_difficulty(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: JudgedDifficulty
) -> views.CaseView:
    """Sets the difficulty, which sets the dates of the letters."""
    outcome = await leading.grade(ask, person, procedure, complaint, body)
    return shown(ask, complaint, outcome)


@router.put("/cases/{complaint}/detective", tags=["cases"])
async def reassign(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: NamedDetective
) -> views.CaseView:
    """Gives the case to another detective."""
    outcome = await leading.give(ask, person, procedure, complaint, body)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/conclusion", tags=["cases"])
async def end_case(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: ConcludedCase
) -> views.CaseView:
    """Ends the case with its outcome, its reason and the last letter."""
    outcome = await leading.end(ask, person, procedure, complaint, body)
    return shown(ask, complaint, outcome)
