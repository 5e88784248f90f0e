"""What the routes of mediation have in common: the procedure, sealing of what was typed, the answer."""

from functools import partial, update_wrapper
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from services.mediation import views
from services.mediation.finder import Finder
from services.mediation.procedure import Procedure
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.operation import Decide, Outcome
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


def under(procedure: Procedure, decision: Any, *more: object) -> Decide:
    """The decision as the unit takes it, under the procedure."""
    bound: Decide = update_wrapper(partial(decision, procedure, *more), decision)
    return bound


class Handling:
    """Has the officer of a case, or the lead, decide on it."""

    def __init__(self, ask: Asking, person: Acting, finder: Finding, procedure: InProcedure, complaint: ComplaintId):
        self.ask = ask
        self.person = person
        self.complaint = complaint
        self._finder = finder
        self._procedure = procedure

    async def __call__(self, data: Any, decision: Any, *more: object) -> views.CaseView:
        decide = under(self._procedure, decision, *more)
        outcome = await self.ask(self.complaint, data, decide, actor=self.person, gather=self._finder.known)
        return shown(self._procedure, self.complaint, outcome)

    def sealed(self, text: str) -> str:
        return sealed(self.ask.room, self.complaint, text)

    def sealed_if(self, text: str | None) -> str | None:
        return None if text is None else self.sealed(text)


Handle = Annotated[Handling, Depends(Handling)]


def sealed(room: Room, complaint: str, text: str) -> str:
    """What somebody typed, sealed before it goes anywhere."""
    return room.vault.seal("settlement", complaint, {"text": text})


def shown(procedure: Procedure, complaint: str, outcome: Outcome) -> views.CaseView:
    """The case as it stands after a command."""
    return views.view(complaint, outcome.version, outcome.case, procedure)
