"""Who stands at which side of the desk."""

from typing import Annotated

from fastapi import Depends, Request

from services.intake.desk import Desk
from shared.contracts.envelope import Person
from shared.contracts.refusals import Forbidden
from shared.http import acting_as


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


def _of_this_office(person: Person, desk: Desk) -> Person:
    if desk.settings.polres not in person.units:
        raise Forbidden("other_office", "You do not belong to this office.")
    return person


def counter_officer(person: Annotated[Person, Depends(acting_as("counter_officer"))], desk: AtDesk) -> Person:
    """Somebody who takes reports down at the counter of this office. Raises Forbidden."""
    return _of_this_office(person, desk)


def call_operator(person: Annotated[Person, Depends(acting_as("call_operator"))], desk: AtDesk) -> Person:
    """Somebody who answers 110 for this office. Raises Forbidden."""
    return _of_this_office(person, desk)


CounterOfficer = Annotated[Person, Depends(counter_officer)]
CallOperator = Annotated[Person, Depends(call_operator)]
Reader = Annotated[Person, Depends(acting_as("counter_officer", "call_operator", "verifier"))]
# Those who work on a report further on see its files too; which report, their own service has told them.
Viewer = Annotated[
    Person,
    Depends(acting_as("counter_officer", "call_operator", "verifier", "classifier", "detective", "unit_head")),
]
# The original tells where a picture was taken and by whose camera: for those who judge or investigate the report.
Examiner = Annotated[Person, Depends(acting_as("verifier", "detective", "unit_head"))]
