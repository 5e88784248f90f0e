"""Routes of the sealed desk. A case that a person may not know of is as absent as one that does not exist."""

from functools import partial, update_wrapper
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.internal_affairs import contents, desk, examiners, facts, queries, views
from services.internal_affairs.consumers import notices
from services.internal_affairs.procedure import Procedure
from shared.contracts.envelope import Person
from shared.contracts.internal_affairs import ConductOutcome
from shared.contracts.refusals import Invalid
from shared.gate import Acting
from shared.http import Ask, Asking, ComplaintId, InRoom
from shared.operation import Decide, Gather, Outcome
from shared.text import Line, Paragraphs, Slug

router = APIRouter(tags=["internal affairs"])

AccessReason = Annotated[
    str,
    Header(
        alias="Access-Reason",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
        description="Why the officer reads what is sealed, as a slug; it is kept in the case.",
    ),
]
Names = Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FoundConflicts(_Body):
    names: Names = Field(description="ids of persons and units that the complaint turned out to be about")


class CheckStep(_Body):
    step: desk.Check
    note: Paragraphs | None = Field(default=None, description="for the file alone")


class NamedExaminer(_Body):
    examiner: Slug


class Words(_Body):
    words: Paragraphs = Field(description="for the reporter")


class Found(_Body):
    text: Paragraphs = Field(description="for the file alone")


class ConductResult(_Body):
    outcome: ConductOutcome
    words: Paragraphs = Field(description="for the reporter")
    note: Paragraphs | None = Field(default=None, description="for the file alone")


class GivenBack(_Body):
    note: Paragraphs = Field(description="why it is no complaint about the police; for the file alone")


class RosterEntry(_Body):
    units: Names = Field(description="the office and every unit that the examiner belongs to")


def procedure_of(request: Request) -> Procedure:
    procedure: Procedure = request.app.state.procedure
    return procedure


class Desk:
    """Submits a decision of the desk and shows the case after it."""

    def __init__(self, ask: Asking, procedure: Annotated[Procedure, Depends(procedure_of)]) -> None:
        self.ask: Ask = ask
        self.procedure = procedure

    async def __call__(
        self, complaint: str, data: Any, decision: Any, person: Person, gather: Gather | None = None
    ) -> views.CaseView:
        outcome = await self.submit(complaint, data, decision, person, gather)
        return views.view(complaint, outcome.version, outcome.case, self.ask.room.clock())

    async def submit(
        self, complaint: str, data: Any, decision: Any, person: Person, gather: Gather | None = None
    ) -> Outcome:
        """For what may hide the case from whoever does it."""
        decide: Decide = update_wrapper(partial(decision, self.procedure), decision)
        return await self.ask(complaint, data, decide, actor=person, gather=gather)

    async def of_linked(self, complaint: str, names: tuple[str, ...]) -> None:
        """Follows what an officer did to the complaint that this one was linked to; nothing of it is shown."""
        decide: Decide = update_wrapper(partial(desk.name_in_linked, self.procedure), desk.name_in_linked)
        await self.ask(complaint, names, decide)

    def seal(self, part: str, complaint: str, text: str) -> str:
        """What somebody typed, sealed before it goes anywhere."""
        return self.ask.room.vault.seal(part, complaint, {"text": text})

    def note(self, complaint: str, text: str | None) -> str | None:
        return None if text is None else self.seal("conduct", complaint, text)


AtDesk = Annotated[Desk, Depends(Desk)]


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
async def read_contents(ask: Asking, person: Acting, complaint: ComplaintId, reason: AccessReason) -> contents.Contents:
    """The sealed words. Who reads them, when and why, is kept in the case first."""
    outcome = await ask(complaint, reason, desk.read, actor=person)
    return contents.open_all(ask.room.vault, complaint, outcome.case)


@router.post("/cases/{complaint}/conflicts", status_code=204)
async def name_conflicts(at: AtDesk, person: Acting, complaint: ComplaintId, body: FoundConflicts) -> None:
    """Hides the complaint from more persons and units at once. If they are the desk's, it goes to the office above."""
    gather = notices(at.procedure, at.ask.room, facts.found)
    named = await at.submit(complaint, body.names, desk.name_conflicts, person, gather)
    for report in named.case.linked:
        await at.of_linked(report.complaint, body.names)


@router.post("/cases/{complaint}/steps")
async def check(at: AtDesk, person: Acting, complaint: ComplaintId, body: CheckStep) -> views.CaseView:
    """A step of the completeness check: the reporter is asked to clarify, or the complaint is complete."""
    data = desk.Checked(body.step, at.note(complaint, body.note))
    return await at(complaint, data, desk.check, person)


@router.put("/cases/{complaint}/examiner")
async def examine(at: AtDesk, person: Acting, complaint: ComplaintId, body: NamedExaminer) -> views.CaseView:
    """Finds a complete complaint worth supervision and gives it to an examiner; later, to another one."""
    return await at(complaint, body.examiner, desk.examine, person, examiners.named(at.ask.room))


@router.post("/cases/{complaint}/findings", status_code=201)
async def find(at: AtDesk, person: Acting, complaint: ComplaintId, body: Found) -> views.CaseView:
    """The examiner puts a finding on file, sealed."""
    return await at(complaint, at.seal("conduct", complaint, body.text), desk.find, person)


@router.post("/cases/{complaint}/letters", status_code=201)
async def write(at: AtDesk, person: Acting, complaint: ComplaintId, body: Words) -> views.CaseView:
    """A letter on how the complaint stands (SP3D) goes to the reporter."""
    return await at(complaint, at.seal("notice", complaint, body.words), desk.write, person)


@router.post("/cases/{complaint}/result")
async def conclude(at: AtDesk, person: Acting, complaint: ComplaintId, body: ConductResult) -> views.CaseView:
    """The complaint is proven (selesai benar), not proven (selesai tidak benar) or not worth supervision (archived)."""
    notice = at.seal("notice", complaint, body.words)
    ending = desk.Ending(body.outcome, notice, at.note(complaint, body.note))
    return await at(complaint, ending, desk.conclude, person)


@router.post("/cases/{complaint}/forwarding", status_code=204)
async def forward(at: AtDesk, person: Acting, complaint: ComplaintId, body: Words) -> None:
    """The complaint goes to the desk of the office above, and is no longer here."""
    await at.submit(complaint, at.seal("notice", complaint, body.words), desk.forward, person)


@router.post("/cases/{complaint}/return")
async def give_back(at: AtDesk, person: Acting, complaint: ComplaintId, body: GivenBack) -> views.CaseView:
    """It is no complaint about conduct or service of the police: it goes back to classification."""
    return await at(complaint, at.note(complaint, body.note), desk.give_back, person)


@router.post("/cases/{complaint}/join")
async def join(at: AtDesk, person: Acting, complaint: ComplaintId) -> views.CaseView:
    """It goes on in the earlier complaint that verification joined it with, if that one is open at this desk."""
    return await at(complaint, None, desk.join, person, queries.earlier(at.ask.room))


@router.get("/examiners")
async def list_examiners(room: InRoom, person: Acting) -> list[examiners.Examiner]:
    """Who may examine at the acting head's desk."""
    return await examiners.of(room.mongo, person)


@router.put("/examiners/{examiner}")
async def put_examiner(room: InRoom, person: Acting, examiner: Slug, body: RosterEntry) -> examiners.Examiner:
    """Puts an examiner on the roster with all their units, which decide whom they may not examine."""
    if person.units.isdisjoint(body.units):
        raise Invalid("other_office", "One of the units must be yours.", "units")
    entry = examiners.Examiner(id=examiner, units=body.units)
    await examiners.put(room.mongo, entry)
    return entry
