"""The deadlines and lists that a Polres may edit."""

import csv
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.investigation.main import load_procedure
from tests.services.investigation.cases import PROCEDURE

FILE = Path("services/investigation/procedure.toml")
TAXONOMY = Path("services/classification/taxonomy.csv")


def test_the_complaint_offences_are_those_of_the_taxonomy() -> None:
    with TAXONOMY.open(encoding="utf-8", newline="") as rows:
        on_complaint = [row["code"] for row in csv.DictReader(rows) if row["criminal"] == "on complaint"]
    assert sorted(PROCEDURE.complaint_offences) == sorted(on_complaint)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("first = 3 ", "first = 0 ", "letters.first"),
        ("easy = [10, 20, 30]", "easy = [10, 5]", "letters.investigation.easy"),
        ("easy = [14], ", "", "letters.inquiry.easy"),
        ("retry_seconds = 30 ", "retry_secs = 30 ", "retry_secs"),
        ("notice_days = 7 ", "notice_days = -7 ", "prosecutor.notice_days"),
        ("acknowledge_seconds = 60 ", 'acknowledge_seconds = "soon" ', "acknowledge_seconds"),
        ("transferred = [", "elsewhere = [", "reasons"),
        ("complaint_offences", "offences", "offences"),
    ],
)
def test_a_mistake_in_the_file_is_refused_and_named(tmp_path: Path, old: Any, new: Any, named: Any) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    wrong = tmp_path / "procedure.toml"
    wrong.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ValidationError) as error:
        load_procedure(wrong)
    assert named in str(error.value)


def test_a_polres_may_change_its_numbers(tmp_path: Path) -> None:
    edited = tmp_path / "procedure.toml"
    edited.write_text(FILE.read_text("utf-8").replace("acknowledge_seconds = 60", "acknowledge_seconds = 45"), "utf-8")
    assert load_procedure(edited).patrol.acknowledge_seconds == 45
