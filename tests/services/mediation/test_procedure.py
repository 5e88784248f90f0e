"""What a Polres may write into its procedure file, and what is refused before anything starts."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.mediation.main import load_procedure

SAMPLE = Path("services/mediation/procedure.toml").read_text("utf-8")


def test_the_sample_is_what_the_law_asks_for() -> None:
    procedure = load_procedure(Path("services/mediation/procedure.toml"))
    assert procedure.conditions == ("penalty_within_limit", "first_offence", "victim_consents")


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ("act_within_days = 3", "act_within_days = 0", "act_within_days"),
        ("forget_after_days = 90", "forget_after_days = 99999999", "forget_after_days"),
        ("record_within_days = 1", "", "record_within_days"),
        ('conditions = ["penalty_within_limit", ', 'conditions = ["nice_weather", ', "conditions"),
        ('conditions = ["penalty_within_limit", "first_offence", "victim_consents"]', "conditions = []", "conditions"),
        ("act_within_days = 3", "act_within_days = 3\nact_in_days = 3", "act_in_days"),
    ],
)
def test_a_file_that_no_case_could_be_led_by_is_refused_by_name(
    tmp_path: Path, written: str, instead: str, named: str
) -> None:
    assert written in SAMPLE
    file = tmp_path / "procedure.toml"
    file.write_text(SAMPLE.replace(written, instead), encoding="utf-8")
    with pytest.raises(ValidationError, match=named):
        load_procedure(file)
