"""Who may know of a case. For everybody else it does not exist."""

from services.mediation.case import Case, Round
from services.mediation.known import Known
from services.mediation.suitability import PPA_APPROVER
from shared.contracts.envelope import Command, Person
from shared.contracts.refusals import Absent, Conflict

MEDIATOR, GUIDE, LEAD = "bhabinkamtibmas", "guidance_officer", "mediation_lead"


def may_lead(case: Case, person: Person, stand_in: str | None) -> bool:
    """Whether the person leads the case or answers for it: its officer, who stands in for them, the lead."""
    if not case.visible_to(person):
        return False
    if LEAD in person.roles:
        return True
    mediator = case.mediator.id if case.mediator else None
    guides = GUIDE in person.roles and case.round is not None and case.round.kind == "guidance"
    return (MEDIATOR in person.roles or guides) and mediator is not None and person.id in (mediator, stand_in)


def of_leader(case: Case | None, person: Person | None, known: Known) -> tuple[Case, Person]:
    """The case and whoever may lead it. Raises Absent."""
    if case is None or person is None or not may_lead(case, person, known.stand_in):
        raise Absent
    return case, person


def of_lead(case: Case | None, person: Person | None) -> tuple[Case, Person]:
    """The case and somebody who may say who has it. Raises Absent."""
    if case is None or person is None or LEAD not in person.roles or not case.visible_to(person):
        raise Absent
    return case, person


def may_approve(case: Case, person: Person) -> bool:
    """Whether the person is of the PPA unit, and its word is asked for."""
    return case.rule == "ppa_approval" and PPA_APPROVER in person.roles and case.visible_to(person)


def of_approver(case: Case | None, person: Person | None) -> tuple[Case, Person]:
    """The case and somebody of the PPA unit who is asked about it. Raises Absent."""
    if case is None or person is None or not may_approve(case, person):
        raise Absent
    return case, person


def under_way(case: Case, *also: str) -> Round:
    """The round of a case that is open. `also`: other statuses that will do. Raises Conflict."""
    if case.round is None or case.status not in ("open", *also):
        raise Conflict("not_open", f"The case is not open: it is {case.status}.")
    return case.round


def led(case: Case | None, command: Command[object], known: Known, *also: str) -> tuple[Case, Round, Person]:
    """The case, its round and whoever acts, once an officer has it. Raises Absent and Conflict."""
    case, person = of_leader(case, command.actor, known)
    round_ = under_way(case, *also)
    if case.mediator is None:
        raise Conflict("no_mediator", "Nobody has the case yet; the lead names an officer first.")
    return case, round_, person
