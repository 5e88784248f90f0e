"""Who helps, who has it instead, and who may say so."""

from typing import Any

import pytest

from services.referral import direction
from services.referral.case import Verb
from services.referral.direction import Named
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid
from tests.services.referral.cases import (
    KNOWN,
    NOW,
    POLRES,
    PROCEDURE,
    accepted,
    answer,
    classified,
    command,
    delivered,
    direct,
    heard,
    told,
)
from tests.services.referral.cases import report as new_report


def test_a_collaborator_tells_how_it_goes_on_and_no_more() -> None:
    case = direct(direction.add_collaborator, accepted(), Named("bpbd")).case
    helper = case.collaborators[0]
    mine: dict[str, Any] = {"agency": "bpbd", "number": helper.number}
    assert answer(case, "update", step="in_progress", **mine).events[0].agency == "bpbd"
    refused: tuple[tuple[Verb, dict[str, Any]], ...] = (
        ("accept", {}),
        ("decline", {"reason": "other"}),
        ("complete", {"outcome": "resolved"}),
    )
    for verb, said in refused:
        with pytest.raises(Forbidden):
            answer(case, verb, **mine, **said)
    done = answer(delivered(case), "complete", outcome="resolved").case
    assert told(done) == [("bpbd", "withdrawn")]
    with pytest.raises(Absent):
        answer(done, "update", step="waiting", **mine)


def test_an_officer_names_collaborators_and_takes_them_off_again() -> None:
    case = direct(direction.add_collaborator, heard(classified()), Named("bpbd")).case
    assert answer(case, "accept").events[0].collaborators == ("bpbd",)
    again = direct(direction.add_collaborator, case, Named("bpbd"))
    assert again.case is case
    without = direct(direction.remove_collaborator, delivered(case), Named("bpbd")).case
    assert (without.collaborators, told(without)) == ((), [("bpbd", "withdrawn")])
    with pytest.raises(Absent):
        direct(direction.remove_collaborator, without, Named("bpbd"))
    with pytest.raises(Conflict, match="owner"):
        direct(direction.add_collaborator, case, Named("damkar"))
    with pytest.raises(Invalid) as refused:
        direct(direction.add_collaborator, case, Named("nobody"))
    assert refused.value.field == "agency"


def test_an_officer_chooses_another_agency_which_is_then_the_only_owner() -> None:
    case = delivered(direct(direction.add_collaborator, accepted(), Named("pln")).case)
    chosen = direct(direction.offer_to, case, Named("pln"))
    assert (chosen.case.holder.agency, chosen.case.collaborators) == ("pln", ())
    assert told(chosen.case) == [("pln", "withdrawn"), ("damkar", "withdrawn"), ("pln", "offer")]
    assert sum(offer.held for offer in chosen.case.offers) == 1
    with pytest.raises(Conflict, match="same_agency"):
        direct(direction.offer_to, chosen.case, Named("pln"))


def test_an_officer_gives_a_complaint_back_to_classification() -> None:
    decision = direct(direction.return_to_classification, accepted())
    assert [(event.wire, event.reason) for event in decision.events] == [("referral.declined.v1", "officer_decision")]
    assert (decision.case.status, told(decision.case)) == ("declined", [("damkar", "withdrawn")])
    with pytest.raises(Conflict, match="not_open"):
        direct(direction.return_to_classification, decision.case)


@pytest.mark.parametrize(
    "person", [Person("officer-1", units=frozenset({"polres-lain"})), Person("named", units=frozenset({POLRES}))]
)
def test_a_case_does_not_exist_for_other_offices_nor_for_whom_it_is_about(person: Person) -> None:
    case = heard(classified(about=new_report(conflicts=("named",))))
    assert not case.visible_to(person)
    with pytest.raises(Absent):
        direction.offer_to(PROCEDURE, case, command(Named("bpbd"), person), NOW, KNOWN)
