"""How long complaints are kept: by how they ended and by their category, and never shorter than decided."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.intake import retire
from services.intake.course import End
from services.intake.retention import Line, Retention, Rule, counted, years_after
from services.intake.settings import IntakeSettings
from shared import topology
from shared.contracts.internal_affairs import ConductOutcome
from shared.contracts.investigation import Outcome
from shared.contracts.referral import ReferralOutcome
from tests.support.room import CHANNELS, environment
from tests.support.servers import Servers

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


@pytest.fixture
def decide(real_servers: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], object]:
    """Writes the file that the command reads, as decided by somebody."""
    for name, value in environment(real_servers).items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "retention.toml"
    monkeypatch.setenv("ADUAN_RETENTION_FILE", str(file))
    return lambda who: file.write_text(f'decided_by = "{who}"\nyears = 5\n', "utf-8")


async def test_the_command_shows_and_executes_only_what_somebody_has_decided(
    decide: Callable[[str], object], real_servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    await topology.declare(real_servers.amqp_url, CHANNELS)
    decide(" ")
    await retire.main(execute=False)
    assert "0 over their time, 0 more under a legal hold; nothing erased" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="nobody has decided"):
        await retire.main(execute=True)
    decide("Kapolres, 2026-11-26")
    await retire.main(execute=True)
    assert "0 erased, 0 refused" in capsys.readouterr().out
