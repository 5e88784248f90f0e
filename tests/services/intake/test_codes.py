"""What is derived with the code key."""

from pydantic import SecretStr

from services.intake.codes import Codes
from shared import tracking
from tests.support.room import key

CODES = Codes(SecretStr(key("code")))


def test_a_code_is_the_same_for_the_same_complaint_and_key_and_for_nothing_else() -> None:
    code = CODES.tracking_code("complaint-1", "key-12345678")
    assert code == CODES.tracking_code("complaint-1", "key-12345678")
    assert code != CODES.tracking_code("complaint-2", "key-12345678")
    assert code != CODES.tracking_code("complaint-1", "key-12345679")
    assert code != Codes(SecretStr(key("another"))).tracking_code("complaint-1", "key-12345678")


def test_a_code_is_found_however_it_is_typed() -> None:
    code = CODES.tracking_code("complaint-1", "key-12345678")
    assert tracking.normalise(code) is not None
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert CODES.lookup(typed) == CODES.lookup(code)


def test_what_is_no_code_is_looked_up_as_a_code_that_nobody_has() -> None:
    code = CODES.tracking_code("complaint-1", "key-12345678")
    wrong_check = code[:-1] + ("0" if code[-1] != "0" else "1")
    found = {CODES.lookup(text) for text in ("", "nonsense", wrong_check, "A" * 200)}
    assert len(found) == 4
    assert CODES.lookup(code) not in found
    assert all(len(lookup) == len(CODES.lookup(code)) for lookup in found)


def test_requests_of_different_people_with_one_key_are_different() -> None:
    assert CODES.request("public", "key-12345678") != CODES.request("counter:officer-1", "key-12345678")
    assert CODES.request("channel:a", "b") != CODES.fingerprint("channel:a|b")
