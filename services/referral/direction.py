"""What an officer decides: another agency, who helps, to tell an agency again, or to give the complaint back."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.referral import answers, notices, offers
from services.referral.agencies import Agency
from services.referral.answers import Resend
from services.referral.case import OPEN, Case, Collaborator, Known, Procedure
from services.referral.settle import settle
from shared.contracts.envelope import Command, Decision, Person
from shared.contracts.refusals import Absent, Conflict, Invalid

COLLABORATORS = 10


@dataclass(frozen=True, slots=True)
class Named:
    """An agency that an officer chose."""

    agency: str


def offer_to(
    procedure: Procedure, case: Case | None, message: Command[Named], now: datetime, known: Known
) -> Decision[Case]:
    """Takes the complaint from whoever has it and offers it to the agency that was chosen."""
    open_case, officer = _of(case, message.actor)
    agency = _registered(known, message.data.agency)
    if open_case.holder and open_case.holder.agency == agency.slug:
        raise Conflict("same_agency", "That agency has it already.")
    changed = offers.take_back(_without(open_case, agency.slug, now), now, "officer_decision")
    changed, told = offers.offer(procedure, changed, message.subject, agency, now, known, officer.id)
    return settle(procedure, case, changed, message.subject, now, known, told)


def add_collaborator(
    procedure: Procedure, case: Case | None, message: Command[Named], now: datetime, known: Known
) -> Decision[Case]:
    """Has an agency help whoever has the complaint. Naming it again changes nothing."""
    open_case, officer = _of(case, message.actor)
    agency = _registered(known, message.data.agency)
    if any(helper.agency == agency.slug for helper in open_case.collaborators):
        return Decision(case)
    if open_case.holder and open_case.holder.agency == agency.slug:
        raise Conflict("owner", "That agency has the complaint itself.")
    if len(open_case.collaborators) >= COLLABORATORS:
        raise Conflict("too_many", f"At most {COLLABORATORS} agencies may help with one complaint.")
    changed, number = offers.mint(open_case, message.subject)
    helper = Collaborator(agency.slug, number, now, officer.id)
    changed = replace(changed, collaborators=(*changed.collaborators, helper))
    changed = notices.post(changed, agency.slug, number, "collaboration", now)
    return settle(procedure, case, changed, message.subject, now, known)


def remove_collaborator(
    procedure: Procedure, case: Case | None, message: Command[Named], now: datetime, known: Known
) -> Decision[Case]:
    """Ends an agency's part in it. Raises Absent where it has none."""
    open_case, _ = _of(case, message.actor)
    if all(helper.agency != message.data.agency for helper in open_case.collaborators):
        raise Absent("not_found", "That agency does not help with this complaint.")
    changed = _without(open_case, message.data.agency, now)
    return settle(procedure, case, changed, message.subject, now, known)


def send_again(case: Case | None, message: Command[None], now: datetime) -> Decision[Case]:
    """Tells the agency that has the complaint once more."""
    open_case, _ = _of(case, message.actor)
    holder = open_case.holder
    if holder is None:
        raise Conflict("not_open", "No agency has this complaint.")
    asked = Command(message.id, message.subject, message.polres, Resend(holder.agency, holder.number), message.actor)
    return answers.resend(open_case, asked, now)


def return_to_classification(
    procedure: Procedure, case: Case | None, message: Command[None], now: datetime, known: Known
) -> Decision[Case]:
    """Takes the complaint from whoever has it; classification decides where it goes on."""
    open_case, _ = _of(case, message.actor)
    changed, told = offers.give_back(offers.let_go(open_case, now, "officer_decision"), "officer_decision")
    return settle(procedure, case, changed, message.subject, now, known, told)


def _of(case: Case | None, person: Person | None) -> tuple[Case, Person]:
    """The open case and the officer. Raises Absent, Conflict."""
    if case is None or person is None or not case.visible_to(person):
        raise Absent
    if case.status not in OPEN:
        raise Conflict("not_open", f"A referral that is {case.status} cannot be directed any more.")
    return case, person


def _registered(known: Known, slug: str) -> Agency:
    agency = known.agency(slug)
    if agency is None:
        raise Invalid("unknown_agency", "There is no such agency in the registry.", "agency")
    return agency


def _without(case: Case, slug: str, now: datetime) -> Case:
    for helper in case.collaborators:
        if helper.agency == slug:
            case = notices.recall(case, slug, helper.number, now, "officer_decision")
    return replace(case, collaborators=tuple(helper for helper in case.collaborators if helper.agency != slug))
