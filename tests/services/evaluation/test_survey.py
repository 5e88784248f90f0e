"""The index of satisfaction, to the letter of PermenPANRB 14/2017."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.survey import ELEMENTS, from_sums, grade, rounded, satisfaction
from tests.services.evaluation.samples import GOLDEN, scores


def test_the_golden_case_gives_91_48_and_grade_a() -> None:
    found = from_sums(29, dict(zip(ELEMENTS, GOLDEN, strict=True)))
    assert (found.index, found.grade) == (Decimal("91.48"), "A")
    assert found.index != Decimal("90.56"), "the common weight of 0.11 is wrong"


def test_the_golden_case_comes_out_of_single_answers_too() -> None:
    columns = [[4] * (total - 3 * 29) + [3] * (4 * 29 - total) for total in GOLDEN]
    found = satisfaction([scores(*row) for row in zip(*columns, strict=True)])
    assert (found.answers, found.index) == (29, Decimal("91.48"))
    assert found.elements[0].mean == Decimal("3.62")


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("25.00", "D"),
        ("64.99", "D"),
        ("65.00", "C"),
        ("76.60", "C"),
        ("76.61", "B"),
        ("88.30", "B"),
        ("88.31", "A"),
        ("100.00", "A"),
    ],
)
def test_each_grade_begins_and_ends_where_the_table_says(index: str, expected: str) -> None:
    assert grade(Decimal(index)) == expected


def test_a_half_is_rounded_up() -> None:
    assert rounded(Decimal("76.605")) == Decimal("76.61")
    assert rounded(Decimal("64.985")) == Decimal("64.99")


def test_without_answers_there_is_no_index() -> None:
    found = satisfaction([])
    assert (found.answers, found.index, found.grade, found.elements) == (0, None, None, ())


def test_all_ones_give_25_and_all_fours_100() -> None:
    assert satisfaction([scores(*[1] * 9)]).index == Decimal("25.00")
    assert satisfaction([scores(*[4] * 9)]).index == Decimal("100.00")


answers = st.lists(st.tuples(*[st.integers(1, 4)] * 9), min_size=1, max_size=40)


@given(answers)
def test_the_index_is_the_mean_of_all_scores_rounded_once(rows: list[tuple[int, ...]]) -> None:
    found = satisfaction([scores(*row) for row in rows])
    exact = Fraction(sum(map(sum, rows)) * 25, 9 * len(rows))
    assert found.index is not None
    hundredths = (exact * 200 + 1) // 2  # half up
    assert Fraction(found.index) * 100 == hundredths
