"""A head gives a case to another detective, and what hides it from the head."""

from dataclasses import replace
from typing import Any

import pytest

from services.investigation.known import FoundDetective
from services.investigation.reassignment import Reassignment, reassign
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid
from tests.services.investigation.cases import (
    CHIEF,
    DEWI,
    HEAD,
    NOBODY_THERE,
    NOW,
    POLRES,
    act,
    at,
    classified,
    command,
    hear,
    heard,
    rejected,
    report,
)

SUCCESSOR = FoundDetective("eka", "Pidum", "sealed notice")


def asked(person: Person) -> Any:
    return command(Reassignment("eka", "workload"), person)


@pytest.mark.parametrize("person", [HEAD, CHIEF])
def test_a_head_gives_a_case_to_another_detective(person: Person) -> None:
    decision = act(reassign, heard(classified()), asked(person), at(1), SUCCESSOR)
    (event,) = decision.events
    assert (event.detective, event.previous, event.sealed.notice) == ("eka", "dewi", "sealed notice")
    last = decision.case.assignments[-1]
    assert (last.officer, last.reason, decision.case.assignments[0].until) == (person.id, "workload", at(1))


def test_a_head_gives_a_case_that_nobody_has() -> None:
    decision = act(reassign, heard(classified(), found=NOBODY_THERE), asked(HEAD), at(1), SUCCESSOR)
    assert decision.case.detective.id == "eka"
    assert decision.case.detective_search is None


@pytest.mark.parametrize("unfit", ["unknown", "on_leave", "conflict", "other_unit"])
def test_a_detective_who_cannot_have_the_case_is_refused(unfit: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        act(reassign, heard(classified()), asked(HEAD), NOW, unfit)
    assert (refusal.value.slug, refusal.value.field) == (unfit, "detective")


def test_a_case_is_not_given_to_whoever_has_it_nor_by_its_detective_nor_after_its_end() -> None:
    case = heard(classified())
    with pytest.raises(Conflict):
        act(reassign, case, asked(HEAD), NOW, replace(SUCCESSOR, id="dewi"))
    with pytest.raises(Forbidden):
        act(reassign, case, asked(DEWI), NOW, SUCCESSOR)
    with pytest.raises(Conflict):
        act(reassign, hear(case, rejected()).case, asked(HEAD), NOW, SUCCESSOR)


def test_a_unit_that_the_report_is_about_does_not_answer_for_it() -> None:
    case = heard(classified(units=("Pidum", "Jatanras"), about=report(conflicts=("Pidum",))), found=NOBODY_THERE)
    assert case.units == ("Jatanras",)
    with pytest.raises(Absent):
        act(reassign, case, asked(HEAD), NOW, SUCCESSOR)


@pytest.mark.parametrize("named", ["chief", POLRES])
def test_a_report_about_the_chief_or_the_polres_is_hidden_from_the_chief(named: Any) -> None:
    with pytest.raises(Absent):
        act(reassign, heard(classified(about=report(conflicts=(named,)))), asked(CHIEF), NOW, SUCCESSOR)
