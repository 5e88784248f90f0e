"""What the routes of investigation have in common: the procedure, sealing of what was typed, the answer."""

from functools import partial, update_wrapper
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from services.investigation import views
from services.investigation.procedure import Procedure
from shared.contracts.envelope import UUID_PATTERN
from shared.http import Ask
from shared.operation import Decide, Outcome
from shared.room import Room

Limit = Annotated[int, Query(ge=1, le=200)]
EntryId = Annotated[str, Path(pattern=UUID_PATTERN)]


def procedure_of(request: Request) -> Procedure:
    procedure: Procedure = request.app.state.procedure
    return procedure


InProcedure = Annotated[Procedure, Depends(procedure_of)]


def under(procedure: Procedure, decision: Any) -> Decide:
    """The decision as the unit takes it, under the procedure."""
    bound: Decide = update_wrapper(partial(decision, procedure), decision)
    return bound


def sealed(room: Room, part: str, complaint: str, text: str | None) -> str | None:
    """What somebody typed, sealed before it goes anywhere."""
    return None if text is None else room.vault.seal(part, complaint, {"text": text})


def shown(ask: Ask, complaint: str, outcome: Outcome) -> views.CaseView:
    """The case as it stands after a command."""
    return views.view(complaint, outcome.version, outcome.case, ask.room.clock())
