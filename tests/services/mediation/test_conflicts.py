"""Whom a matter turns out to be about: its officer lets go of it, and nobody named sees it."""

import pytest

from services.mediation.known import Found, FoundMediator
from shared.contracts.mediation import MediationAssigned
from tests.services.mediation.cases import LEAD, NOBODY_THERE, WAYAN, at, classified, found_out, hear, linked, report

OTHER = Found(True, FoundMediator("ketut", ("Polsek Lain",), "sealed notice"))


@pytest.mark.parametrize("name", ["wayan", "Polsek"])
def test_an_officer_who_is_named_later_loses_the_matter_to_another(name: str) -> None:
    case = hear(None, classified()).case
    assert case.mediator.id == "wayan"
    decision = hear(case, found_out(name), at(1), OTHER)
    (assigned,) = decision.events
    assert isinstance(assigned, MediationAssigned)
    assert (assigned.mediator, assigned.previous) == ("ketut", "wayan")
    assert decision.case.visible_to(LEAD)


def test_where_nobody_else_serves_it_waits_for_the_lead() -> None:
    case = hear(hear(None, classified()).case, found_out("wayan"), at(1), NOBODY_THERE).case
    assert (case.mediator, case.status) == (None, "open")
    assert not case.visible_to(WAYAN)


def test_in_whatever_order_it_comes_whoever_was_named_stays_shut_out() -> None:
    told = [
        classified(about=report(conflicts=("other",))),
        found_out("somebody"),
        linked(about=report(conflicts=("x",))),
    ]
    for order in (told, told[::-1]):
        case = None
        for message in order:
            case = hear(case, message).case
        assert case is not None
        assert case.conflicts == ("other", "somebody", "x")
