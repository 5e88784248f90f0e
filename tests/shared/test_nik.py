from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.nik import NikError, parse_nik

TODAY = date(2026, 11, 24)
ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        ("3602041211870001", "male", date(1987, 11, 12)),
        ("3509014107900001", "female", date(1990, 7, 1)),
        ("3602040101000001", "male", date(2000, 1, 1)),
        ("3602047112990001", "female", date(1999, 12, 31)),
        ("3602042902000001", "male", date(2000, 2, 29)),
        ("3602046902040001", "female", date(2004, 2, 29)),
        ("3602042411260001", "male", TODAY),
        ("3602042511260001", "male", date(1926, 11, 25)),
        ("3602040101309999", "male", date(1930, 1, 1)),
    ],
)
def test_a_plausible_nik_tells_sex_and_date_of_birth(number: str, sex: str, born: date) -> None:
    nik = parse_nik(number, TODAY)
    assert (nik.number, nik.sex, nik.birth_date, nik.region_known) == (number, sex, born, True)


@pytest.mark.parametrize(
    "written",
    [
        "3602.0412.1187.0001",
        "360204 121187 0001",
        " 3602-0412-1187-0001\n",
        "36020412\u200b11870001",
        "３６０２０４１２１１８７０００１",
        "\u202e3602041211870001\u202c",
    ],
)
def test_a_nik_is_read_however_it_is_written(written: str) -> None:
    assert parse_nik(written, TODAY).number == "3602041211870001"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", "nik_not_16_digits"),
        ("360204121187000", "nik_not_16_digits"),
        ("36020412118700011", "nik_not_16_digits"),
        ("360204121187000A", "nik_not_16_digits"),
        ("٣٦٠٢٠٤١٢١١٨٧٠٠٠١", "nik_not_16_digits"),
        ("3602041211870001\x00", "nik_not_16_digits"),
        ("\ud800" * 16, "nik_not_16_digits"),
        ("1" * 1_000_000, "nik_not_16_digits"),
        ("3602047211870001", "nik_birth_date_impossible"),
        ("3602043002870001", "nik_birth_date_impossible"),
        ("3602047002870001", "nik_birth_date_impossible"),
        ("3602040011870001", "nik_birth_date_impossible"),
        ("3602044011870001", "nik_birth_date_impossible"),
        ("3602043201870001", "nik_birth_date_impossible"),
        ("3602048111870001", "nik_birth_date_impossible"),
        ("3602041213870001", "nik_birth_date_impossible"),
        ("3602041200870001", "nik_birth_date_impossible"),
        ("3602042902870001", "nik_birth_date_impossible"),
        ("3602043104900001", "nik_birth_date_impossible"),
        ("3602041211870000", "nik_serial_zero"),
    ],
)
def test_an_impossible_nik_is_refused_with_the_reason_and_without_the_number(number: str, problem: str) -> None:
    with pytest.raises(NikError) as refused:
        parse_nik(number, TODAY)
    assert refused.value.problem == problem
    assert str(refused.value).startswith("nik must ")
    assert not number or number not in str(refused.value)


@pytest.mark.parametrize("number", ["9901011211870001", "0002041211870001", "3600041211870001", "3602001211870001"])
def test_an_unknown_region_is_noted_and_not_refused(number: str) -> None:
    assert not parse_nik(number, TODAY).region_known


@pytest.mark.parametrize("province", ["11", "21", "36", "65", "76", "91", "92", "93", "94", "95", "96"])
def test_every_province_is_known_also_the_young_ones(province: str) -> None:
    assert parse_nik(f"{province}02041211870001", TODAY).region_known


def test_the_repr_of_a_nik_shows_neither_the_number_nor_the_date_of_birth() -> None:
    shown = repr(parse_nik("3602041211870001", TODAY))
    assert "3602041211870001" not in shown
    assert "1987" not in shown


@settings(deadline=None)
@given(ANY_TEXT | st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        nik = parse_nik(text, TODAY)
    except NikError:
        return
    assert len(nik.number) == 16
    assert nik.birth_date <= TODAY


@settings(deadline=None)
@given(st.dates(date(1927, 1, 1), TODAY), st.booleans(), st.integers(1, 9999))
def test_every_birthday_of_the_last_hundred_years_is_read_back(born: date, female: bool, serial: int) -> None:
    number = f"360204{born.day + 40 * female:02d}{born:%m%y}{serial:04d}"
    nik = parse_nik(number, TODAY)
    assert (nik.birth_date, nik.sex) == (born, "female" if female else "male")
