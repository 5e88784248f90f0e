"""The taxonomy: what the shipped file says, and that a bad file is refused with its row and column."""

import dataclasses

import pytest

from services.classification.taxonomy import COLUMNS, GUARD_RAILS, STRICTNESS, TaxonomyError, UrgentWhen, parse_taxonomy
from tests.services.classification.rulebook import FILES, taxonomy

SHIPPED = (FILES / "taxonomy.csv").read_text("utf-8")


def with_cell(code: str, column: str, value: str) -> tuple[str, int]:
    """The shipped file with one cell changed, and the row of that cell."""
    lines = SHIPPED.splitlines()
    row = next(number for number, line in enumerate(lines) if line.startswith(f"{code},"))
    cells = lines[row].split(",")
    cells[COLUMNS.index(column)] = value
    lines[row] = ",".join(cells)
    return "\n".join(lines), row + 1


def test_the_shipped_file_has_the_forty_categories() -> None:
    assert len(taxonomy().by_code) == 40


def test_a_row_becomes_a_category_with_its_rules_parsed() -> None:
    assault = taxonomy()["assault"]
    assert (assault.name_id, assault.name_en, assault.criminal) == ("Penganiayaan", "Assault", "yes")
    assert assault.urgency == "P2"
    assert assault.urgent_when == (UrgentWhen(("in_progress", "injured"), "P1"),)
    assert assault.tracks == ("investigation",)
    assert assault.mediation == "restorative_only"


def test_lists_of_units_and_partners_become_tuples() -> None:
    child = taxonomy()["child_abuse"]
    assert child.units == ("PPA",)
    assert child.partners == ("DP3A", "KPAI", "Dinsos")
    assert child.tracks == ("investigation", "dispatch")
    assert taxonomy()["homicide"].partners == ()


def test_always_means_the_urgency_of_the_row() -> None:
    assert taxonomy()["kidnapping"].urgent_when == (UrgentWhen(("always",), "P1"),)


def test_a_condition_that_itself_says_or_is_one_condition() -> None:
    assert taxonomy()["vulnerable_person"].urgent_when == (UrgentWhen(("danger", "armed", "injured"), "P1"),)
    assert taxonomy()["missing_person"].urgent_when == (UrgentWhen(("child", "vulnerable"), "P1"),)


def test_several_rules_are_separated_by_semicolons() -> None:
    text, _ = with_cell("theft", "urgent_when", "in progress: P1; armed: P2")
    rules = parse_taxonomy(text)["theft"].urgent_when
    assert rules == (UrgentWhen(("in_progress",), "P1"), UrgentWhen(("armed",), "P2"))


def test_the_shipped_file_keeps_every_guard_rail() -> None:
    for code, floor in GUARD_RAILS.items():
        assert STRICTNESS[taxonomy()[code].mediation] >= STRICTNESS[floor]


def test_a_category_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        taxonomy()["theft"].urgency = "P1"  # type: ignore[misc]


def test_a_stricter_rule_than_the_guard_rail_is_accepted() -> None:
    text, _ = with_cell("domestic_violence", "mediation", "never")
    assert parse_taxonomy(text)["domestic_violence"].mediation == "never"


def test_a_byte_order_mark_and_a_blank_last_line_do_no_harm() -> None:
    assert len(parse_taxonomy("\ufeff" + SHIPPED + "\n\n").by_code) == 40


@pytest.mark.parametrize(
    ("code", "column", "value", "says"),
    [
        ("theft", "urgency", "P9", "'P9' is not one of P1, P2, P3, P4"),
        ("theft", "criminal", "perhaps", "'perhaps' is not one of"),
        ("theft", "mediation", "sometimes", "'sometimes' is not one of"),
        ("theft", "track", "investigation+court", "'court' is not one of"),
        ("theft", "track", "", "must not be empty"),
        ("theft", "track", "investigation++dispatch", "an empty or a repeated part"),
        ("theft", "unit", "", "must not be empty"),
        ("theft", "unit", "Pidum;Pidum", "an empty or a repeated part"),
        ("theft", "nama", "", "must not be empty"),
        ("theft", "code", "Theft!", "is not lower-case letters"),
        ("theft", "urgent_when", "when it rains: P1", "'when it rains' is not one of"),
        ("theft", "urgent_when", "in progress", "is not of the form"),
        ("theft", "urgent_when", "in progress: P7", "'P7' is not one of"),
        ("sexual_violence", "mediation", "allowed", "may not be laxer than 'never'"),
        ("homicide", "mediation", "PPA approval", "may not be laxer than 'never'"),
        ("corruption", "mediation", "restorative only", "may not be laxer than 'never'"),
        ("child_abuse", "mediation", "restorative only", "may not be laxer than 'ppa_approval'"),
        ("fraud", "track", "mediation", "need a row whose mediation is 'allowed'"),
        ("police_misconduct", "track", "investigation", "internal_affairs belongs to police_misconduct"),
        ("police_misconduct", "track", "internal_affairs+dispatch", "goes to internal_affairs alone"),
        ("theft", "track", "internal_affairs", "internal_affairs belongs to police_misconduct"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(code: str, column: str, value: str, says: str) -> None:
    text, row = with_cell(code, column, value)
    with pytest.raises(TaxonomyError) as caught:
        parse_taxonomy(text)
    assert (caught.value.row, caught.value.column) == (row, column)
    assert says in str(caught.value)
    assert f"row {row}, column {column}" in str(caught.value)


def test_a_code_that_occurs_twice_is_refused() -> None:
    doubled = SHIPPED + SHIPPED.splitlines()[1] + "\n"
    with pytest.raises(TaxonomyError, match="row 42, column code: 'homicide' occurs twice"):
        parse_taxonomy(doubled)


def test_a_category_that_rules_rely_on_must_be_there() -> None:
    without = "\n".join(line for line in SHIPPED.splitlines() if not line.startswith("police_misconduct"))
    with pytest.raises(TaxonomyError, match="without police_misconduct"):
        parse_taxonomy(without)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TaxonomyError, match="row 1, column urgency: this column is missing"):
        parse_taxonomy(SHIPPED.replace(",urgency,", ",", 1))


def test_columns_in_another_order_are_refused() -> None:
    with pytest.raises(TaxonomyError, match="the columns must be code,nama"):
        parse_taxonomy(SHIPPED.replace("nama,english", "english,nama", 1))


@pytest.mark.parametrize("text", ["", "\n", "code\n", 'code,"unclosed'])
def test_a_file_that_is_no_taxonomy_is_refused(text: str) -> None:
    with pytest.raises(TaxonomyError):
        parse_taxonomy(text)


def test_a_row_with_too_many_cells_is_refused() -> None:
    with pytest.raises(TaxonomyError, match=r"row 42.*12 cells where 11 are due"):
        parse_taxonomy(SHIPPED + "a,b,c,d,e,f,g,h,i,j,k,l\n")


def test_a_broken_quote_is_refused_with_its_row() -> None:
    with pytest.raises(TaxonomyError, match=r"row 42.*not valid CSV"):
        parse_taxonomy(SHIPPED + '"a"b,c\n')
