"""Findings: raised once, planned, measured again, closed or renewed; every move of the table."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from services.evaluation import finding
from services.evaluation.finding import MOVES, Close, Finding, Measured, Move, Observed, Plan, Planning, Status
from services.evaluation.measuring import finding_id
from services.evaluation.rules import Shortfall
from shared.contracts.envelope import Command, Person
from shared.contracts.evaluation import FindingRaised
from shared.contracts.refusals import Absent, Conflict, Invalid
from tests.services.evaluation.samples import MONTH, POLRES, START, SUBJECT, ZONE

EVALUATOR = Person("evaluator-1", frozenset({"evaluator"}), frozenset({POLRES}))
SHORT = Shortfall("median_over_target", "hours_to_assignment", "unit:Pidum", 31.5, 24.0, MONTH)


def day(month: int, number: int = 1) -> datetime:
    return datetime(2026, month, number, tzinfo=ZONE)


def command(data: Any, actor: Person | None = EVALUATOR) -> Command[Any]:
    return Command("m1", SUBJECT, POLRES, data, actor)


def planning(by: datetime | None = None, measure_at: datetime | None = None) -> Command[Any]:
    plan = Plan("head-pidum", by or day(4, 20), measure_at or day(5, 5), "sealed action")
    return command(Planning(plan, ZONE))


def raised() -> Finding:
    case = finding.found_by_rule(None, command(SHORT, None), START).case
    assert case
    return case


def planned() -> Finding:
    case = finding.plan(raised(), planning(), START).case
    assert case
    return case


def test_a_rule_raises_a_finding_once() -> None:
    decision = finding.found_by_rule(None, command(SHORT, None), START)
    told = FindingRaised(
        source="rule",
        rule="median_over_target",
        indicator="hours_to_assignment",
        scope="unit:Pidum",
        value=31.5,
        target=24.0,
        month=MONTH,
    )
    assert decision.events == (told,)
    again = finding.found_by_rule(decision.case, command(replace(SHORT, value=40.0), None), START)
    assert again.case is decision.case
    assert again.events == ()


def test_a_findings_id_follows_from_rule_scope_and_month_and_not_from_the_value() -> None:
    same = finding_id(POLRES, replace(SHORT, value=99.0))
    assert finding_id(POLRES, SHORT) == same
    others = [replace(SHORT, month="2026-04"), replace(SHORT, scope="unit:Jatanras")]
    assert same not in [finding_id(POLRES, other) for other in others]


def test_a_person_raises_a_finding_in_own_words() -> None:
    seen = Observed("observation", "village:99.01.01.1001", None, None, None, "sealed words")
    decision = finding.found_by_person(None, command(seen), START)
    assert decision.case
    assert (decision.case.source, decision.case.rule) == ("person", "person")
    assert decision.case.history[0].person == "evaluator-1"
    assert "sealed words" not in repr(decision)
    with pytest.raises(Conflict):
        finding.found_by_person(decision.case, command(seen), START)


def test_a_plan_wakes_the_finding_on_the_day_of_its_measurement() -> None:
    case = planned()
    assert case.plan
    assert (case.status, case.due, case.plan.owner) == ("planned", day(5, 5), "head-pidum")


@pytest.mark.parametrize(
    ("by", "measure_at", "field"),
    [
        (day(3, 9), day(5, 5), "by"),
        (day(5, 5), day(5, 5), "measure_on"),
        (day(3, 20), day(4, 20), "measure_on"),  # the month before it is that of the finding
    ],
)
def test_a_plan_whose_days_make_no_sense_names_the_field(by: datetime, measure_at: datetime, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        finding.plan(raised(), planning(by, measure_at), START)
    assert refused.value.field == field


def test_where_the_target_is_met_the_finding_is_closed() -> None:
    decision = finding.remeasure(planned(), command(None, None), day(5, 5), Measured("2026-04", 24.0))
    assert decision.case
    assert (decision.case.status, decision.case.due, decision.events) == ("closed", None, ())
    assert decision.case.history[-1].value == 24.0


def test_where_it_is_still_missed_the_finding_is_renewed_and_told() -> None:
    decision = finding.remeasure(planned(), command(None, None), day(5, 5), Measured("2026-04", 26.0))
    assert decision.case
    assert (decision.case.status, decision.case.value, decision.case.month) == ("renewed", 26.0, "2026-04")
    (told,) = decision.events
    assert isinstance(told, FindingRaised)
    assert (told.value, told.month) == (26.0, "2026-04")


def test_what_cannot_be_measured_goes_back_to_a_person() -> None:
    decision = finding.remeasure(planned(), command(None, None), day(5, 5), Measured("2026-04", None))
    assert decision.case
    assert (decision.case.status, decision.case.value, decision.case.month) == ("renewed", 31.5, MONTH)


def test_the_satisfaction_must_rise_to_its_target() -> None:
    case = replace(planned(), indicator="element_u3", value=60.0, target=76.61)
    for value, status in ((76.60, "renewed"), (76.61, "closed")):
        after = finding.remeasure(case, command(None, None), day(5, 5), Measured("2026-04", value)).case
        assert after
        assert after.status == status


def test_the_timer_comes_to_nothing_where_somebody_was_faster() -> None:
    closed = finding.close(planned(), command(Close("sealed note")), START).case
    decision = finding.remeasure(closed, command(None, None), day(5, 5), Measured("2026-04", 99.0))
    assert decision.case is closed


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("move", get_args(Move))
def test_each_move_leads_where_the_table_says_or_is_refused(status: Status, move: Move) -> None:
    case = replace(planned(), status=status)
    after = MOVES.get((status, move))

    def made() -> Finding | None:
        if move == "plan":
            return finding.plan(case, planning(), START).case
        if move == "close":
            return finding.close(case, command(Close("sealed note")), START).case
        value = 1.0 if move == "improve" else 99.0
        return finding.remeasure(case, command(None, None), START, Measured("2026-04", value)).case

    if after:
        moved = made()
        assert moved
        assert moved.status == after
    elif move in ("plan", "close"):
        with pytest.raises(Conflict):
            made()
    else:
        assert made() is case


def test_somebody_of_another_office_knows_of_no_finding() -> None:
    stranger = Person("evaluator-2", frozenset({"evaluator"}), frozenset({"polres-lain"}))
    with pytest.raises(Absent):
        finding.close(raised(), command(Close("sealed note"), stranger), START)
    with pytest.raises(Absent):
        finding.close(None, command(Close("sealed note")), START + timedelta(days=1))
