"""Routes of the sealed desk. A case that a person may not know of is as absent as one that does not exist."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from services.internal_affairs import contents, enrolment, queries, views
from services.internal_affairs.deciding import (
    CheckStep,
    ConductResult,
    Desk,
    Found,
    FoundConflicts,
    GivenBack,
    NamedExaminer,
    Words,
    procedure_of,
)
from services.internal_affairs.enrolment import ExaminerCard, RosterEntry
from services.internal_affairs.procedure import Procedure
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.operation import Outcome
from shared.text import Slug

router = APIRouter(tags=["internal affairs"])

AccessReason = Annotated[
    str,
    Header(
        alias="Access-Reason",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
        description="Why the officer reads what is sealed, as a slug; it is kept in the case.",
    ),
]


def _desk(
    ask: Asking, person: Acting, complaint: ComplaintId, procedure: Annotated[Procedure, Depends(procedure_of)]
) -> Desk:
    return Desk(ask, procedure, person, complaint)


AtDesk = Annotated[Desk, Depends(_desk)]


@router.get("/worklist")
async def worklist(
    room: InRoom,
    person: Acting,
    overdue: Annotated[bool, Query(description="only those whose letter or result is late")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[views.CaseRow]:
    """The open complaints at the acting person's desk, the oldest first."""
    now = room.clock()
    found = await queries.worklist(room, person, now if overdue else None, limit)
    return [views.row(document.id, document.version, document.case, now) for document in found if document.case]


@router.get("/cases/{complaint}")
async def read_case(room: InRoom, person: Acting, complaint: ComplaintId, response: Response) -> views.CaseView:
    """A complaint with its whole course, without its sealed words."""
    version, case = await queries.visible(room, person, complaint)
    response.headers["ETag"] = f'"{version}"'
    return views.view(complaint, version, case, room.clock())


@router.get("/cases/{complaint}/contents")
async def read_contents(at: AtDesk, reason: AccessReason) -> contents.Contents:
    """The sealed words. Who reads them, when and why, is kept in the case first."""
    return await at.read(reason)


@router.post("/cases/{complaint}/conflicts", status_code=204)
async def name_conflicts(at: AtDesk, body: FoundConflicts) -> None:
    """Hides the complaint from more persons and units at once. If they are the desk's, it goes to the office above."""
    await at.name_conflicts(body)


@router.post("/cases/{complaint}/steps")
async def check(at: AtDesk, body: CheckStep) -> views.CaseView:
    """A step of the completeness check: the reporter is asked to clarify, or the complaint is complete."""
    return _shown(at, await at.check(body))


@router.put("/cases/{complaint}/examiner")
async def examine(at: AtDesk, body: NamedExaminer) -> views.CaseView:
    """Finds a complete complaint worth supervision and gives it to an examiner; later, to another one."""
    return _shown(at, await at.examine(body))


@router.post("/cases/{complaint}/findings", status_code=201)
async def find(at: AtDesk, body: Found) -> views.CaseView:
    """The examiner puts a finding on file, sealed."""
    return _shown(at, await at.find(body))


@router.post("/cases/{complaint}/letters", status_code=201)
async def write(at: AtDesk, body: Words) -> views.CaseView:
    """A letter on how the complaint stands (SP3D) goes to the reporter."""
    return _shown(at, await at.write(body))


@router.post("/cases/{complaint}/result")
async def conclude(at: AtDesk, body: ConductResult) -> views.CaseView:
    """The complaint is proven (selesai benar), not proven (selesai tidak benar) or not worth supervision (archived)."""
    return _shown(at, await at.conclude(body))


@router.post("/cases/{complaint}/forwarding", status_code=204)
async def forward(at: AtDesk, body: Words) -> None:
    """The complaint goes to the desk of the office above, and is no longer here."""
    await at.forward(body)


@router.post("/cases/{complaint}/return")
async def give_back(at: AtDesk, body: GivenBack) -> views.CaseView:
    """It is no complaint about conduct or service of the police: it goes back to classification."""
    return _shown(at, await at.give_back(body))


@router.post("/cases/{complaint}/join")
async def join(at: AtDesk) -> views.CaseView:
    """It goes on in the earlier complaint that verification joined it with, if that one is open at this desk."""
    return _shown(at, await at.join())


@router.get("/examiners")
async def list_examiners(room: InRoom, person: Acting) -> list[ExaminerCard]:
    """The examiners of the acting head's desk."""
    return await enrolment.listed(room, person)


@router.put("/examiners/{examiner}")
async def put_examiner(room: InRoom, person: Acting, examiner: Slug, body: RosterEntry) -> ExaminerCard:
    """Puts an examiner on the roster with all their units, which decide whom they may not examine."""
    return await enrolment.enrol(room, person, examiner, body)


@router.delete("/examiners/{examiner}", status_code=204)
async def retire_examiner(room: InRoom, person: Acting, examiner: Slug) -> None:
    """Gives an examiner nothing any more. What they have stays with them till a head names another."""
    await enrolment.retire(room, person, examiner)


def _shown(at: Desk, outcome: Outcome) -> views.CaseView:
    """The case as it stands after a command."""
    return views.view(at.complaint, outcome.version, outcome.case, at.room.clock())
