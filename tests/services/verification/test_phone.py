import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.phone import PhoneError, parse_phone


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("081234567890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("0812.3456.7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("+62 0812 3456 7890", "+6281234567890"),
        ("62812 3456 7890", "+6281234567890"),
        ("812 3456 7890", "+6281234567890"),
        ("+62(0)812-3456-7890", "+6281234567890"),
        ("０８１２３４５６７８９０", "+6281234567890"),
        ("\u200e0812\u200b34567890 ", "+6281234567890"),
        ("(0264) 200110", "+62264200110"),
        ("+65 9123 4567", "+6591234567"),
        ("+1 202 555 0143", "+12025550143"),
    ],
)
def test_a_phone_number_becomes_e164_however_it_is_written(written: str, e164: str) -> None:
    assert parse_phone(written) == e164


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "110",
        "112",
        "08123",
        "0000000000",
        "081234567890123456",
        "+6281234567890+6281234567890",
        "0812 3456 7890 (Budi)",
        "0812FLOWERS1",
        "wa 081234567890",
        "081234567890;ext=5",
        "tidak ada",
        "0812\x003456\x007890",
        "\ud800" * 12,
        "9" * 1_000_000,
    ],
)
def test_what_is_no_phone_number_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(PhoneError, match=r"^phone must be ") as refused:
        parse_phone(written)
    assert not written.strip() or written not in str(refused.value)


@settings(deadline=None)
@given(st.text(st.characters()) | st.text("0123456789+-() .", max_size=30))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        number = parse_phone(text)
    except PhoneError:
        return
    assert number.startswith("+")
    assert parse_phone(number) == number
