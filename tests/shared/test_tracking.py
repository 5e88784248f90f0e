"""Tracking codes: what is written, read back, refused and looked up."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from shared import tracking

KEY = SecretStr(base64.urlsafe_b64encode(bytes(range(32))).decode())
OTHER = SecretStr(base64.urlsafe_b64encode(bytes(range(1, 33))).decode())
BITS = st.binary(min_size=10, max_size=10)


def test_a_code_is_sixteen_digits_and_a_check_character() -> None:
    assert tracking.encode(bytes(10)) == "00000000000000000"
    assert tracking.encode(bytes(9) + b"\x01") == "00000000000000011"
    # 36 has the last of the extra check characters.
    assert tracking.encode(bytes(9) + b"\x24") == "0000000000000014U"
    assert (
        tracking.encode(b"\xff" * 10) == "ZZZZZZZZZZZZZZZZ" + "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"[(2**80 - 1) % 37]
    )


def test_another_number_of_bytes_makes_no_code() -> None:
    with pytest.raises(ValueError, match="ten bytes"):
        tracking.encode(bytes(9))


@given(BITS)
def test_a_code_is_read_back_however_it_was_typed(bits: bytes) -> None:
    code = tracking.encode(bits)
    shown = tracking.show(code)
    assert [len(part) for part in shown.split("-")] == [4, 4, 4, 4, 1]
    for typed in (code, shown, shown.lower(), f"  {shown.replace('-', ' ')}\n", shown.replace("-", " - ")):
        assert tracking.normalise(typed) == code
    looks_alike = code[:-1].replace("0", "o").replace("1", "l") + code[-1]
    assert tracking.normalise(looks_alike) == code


@given(BITS, st.integers(0, 15), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_noticed(bits: bytes, place: int, digit: str) -> None:
    code = tracking.encode(bits)
    if code[place] != digit:
        assert tracking.normalise(code[:place] + digit + code[place + 1 :]) is None


@given(BITS, st.integers(0, 14))
def test_two_neighbours_in_the_wrong_order_are_noticed(bits: bytes, place: int) -> None:
    code = tracking.encode(bits)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        assert tracking.normalise(swapped) is None


@pytest.mark.parametrize(
    "text",
    ["", "0", "0" * 16, "0" * 18, "0" * 16 + "1", "U" + "0" * 15 + "0", "０" * 17, "\ud800" * 17, "-" * 100, "ı" * 17],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert tracking.normalise(text) is None


@given(st.text(max_size=80))
def test_any_text_is_borne(text: str) -> None:
    code = tracking.normalise(text)
    assert code is None or tracking.normalise(code) == code


def test_the_lookup_is_the_same_for_every_way_of_typing_and_needs_the_key() -> None:
    code = tracking.encode(bytes(range(10)))
    found = tracking.lookup(code, KEY)
    assert found == tracking.lookup(tracking.show(code).lower(), KEY)
    assert len(found) == 64
    assert found != tracking.lookup(code, OTHER)
    assert code not in found.upper()


def test_there_is_no_lookup_of_what_is_no_code() -> None:
    with pytest.raises(ValueError, match="not a tracking code"):
        tracking.lookup("nonsense", KEY)
