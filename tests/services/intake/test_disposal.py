"""Erasing a complaint and holding it: what is refused, what is left, what outranks what."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake import course
from services.intake.case import Complaint
from services.intake.course import Course, End
from services.intake.disposal import HOLDS_KEPT, Order, erase, hold, lift
from shared.contracts.envelope import Command, Decision, Person
from shared.contracts.intake import ComplaintErased
from shared.contracts.refusals import Absent, Conflict, Refusal
from tests.services.intake.test_course import at, linked, rejected
from tests.services.intake.test_domain import COMPLAINT, NOW, complaint

CHIEF = Person("chief-1", frozenset({"chief"}), frozenset({"polres-sukamaju"}))
ENDED = course.told(Course(), rejected(3))
LINKED = course.told(Course(), linked(3))


def command(data: Any = None, actor: Person | None = CHIEF) -> Command[Any]:
    return Command(f"test:{uuid4()}", COMPLAINT, "polres-sukamaju", data, actor)


def ordered(
    case: Complaint | None, earlier: Complaint | None = None, actor: Person | None = CHIEF, **changes: Any
) -> Decision[Complaint]:
    return erase(case, command(replace(Order("request", "LP/B/000001"), **changes), actor), NOW, earlier)


def held(case: Complaint) -> Complaint:
    after = hold(case, command("jwe"), NOW).case
    assert after
    return after


def test_a_complaint_that_has_ended_can_be_erased_and_is_there_for_nobody_from_then_on() -> None:
    decision = ordered(complaint(course=ENDED))
    assert decision.events == (ComplaintErased(reason="request", register_number="LP/B/000001", officer="chief-1"),)
    assert decision.case
    assert not decision.case.visible_to(CHIEF)
    with pytest.raises(Absent):
        ordered(decision.case)


@pytest.mark.parametrize(
    ("case", "earlier", "changes", "slug"),
    [
        (complaint(), None, {}, "open"),
        (held(complaint(course=ENDED)), None, {}, "legal_hold"),
        (held(complaint(course=ENDED)), None, {"reason": "retention"}, "legal_hold"),
        (held(complaint()), None, {}, "legal_hold"),
        (complaint(course=LINKED), complaint(), {}, "open"),
        (complaint(course=LINKED), held(complaint(course=ENDED)), {}, "legal_hold"),
        (complaint(course=ENDED), None, {"register_number": "LP/B/000002"}, "other_register_number"),
        (complaint(course=ENDED), None, {"end": End(at(4), ("rejected",))}, "changed"),
        (None, None, {}, "not_found"),
    ],
)
def test_what_may_not_be_erased_says_why(
    case: Complaint | None, earlier: Complaint | None, changes: dict[str, Any], slug: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        ordered(case, earlier, **changes)
    assert refusal.value.slug == slug


def test_a_linked_report_may_go_once_what_leads_it_on_has_ended_or_is_gone() -> None:
    assert ordered(complaint(course=LINKED), complaint(course=ENDED)).events
    assert ordered(complaint(course=LINKED), None).events


@pytest.mark.parametrize("units", [(), ("another-polres",)])
def test_for_whom_it_is_not_there_it_can_be_neither_erased_nor_held(units: tuple[str, ...]) -> None:
    stranger = Person("chief-2", CHIEF.roles, frozenset(units))
    with pytest.raises(Absent):
        ordered(complaint(course=ENDED), actor=stranger)
    with pytest.raises(Absent):
        hold(complaint(course=ENDED), command("jwe", stranger), NOW)


def test_nobody_erases_or_holds_a_complaint_about_themselves() -> None:
    about = complaint(course=ENDED)
    about = replace(about, report=about.report.model_copy(update={"conflicts": ("chief-1",)}))
    with pytest.raises(Absent):
        ordered(about)
    for move, data in ((hold, "jwe"), (lift, None)):
        with pytest.raises(Absent):
            move(about, command(data), NOW)


def test_a_hold_is_set_once_and_lifted_once() -> None:
    case = held(complaint(course=ENDED))
    assert hold(case, command("again"), NOW).case is case
    after = lift(case, command(), NOW + timedelta(days=1)).case
    assert after
    assert not after.held
    assert ordered(after).events, "then it may go"
    with pytest.raises(Conflict):
        lift(after, command(), NOW)
    for _ in range(HOLDS_KEPT - 1):
        after = lift(held(after), command(), NOW).case or after
    with pytest.raises(Conflict):
        hold(after, command("jwe"), NOW)
