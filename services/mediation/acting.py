"""What the routes of mediation have in common: the procedure, sealing of what was typed, the answer."""

from functools import partial, update_wrapper
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from services.mediation import views
from services.mediation.finder import Finder
from services.mediation.procedure import Procedure
from shared.contracts.envelope import Person
from shared.forms import FormAsking
from shared.gate import Acting
from shared.http import Ask, Asking, ComplaintId, InRoom
from shared.operation import Decide, Gather
from shared.room import Room

Limit = Annotated[int, Query(ge=1, le=200)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


def procedure_of(request: Request) -> Procedure:
    procedure: Procedure = request.app.state.procedure
    return procedure


InProcedure = Annotated[Procedure, Depends(procedure_of)]


def finder_of(room: InRoom, procedure: InProcedure) -> Finder:
    return Finder(room, procedure)


Finding = Annotated[Finder, Depends(finder_of)]


class Handling:
    """Has somebody decide on a case, whether a program or a page asks for it."""

    def __init__(self, ask: Ask, person: Person, finder: Finder, procedure: Procedure, complaint: str) -> None:
        self.ask = ask
        self.person = person
        self.complaint = complaint
        self.finder = finder
        self.procedure = procedure

    @property
    def room(self) -> Room:
        return self.ask.room

    async def __call__(self, data: Any, decision: Any, *more: object) -> views.CaseView:
        """A decision of the officer of the case, or of the lead."""
        return await self.decide(data, decision, self.finder.known, *more)

    async def decide(self, data: Any, decision: Any, gather: Gather | None, *more: object) -> views.CaseView:
        """The case after a decision under the procedure; `more` is what the decision is bound to besides."""
        decided: Decide = update_wrapper(partial(decision, self.procedure, *more), decision)
        outcome = await self.ask(self.complaint, data, decided, actor=self.person, gather=gather)
        return views.view(self.complaint, outcome.version, outcome.case, self.procedure)

    def sealed(self, text: str) -> str:
        """What somebody typed, sealed before it goes anywhere."""
        return self.room.vault.seal("settlement", self.complaint, {"text": text})

    def sealed_if(self, text: str | None) -> str | None:
        return None if text is None else self.sealed(text)


def _handling(ask: Asking, person: Acting, finder: Finding, procedure: InProcedure, complaint: ComplaintId) -> Handling:
    return Handling(ask, person, finder, procedure, complaint)


def _handling_form(
    ask: FormAsking, person: Acting, finder: Finding, procedure: InProcedure, complaint_id: ComplaintId
) -> Handling:
    return Handling(ask, person, finder, procedure, complaint_id)


Handle = Annotated[Handling, Depends(_handling)]
FormHandle = Annotated[Handling, Depends(_handling_form)]
