"""Who stands at which side of the desk."""

from typing import Annotated

from fastapi import Depends, Request

from services.intake.desk import Desk
from shared.contracts.envelope import Person
from shared.contracts.refusals import Forbidden
from shared.gate import Acting


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


def of_this_office(person: Acting, desk: AtDesk) -> Person:
    """Whoever acts, at this office. Raises Forbidden."""
    if desk.settings.polres not in person.units:
        raise Forbidden("other_office", "You do not belong to this office.")
    return person


OfThisOffice = Annotated[Person, Depends(of_this_office)]
