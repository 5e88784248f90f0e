"""Working days as an Indonesian office counts them, and the file that corrects the calendar."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.internal_affairs.procedure_file import read_procedure, working_days

JAKARTA = ZoneInfo("Asia/Jakarta")
FILE = Path("services/internal_affairs/procedure.toml")


def at(day: str, hour: int = 3) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "days", "last"),
    [
        (at("2026-11-24"), 1, "2026-11-25"),
        (at("2026-11-27"), 1, "2026-11-30"),  # over a weekend
        (at("2026-11-28"), 1, "2026-11-30"),  # from a Saturday
        (at("2026-12-23"), 1, "2026-12-28"),  # collective leave on the 24th, Christmas, a weekend
        (at("2026-03-02"), 20, "2026-04-07"),  # over Nyepi and Eid with their collective leave, and Good Friday
        (at("2026-12-31"), 1, "2027-01-04"),  # over New Year
        (at("2026-11-24", 18), 1, "2026-11-26"),  # in Jakarta it is Wednesday already
    ],
)
def test_a_deadline_is_the_end_of_the_last_working_day_in_the_offices_zone(
    moment: datetime, days: int, last: str
) -> None:
    assert working_days(JAKARTA)(moment, days).astimezone(JAKARTA).isoformat() == f"{last}T23:59:59+07:00"


def test_the_office_corrects_the_calendar_in_both_directions() -> None:
    end_after = working_days(JAKARTA, (date(2026, 11, 25),), (date(2026, 12, 24),))
    assert end_after(at("2026-11-24"), 1).date() == date(2026, 11, 26)
    assert end_after(at("2026-12-23"), 1).date() == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("told", "instead", "named"),
    [
        ("letter_days = 20", "letter_days = 0", "letter_days"),
        ("letter_days = 20", "leter_days = 20", "leter_days"),
        ('"Asia/Jakarta"', '"Asia/Nowhere"', "time_zone"),
        ("days_off = []", 'days_off = ["2026-02-30"]', "days_off.0"),
        ('superiors = ["polda", "mabes"]', "superiors = []", "superiors"),
        ("to {office}.", "up.", "forwarded"),
    ],
)
def test_a_file_that_no_case_could_be_led_by_stops_the_start_and_names_the_entry(
    tmp_path: Path, told: str, instead: str, named: str
) -> None:
    path = tmp_path / "procedure.toml"
    path.write_text(FILE.read_text("utf-8").replace(told, instead), "utf-8")
    with pytest.raises(ValidationError, match=named):
        read_procedure(path)
