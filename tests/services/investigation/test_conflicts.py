"""Whom a case turns out to be about: who lets go of it, and who is looked for instead."""

from dataclasses import replace
from typing import Any

import pytest

from services.investigation.known import Found, FoundDetective
from services.investigation.settle import needs
from services.investigation.sorties import acknowledge, arrive
from shared.contracts.envelope import Person
from shared.contracts.investigation import InvestigationAssigned, InvestigationEscalated, PatrolDispatched
from shared.contracts.refusals import Absent
from tests.services.investigation.cases import (
    CREW,
    DEWI,
    HEAD,
    NOBODY_THERE,
    POLRES,
    PROCEDURE,
    act,
    at,
    classified,
    command,
    found_out,
    hear,
    heard,
    linked,
    reclassified,
    report,
)

DETECTIVE = FoundDetective("dewi", "Pidum", "sealed notice", ("Pidum", "Koperasi"))
BOTH = Found(True, "samapta-1", True, DETECTIVE, "Samapta")
OTHERS = Found(True, "samapta-2", True, FoundDetective("eka", "Pidum", "sealed notice", ("Pidum",)), "Sabhara")


def under_way() -> Any:
    return heard(classified(urgency="P1"), found=BOTH)


@pytest.mark.parametrize("name", ["dewi", "Koperasi"])
def test_a_detective_who_is_named_later_loses_the_case_to_another(name: str) -> None:
    decision = hear(under_way(), found_out(name), at(1), OTHERS)
    (assigned,) = (event for event in decision.events if isinstance(event, InvestigationAssigned))
    assert (assigned.detective, assigned.previous) == ("eka", "dewi")
    assert decision.case.assignments[0].until == at(1)
    assert not decision.case.visible_to(replace(DEWI, units=frozenset({POLRES, "Koperasi"})))
    assert decision.case.visible_to(HEAD)


def test_where_nobody_else_is_found_the_head_hears_of_it() -> None:
    decision = hear(heard(classified(), found=BOTH), found_out("dewi"), at(1), NOBODY_THERE)
    assert decision.case.detective is None
    assert [event.reason for event in decision.events if isinstance(event, InvestigationEscalated)] == ["no_detective"]


@pytest.mark.parametrize("name", ["samapta-1", "Samapta"])
@pytest.mark.parametrize("move", [None, acknowledge, arrive])
def test_a_patrol_that_is_named_later_is_called_off_wherever_it_is_and_another_sent(name: str, move: Any) -> None:
    case = under_way()
    if move:
        case = act(move, case, command(None, CREW), at()).case
    assert not needs(PROCEDURE, case, case, at()).patrol
    named = replace(case, conflicts=(name,))
    assert needs(PROCEDURE, case, named, at()).patrol
    decision = hear(case, found_out(name), at(), OTHERS)
    (sent,) = (event for event in decision.events if isinstance(event, PatrolDispatched))
    assert (sent.patrol, decision.case.active_patrol) == ("samapta-2", "samapta-2")
    assert [sortie.state for sortie in decision.case.dispatch.sorties] == ["stood_down", "sent"]
    with pytest.raises(Absent):
        act(arrive, decision.case, command(None, Person("crew-1", CREW.roles, CREW.units | {name})), at())


def test_whoever_was_named_once_stays_shut_out_whatever_comes_after() -> None:
    case = heard(
        found_out("somebody"),
        classified(2, about=report(conflicts=("other",))),
        reclassified(3),
        linked(about=report(conflicts=("third",))),
        linked("01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"),
    )
    assert case.conflicts == ("other", "somebody", "third")


def test_what_is_heard_before_the_complaint_comes_here_is_remembered_by_a_case_that_nobody_sees() -> None:
    case = heard(found_out("somebody"))
    assert (case.status, case.due, case.forget_at is not None) == ("unclassified", None, True)
    assert not case.visible_to(HEAD)
    assert hear(case, found_out("somebody")).case is case
