"""The end of what is kept of a complaint: erasure, and the legal hold that outranks it. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.intake.case import Complaint, Hold
from services.intake.course import End
from shared.contracts.envelope import Command, Decision, Person
from shared.contracts.intake import ComplaintErased
from shared.contracts.refusals import Absent, Conflict, Invalid

HOLDS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Order:
    """To erase a complaint: at its reporter's request or since its time is over. `register_number` is how whoever asks
    shows which one is meant, `end` is the end from which its time was counted."""

    reason: Literal["retention", "request"]
    register_number: str
    end: End | None = None


def hold(case: Complaint | None, message: Command[str], now: datetime) -> Decision[Complaint]:
    """Puts a complaint under a legal hold; its data are the words of why, sealed. A second time changes nothing."""
    case, person = _known(case, message.actor)
    if case.held:
        return Decision(case)
    if len(case.holds) >= HOLDS_KEPT:
        raise Conflict("full", f"A complaint is held {HOLDS_KEPT} times at most.")
    return Decision(replace(case, holds=(*case.holds, Hold(person.id, now, message.data))))


def lift(case: Complaint | None, message: Command[None], now: datetime) -> Decision[Complaint]:
    """Lifts the legal hold. Raises Conflict where there is none."""
    case, person = _known(case, message.actor)
    if not case.held:
        raise Conflict("not_held", "The complaint is under no legal hold.")
    lifted = replace(case.holds[-1], lifted_by=person.id, lifted_at=now)
    return Decision(replace(case, holds=(*case.holds[:-1], lifted)))


def erase(
    case: Complaint | None, message: Command[Order], now: datetime, earlier: Complaint | None
) -> Decision[Complaint]:
    """Says that the complaint is erased; from then on it is there for nobody. `earlier` leads it on if it was linked.

    Raises Conflict while it is open or under a legal hold, be it its own or that of the complaint that leads it on.
    """
    order, person = message.data, message.actor
    if case is None or case.erasing or (person and not case.visible_to(person)):
        raise Absent
    if order.register_number != case.report.register_number:
        raise Invalid("other_register_number", "That is not the complaint's register number.", "register_number")
    if case.held or (earlier and earlier.held):
        raise Conflict("legal_hold", "The complaint is under a legal hold.")
    end = case.end
    if end is None or (earlier and earlier.end is None):
        raise Conflict("open", "The complaint has not ended.")
    if order.end and order.end != end:
        raise Conflict("changed", "The complaint has ended otherwise since its time was counted.")
    after = replace(case, erasing=True, listing=None)
    said = ComplaintErased(
        reason=order.reason, register_number=order.register_number, officer=person.id if person else None
    )
    return Decision(after, (said,))


def _known(case: Complaint | None, person: Person | None) -> tuple[Complaint, Person]:
    if case is None or person is None or not case.visible_to(person):
        raise Absent
    return case, person
