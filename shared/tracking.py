"""Tracking codes: 80 bits in Crockford's base 32 with his check character, so that a slip of the pen is noticed.

A code is known to its reporter alone. Services keep `lookup`, which finds a complaint and leads back to no code.
"""

import hashlib
import hmac
import secrets

from pydantic import SecretStr

from shared.settings import key_bytes

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = _DIGITS + "*~$=U"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_LENGTH = 16
_LONGEST = 64  # characters that a person may type, with any spaces and hyphens
# Lower-case letters and those that are read as digits; only ASCII, since `upper` turns some foreign letters into ours.
_READ_AS = str.maketrans(
    "abcdefghjkmnpqrstuvwxyziIlLoO", "ABCDEFGHJKMNPQRSTUVWXYZ111100", " -\t\r\n\u00a0\u2010\u2011\u2013"
)


def encode(eighty_bits: bytes) -> str:
    """The code of ten random bytes: 16 digits and the check character. Raises ValueError for another length."""
    if len(eighty_bits) != 10:
        raise ValueError("a tracking code is made from ten bytes")
    number = int.from_bytes(eighty_bits, "big")
    digits = "".join(_DIGITS[number >> shift & 31] for shift in range(75, -1, -5))
    return digits + _CHECKS[number % 37]


def normalise(text: str) -> str | None:
    """The 17 characters of a code however it was typed; None where it is none or its check character does not fit."""
    if len(text) > _LONGEST:
        return None
    code = text.translate(_READ_AS)
    if len(code) != _LENGTH + 1:
        return None
    number = 0
    for digit in code[:_LENGTH]:
        value = _VALUES.get(digit)
        if value is None:
            return None
        number = number << 5 | value
    return code if code[_LENGTH] == _CHECKS[number % 37] else None


def show(code: str) -> str:
    """A code as it is read and dictated: `XXXX-XXXX-XXXX-XXXX-C`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def lookup(code: str, key: SecretStr) -> str:
    """What a code is found by: an HMAC in hex, useless without the key. Raises ValueError for what is no code."""
    canonical = normalise(code)
    if canonical is None:
        raise ValueError("not a tracking code")
    return hmac.new(key_bytes(key), f"lookup|{canonical}".encode(), hashlib.sha256).hexdigest()


def lookup_of(typed: str, key: SecretStr) -> str:
    """What a typed code is looked for by. What is no code costs the same and finds nothing."""
    nobody = encode(secrets.token_bytes(10))
    return lookup(normalise(typed) or nobody, key)
