"""The Indonesian population number (NIK): 16 digits PPKKCC DDMMYY NNNN, the day raised by 40 for women, no check digit.

`stdnum.id.nik` of python-stdnum was tried and not taken: it refuses a region that it does not list (and lists neither
North Kalimantan nor four of the Papuan provinces), accepts day 81 and serial 0000, and dates most births to the 1900s.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from shared.visible import visible

Sex = Literal["male", "female"]
NikProblem = Literal["nik_not_16_digits", "nik_birth_date_impossible", "nik_serial_zero"]
_MESSAGES: dict[NikProblem, str] = {
    "nik_not_16_digits": "nik must be 16 digits",
    "nik_birth_date_impossible": "nik must hold a possible date of birth as DDMMYY, the day raised by 40 for women",
    "nik_serial_zero": "nik must end in a serial number from 0001",
}

# The provinces of 2026. The region in a NIK is that of first registration and may since have been renamed or split.
_PROVINCE_RANGES = ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96))
_PROVINCES = frozenset(str(code) for first, last in _PROVINCE_RANGES for code in range(first, last + 1))
_SEPARATORS = re.compile(r"[\s.\-]")
_NIK = re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{4})", re.ASCII)


class NikError(ValueError):
    """The text is no possible NIK; `problem` says why. The message never repeats the number."""

    def __init__(self, problem: NikProblem) -> None:
        super().__init__(_MESSAGES[problem])
        self.problem: NikProblem = problem


@dataclass(frozen=True)
class Nik:
    """A plausible NIK and what it says. The year has two digits: a person over 100 is read as a century younger.

    Its repr keeps the person out of logs.
    """

    number: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex
    region_known: bool


def parse_nik(text: str, today: date) -> Nik:
    """Read a NIK, tolerating spaces, dots and hyphens. Raises NikError, but not for a region that is not known."""
    match = _NIK.fullmatch(_SEPARATORS.sub("", visible(text)))
    if not match:
        raise NikError("nik_not_16_digits")
    province, regency, district, day, month, year, serial = match.groups()
    sex: Sex = "female" if int(day) > 40 else "male"
    born = _birth_date(int(day) - (40 if sex == "female" else 0), int(month), int(year), today)
    if serial == "0000":
        raise NikError("nik_serial_zero")
    known = province in _PROVINCES and regency != "00" and district != "00"
    return Nik(match.group(), born, sex, known)


def _birth_date(day: int, month: int, year: int, today: date) -> date:
    """The latest such day that has come, of this century or the last."""
    for century in (2000, 1900):
        try:
            born = date(century + year, month, day)
        except ValueError:  # not a day of that year; 29 February may be one of the other century
            continue
        if born <= today:
            return born
    raise NikError("nik_birth_date_impossible")
