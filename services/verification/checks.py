"""The automatic checks of a report, each a pure function. They repeat no personal data, and decide nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from services.verification.incident import SAME_INCIDENT, Resemblance
from services.verification.jurisdiction import Jurisdiction, Village
from services.verification.phone import PhoneError, parse_phone
from services.verification.place import GeoPoint
from services.verification.police_business import other_agency, speaks_of_crime_or_danger
from services.verification.words import tokens
from shared.nik import NikError, parse_nik

CheckName = Literal["completeness", "identity", "place", "police_business", "reported_before"]
Outcome = Literal["passed", "failed", "warning"]
Question = Literal["what", "where", "when", "who", "nik", "phone"]  # in the order in which a reporter is asked
OUTSIDE_AUTHORITY = "outside_authority"

_CLOCKS_DIFFER_BY = timedelta(days=1)
_BORDER_METRES = 100  # about what a phone's position may be off by
_FEWEST_WORDS = 3
_REGION_CODE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}", re.ASCII)
_MONTHS = "jan|feb|mar|apr|mei|may|jun|jul|agu|agt|ags|aug|sep|okt|oct|nov|des|dec"
_TIMES = """
sekarang|sedang|barusan|baru saja|tadi|kemarin|kmrn|semalam|pagi|siang|sore|malam|subuh|magh?rib|isya|dini hari|hari ini
setiap|tiap|sering|selalu|terus menerus|senin|selasa|rabu|kamis|jumat|sabtu|minggu|ahad
now|today|tonight|yesterday|morning|afternoon|evening|night|last|ago|every
"""
_SAYS_WHEN = re.compile(
    rf"\b(?:{'|'.join(_TIMES.strip().splitlines())}|\d+ (?:menit|jam|hari|minggu|bulan|tahun)|\d+ (?:{_MONTHS})[a-z]*|"
    r"(?:jam|pukul|pkl|tanggal|tgl|sejak|bulan|tahun) \d+|\d\d? \d\d? (?:20)?\d\d)\b"
)
_PLACES = """
di|depan|dekat|dkt|belakang|samping|seberang|jalan|jl|jln|gang|gg|kampung|kp|dusun|desa|kelurahan|kel|kecamatan|kec
perumahan|perum|komplek|blok|pasar|jembatan|terminal|simpang|perempatan|pertigaan|rt|km|at|in|near|street
"""
_SAYS_WHERE = re.compile(rf"\b(?:{'|'.join(_PLACES.split())}) (?!sini\b|sana\b)\w+")


@dataclass(frozen=True)
class Check:
    """The result of one check: a slug for the reason, words on it, and what to ask the reporter because of it."""

    name: CheckName
    outcome: Outcome
    reason: str
    detail: tuple[str, ...] = ()
    ask: tuple[Question, ...] = ()


@dataclass(frozen=True, repr=False)
class Report:
    """What a reporter told, opened for checking; empty text means not told. No repr, since all of it is personal."""

    narrative: str
    occurred_at: datetime | None = None
    time_words: str = ""
    point: GeoPoint | None = None
    village_code: str = ""
    place_words: str = ""
    anonymous: bool = False
    contact_confirmed: bool = False
    name: str = ""
    nik: str = ""
    phone: str = ""
    hint: str = ""  # the category code that the reporter or the channel chose


Standing = Literal["inside", "near_border", "outside", "contradictory", "ambiguous", "unknown"]


@dataclass(frozen=True)
class Location:
    """Where a report lies, what says so, and in which village where that is known."""

    standing: Standing
    by: Literal["point", "village_code", "words", "nothing"]
    village: Village | None = None


def check_completeness(report: Report, now: datetime) -> Check:
    """Whether what, where, when and (unless anonymous) who are told. The times need a zone."""
    told = f"{report.time_words}\n{report.place_words}\n{report.narrative}"
    plain = " ".join(tokens(told))
    in_future = report.occurred_at is not None and report.occurred_at > now + _CLOCKS_DIFFER_BY
    present: dict[Question, bool] = {
        "what": _says_what(report.narrative),
        "where": bool(report.point or report.village_code.strip() or tokens(report.place_words))
        or _SAYS_WHERE.search(plain) is not None,
        "when": not in_future and bool(report.occurred_at or _SAYS_WHEN.search(plain)),
        "who": report.anonymous or _letters(report.name) >= 2,
    }
    absent = tuple(question for question, there in present.items() if not there)
    if not absent:
        return Check("completeness", "passed", "complete")
    return Check("completeness", "failed", "when_in_future" if in_future else "incomplete", detail=absent, ask=absent)


def _says_what(narrative: str) -> bool:
    words = {word for word in tokens(narrative) if not word.isdecimal() and len(word) > 1}
    return len(words) >= _FEWEST_WORDS or speaks_of_crime_or_danger(narrative)


def _letters(name: str) -> int:
    return sum(len(word) for word in tokens(name) if not word.isdecimal())


def check_identity(report: Report, today: date) -> Check:
    """Whether NIK and phone, as far as given, are possible ones. Neither is looked up anywhere. A phone or mailbox that
    the reporter has proven to read says more than either."""
    if report.anonymous:
        return Check("identity", "passed", "contact_confirmed" if report.contact_confirmed else "anonymous")
    problems: dict[Question, str] = {}
    region_known = True
    if report.nik.strip():
        try:
            region_known = parse_nik(report.nik, today).region_known
        except NikError as error:
            problems["nik"] = error.problem
    if report.phone.strip():
        try:
            parse_phone(report.phone)
        except PhoneError:
            problems["phone"] = "phone_invalid"
    if problems:
        return Check("identity", "failed", "identity_implausible", tuple(problems.values()), ask=tuple(problems))
    if report.contact_confirmed:
        return Check("identity", "passed", "contact_confirmed")
    if not report.nik.strip() and not report.phone.strip():
        return Check("identity", "warning", "identity_without_nik_or_phone")
    if not region_known:
        return Check("identity", "warning", "nik_region_unknown")
    return Check("identity", "passed", "identity_plausible")


def locate(report: Report, jurisdiction: Jurisdiction) -> Location:
    """Where the report lies: by its point, else by its village code, else by its words."""
    if report.point:
        return _located_by_point(report, report.point, jurisdiction)
    village = jurisdiction.village(report.village_code.strip())
    if village:
        return Location("inside", "village_code", village)
    if _REGION_CODE.fullmatch(report.village_code.strip()):
        return Location("outside", "village_code")
    return _located_by_words(report, jurisdiction)


def _located_by_words(report: Report, jurisdiction: Jurisdiction) -> Location:
    for text in (report.place_words, report.narrative):
        named = jurisdiction.named_in(text)
        if len(named.villages) > 1:
            return Location("ambiguous", "words")
        if named.villages or named.districts:
            return Location("inside", "words", next(iter(named.villages), None))
    return Location("unknown", "nothing")


def _located_by_point(report: Report, point: GeoPoint, jurisdiction: Jurisdiction) -> Location:
    village = jurisdiction.village_at(point)
    if village:
        return Location("inside", "point", village)
    # People also report from where they are now what happened at home: a place they name here is worth a question.
    named = jurisdiction.named_in(report.place_words).villages
    told = jurisdiction.village(report.village_code.strip()) or (named[0] if len(named) == 1 else None)
    if told:
        return Location("contradictory", "point", told)
    near = jurisdiction.is_within(point, _BORDER_METRES)
    return Location("near_border" if near else "outside", "point")


_PLACE_RESULTS: dict[Standing, tuple[Outcome, str, tuple[Question, ...]]] = {
    "inside": ("passed", "inside_jurisdiction", ()),
    "near_border": ("warning", "near_border", ()),
    "outside": ("failed", "outside_jurisdiction", ()),
    "contradictory": ("warning", "place_contradictory", ("where",)),
    "ambiguous": ("warning", "village_ambiguous", ("where",)),
    "unknown": ("warning", "place_unknown", ("where",)),
}


def check_place(location: Location) -> Check:
    """Whether the incident lies in the jurisdiction; an unknown place is a question, not a failure."""
    outcome, reason, ask = _PLACE_RESULTS[location.standing]
    return Check("place", outcome, reason, detail=(location.by,), ask=ask)


def check_police_business(report: Report) -> Check:
    """Fails only where the words plainly tell of another agency's matter, and of no crime or danger."""
    chosen = report.hint.strip()
    if speaks_of_crime_or_danger(report.narrative):
        return Check("police_business", "passed", "crime_or_danger")
    if chosen not in ("", OUTSIDE_AUTHORITY):
        return Check("police_business", "passed", "category_chosen")
    agency = other_agency(report.narrative)
    if agency:
        return Check("police_business", "failed", "not_police_business", detail=(agency,))
    if chosen == OUTSIDE_AUTHORITY:
        return Check("police_business", "warning", "chosen_as_outside_authority")
    return Check("police_business", "passed", "nothing_against")


def check_reported_before(found: Resemblance | None) -> Check:
    """A warning that names the most alike earlier report, when it is alike enough to be shown to a person."""
    if found is None or found.score < SAME_INCIDENT:
        return Check("reported_before", "passed", "no_similar_report")
    detail = (found.report_id, f"score {found.score:.2f}", f"words {found.words:.2f}", found.nearness)
    return Check("reported_before", "warning", "similar_report", (*detail, f"{found.hours_apart:.1f} hours apart"))


def missing(checks: Iterable[Check]) -> tuple[Question, ...]:
    """What to ask the reporter, each thing once, the most important first."""
    asked = {question for check in checks for question in check.ask}
    return tuple(question for question in get_args(Question) if question in asked)
