"""How long complaints are kept: by how they ended and by their category, and never shorter than decided."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.intake import retire
from services.intake.course import End
from services.intake.retention import Line, Retention, Rule, counted, years_after
from services.intake.settings import IntakeSettings
from shared.contracts.internal_affairs import ConductOutcome
from shared.contracts.investigation import Outcome
from shared.contracts.referral import ReferralOutcome

AT = datetime(2026, 3, 1, tzinfo=UTC)
RULES = Retention(
    years=20,
    rules=(
        Rule(outcomes=frozenset({"stopped"}), categories=frozenset({"homicide"}), years=50),
        Rule(outcomes=frozenset({"stopped", "rejected"}), years=2),
        Rule(categories=frozenset({"noise"}), years=1),
    ),
)


@pytest.mark.parametrize(
    ("outcomes", "category", "years"),
    [
        (("rejected",), "theft", 2),
        (("rejected",), None, 2),
        (("stopped",), "homicide", 50),
        (("settled",), "noise", 1),
        (("settled",), "theft", 20),
        (("settled",), None, 20),
        (("rejected", "settled"), "theft", 20),
    ],
)
def test_the_first_rule_that_holds_decides_and_of_several_outcomes_the_longest(
    outcomes: tuple[str, ...], category: str | None, years: int
) -> None:
    assert RULES.over_at(End(AT, outcomes), category) == AT.replace(year=AT.year + years)


def test_the_shortest_time_is_known_so_that_nothing_younger_is_looked_at() -> None:
    assert RULES.shortest == 1


@given(st.integers(0, 100_000), st.integers(1, 100))
def test_years_later_is_the_same_day_or_the_first_of_march(days: int, years: int) -> None:
    moment = datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=days)
    later = years_after(moment, years)
    assert later.year == moment.year + years
    assert abs((later - moment) - timedelta(days=365.2425 * years)) < timedelta(days=3)


def test_a_dry_run_counts_by_category_and_outcome() -> None:
    theft, none = (End(AT, ("stopped",)), "theft"), (End(AT, ("rejected",)), None)
    assert counted([theft, none, theft]) == [Line("theft", "stopped", 2), Line("unclassified", "rejected", 1)]


@pytest.mark.parametrize("changes", [{"years": 0}, {"years": 101}, {"unknown": 1}, {"rules": [{"year": 2}]}])
def test_a_file_that_is_not_as_it_must_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Retention.model_validate({"years": 5} | changes)


def test_the_file_that_comes_along_names_outcomes_that_there_are_and_is_nobodys_decision() -> None:
    read = retire.read_retention(IntakeSettings.model_fields["retention_file"].default)
    named = {outcome for rule in read.rules for outcome in rule.outcomes}
    known = {*get_args(Outcome), *get_args(ReferralOutcome), *get_args(ConductOutcome)}
    assert named <= known | {"rejected", "linked", "withdrawn", "settled", "guided"}
    assert read.decided_by == ""
