"""Whose a matter is, who may know of it, and who is reminded."""

from typing import Any

import pytest

from services.mediation import agreement, parties, reassignment
from services.mediation.assignment import Naming
from services.mediation.known import FoundMediator, Known
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Person
from shared.contracts.mediation import (
    MediationAssigned,
)
from shared.contracts.refusals import Absent, Conflict, Invalid
from tests.services.mediation.cases import (
    APPROVER,
    LEAD,
    NOBODY_THERE,
    OTHER,
    POLRES,
    SARI,
    VILLAGE,
    WAYAN,
    act,
    at,
    classified,
    hear,
    heard,
    linked,
    mediation_at,
    report,
    wake,
)

AWAY: Any = {"tracks": ("investigation",)}


def test_a_matter_goes_to_the_officer_of_its_village_who_is_named_to_the_reporter() -> None:
    case, events = hear(None, classified())
    assert (case.status, case.mediator.id, case.round.position) == ("open", "wayan", "preparing")
    notice = Sealed(notice="sealed notice")
    assert events == (MediationAssigned(kind="mediation", mediator="wayan", village=VILLAGE, sealed=notice),)


def test_where_the_village_has_no_officer_the_lead_names_one() -> None:
    case, events = hear(None, classified(), found=NOBODY_THERE)
    assert (case.status, case.mediator, events) == ("open", None, ())
    with pytest.raises(Conflict, match="lead names"):
        act(parties.invite, case, parties.Invitation(SARI, "complainant", "sealed"), actor=LEAD)
    found = FoundMediator("other", ("Polsek",), "sealed other")
    case, events = act(reassignment.reassign, case, Naming("other"), actor=LEAD, known=found)
    assert (case.mediator.id, case.mediator.village, case.assignments[-1].officer) == ("other", None, "lead")
    assert events == (MediationAssigned(kind="mediation", mediator="other", sealed=Sealed(notice="sealed other")),)


@pytest.mark.parametrize(
    ("person", "known"),
    [
        (OTHER, Known()),
        (Person("wayan", frozenset({"detective"}), frozenset({POLRES})), Known()),
        (Person("wayan", frozenset({"bhabinkamtibmas"}), frozenset({"elsewhere"})), Known()),
        (Person("lead", frozenset({"mediation_lead"}), frozenset({"elsewhere"})), Known()),
        (APPROVER, Known()),
    ],
)
def test_for_anybody_else_the_case_is_not_there(person: Person, known: Known) -> None:
    with pytest.raises(Absent):
        act(
            parties.invite, heard(classified()), parties.Invitation(SARI, "complainant", "s"), actor=person, known=known
        )


def test_who_stands_in_for_an_absent_officer_may_act() -> None:
    invitation = parties.Invitation(SARI, "complainant", "sealed")
    assert act(parties.invite, heard(classified()), invitation, actor=OTHER, known=Known("other")).case


def test_an_officer_who_is_named_by_a_report_loses_the_case_and_does_not_see_it() -> None:
    before = heard(classified())
    about = report(register_number="LP-2", conflicts=("wayan",))
    case, events = hear(before, linked(about=about), found=NOBODY_THERE)
    assert (case.mediator, events) == (None, ())
    assert not case.visible_to(WAYAN)
    assert case.visible_to(LEAD)


def test_an_officer_of_a_unit_that_a_report_names_loses_the_case_too() -> None:
    about = report(register_number="LP-2", conflicts=("Polsek",))
    assert hear(heard(classified()), linked(about=about), found=NOBODY_THERE).case.mediator is None


def test_the_lead_gives_a_case_to_another_and_not_to_who_is_unfit_or_has_it() -> None:
    before = mediation_at("scheduled")
    case, events = act(
        reassignment.reassign,
        before,
        Naming("other"),
        actor=LEAD,
        known=FoundMediator("other", ("Polsek",), "sealed"),
        now=at(1),
    )
    assert (events[0].previous, case.round, case.assignments[0].until) == ("wayan", before.round, at(1))
    with pytest.raises(Conflict, match="already"):
        act(
            reassignment.reassign,
            case,
            Naming("other"),
            actor=LEAD,
            known=FoundMediator("other", ("Polsek",), "sealed"),
        )
    with pytest.raises(Invalid, match="absent"):
        act(reassignment.reassign, case, Naming("other"), actor=LEAD, known="absent")
    with pytest.raises(Absent):
        act(
            reassignment.reassign,
            case,
            Naming("other"),
            actor=WAYAN,
            known=FoundMediator("other", ("Polsek",), "sealed"),
        )


def test_an_officer_who_does_nothing_is_late_until_something_is_done() -> None:
    case = heard(classified())
    assert (case.due, case.reminders) == (at(3), ())
    case, events = wake(case, at(3))
    assert ([one.kind for one in case.reminders], case.due, events) == (["nobody_acted"], None, ())
    assert wake(case, at(4)).case is case
    invited = act(parties.invite, case, parties.Invitation(SARI, "complainant", "sealed"), now=at(4)).case
    assert invited.reminders == ()


def test_a_session_of_which_nothing_is_said_and_a_point_that_is_due_are_reminded_of() -> None:
    case = wake(mediation_at("scheduled"), at(3)).case
    assert [(one.kind, one.number) for one in case.reminders] == [("session_unrecorded", 1)]
    case = mediation_at("settled")
    assert case.due == at(10)
    case = wake(case, at(10)).case
    assert ([(one.kind, one.number) for one in case.reminders], case.due) == ([("point_due", 1)], at(20))
    case = act(agreement.judge, case, agreement.Judgement(1, True), now=at(11)).case
    assert case.reminders == ()
