"""Who may know of a case. For everybody else it does not exist."""

from services.investigation.case import Case
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent

# Who may see what the patrols do at all cases of the Polres, and call them off or send them again.
DISPATCHERS = frozenset({"chief", "call_operator"})


def may_lead(case: Case, person: Person) -> bool:
    """Whether the person leads the case or answers for it: its detective, the head of its unit, the chief."""
    if not case.visible_to(person):
        return False
    detective = case.detective.id if case.detective else None
    leads = "detective" in person.roles and detective == person.id
    return leads or "chief" in person.roles or _heads(case, person)


def may_dispatch(case: Case, person: Person) -> bool:
    """Whether the person sends patrols to the case: a dispatcher of the Polres, or the head of its unit."""
    return case.visible_to(person) and (not person.roles.isdisjoint(DISPATCHERS) or _heads(case, person))


def _heads(case: Case, person: Person) -> bool:
    return "unit_head" in person.roles and not person.units.isdisjoint(case.units)


def speaks_for(person: Person, patrol: str) -> bool:
    """Whether the person is the patrol, or signed on to it: a crew member's units name the patrol for the shift."""
    return "patrol" in person.roles and (person.id == patrol or patrol in person.units)


def of_leader(case: Case | None, person: Person | None) -> tuple[Case, Person]:
    """The case and whoever may lead it. Raises Absent."""
    if case is None or person is None or not may_lead(case, person):
        raise Absent
    return case, person


def of_dispatcher(case: Case | None, person: Person | None) -> Case:
    """The case for somebody who may send patrols and call them off. Raises Absent."""
    if case is None or person is None or not may_dispatch(case, person):
        raise Absent
    return case


def of_crew(case: Case | None, person: Person | None) -> tuple[Case, Person]:
    """The case and somebody whose patrol is or was sent to it. Raises Absent."""
    if case is None or person is None or not case.visible_to(person):
        raise Absent
    if not any(speaks_for(person, sortie.patrol) for dispatch in case.dispatches for sortie in dispatch.sorties):
        raise Absent
    return case, person
