"""The lead says who has a matter."""

from datetime import datetime

from services.mediation import access
from services.mediation.assignment import UNFIT, Naming, Unfit, given, released
from services.mediation.case import Case
from services.mediation.known import FoundMediator
from services.mediation.procedure import Procedure
from services.mediation.settle import settle
from shared.contracts.envelope import Command, Decision
from shared.contracts.refusals import Conflict, Invalid


def reassign(
    procedure: Procedure, case: Case | None, command: Command[Naming], now: datetime, found: FoundMediator | Unfit
) -> Decision[Case]:
    """The matter goes to the officer whom the lead names, for the first time or from another."""
    before, person = access.of_lead(case, command.actor)
    access.under_way(before, "settled")
    if isinstance(found, str):
        raise Invalid(found, UNFIT[found], "mediator")
    if before.mediator and before.mediator.id == found.id:
        raise Conflict("has_it_already", "The officer has the case already.")
    previous = before.mediator.id if before.mediator else None
    after, events = given(released(before, now), now, found, previous, None, person.id)
    return settle(procedure, before, after, now, told=events)
