"""Phone numbers as E.164, `+628…`, however they were written."""

import phonenumbers

from shared.visible import visible

_LONGEST = 40


class PhoneError(ValueError):
    """The text is no phone number that can be called from here. The message never repeats it."""


def parse_phone(text: str) -> str:
    """The number in E.164, Indonesian without a country code. Raises PhoneError, also for short ones such as 110."""
    written = visible(text).strip()
    # The library reads letters as keys of the dial, so "0812… (Budi)" would become some other person's number.
    if len(written) > _LONGEST or any(character.isalpha() for character in written):
        raise PhoneError("phone must be one phone number, without letters")
    try:
        number = phonenumbers.parse(written, "ID")
    except phonenumbers.NumberParseException as error:
        raise PhoneError("phone must be a phone number") from error
    if not phonenumbers.is_valid_number(number):
        raise PhoneError("phone must be a number that exists, with its area or country code")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
