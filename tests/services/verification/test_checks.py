from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.checks import (
    Check,
    Location,
    Report,
    check_completeness,
    check_identity,
    check_place,
    check_police_business,
    check_reported_before,
    locate,
    missing,
)
from services.verification.incident import SAME_INCIDENT, Resemblance
from services.verification.jurisdiction import Jurisdiction
from services.verification.jurisdiction_file import read_jurisdiction
from services.verification.place import GeoPoint

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
INSIDE = GeoPoint(-6.6, 107.4)
OUTSIDE = GeoPoint(-6.2, 106.8)
WHOLE = Report(
    narrative="Motor saya dicuri dari halaman rumah",
    occurred_at=NOW - timedelta(hours=3),
    point=INSIDE,
    name="Sari Wulandari",
    nik="3602045211870001",
    phone="081234567890",
)
ANY_TEXT = st.text(st.characters())


@cache
def sample() -> Jurisdiction:
    path = Path(__file__).parents[3] / "deploy" / "samples" / "jurisdiction.geojson"
    return read_jurisdiction(path.read_text(encoding="utf-8"))


def but(**changes: Any) -> Report:
    return replace(WHOLE, **changes)


def test_a_whole_report_passes_every_check() -> None:
    checks = [
        check_completeness(WHOLE, NOW),
        check_identity(WHOLE, TODAY),
        check_place(locate(WHOLE, sample())),
        check_police_business(WHOLE),
        check_reported_before(None),
    ]
    assert [check.outcome for check in checks] == ["passed"] * 5
    assert missing(checks) == ()


@pytest.mark.parametrize(
    ("report", "absent"),
    [
        (but(narrative=""), ("what",)),
        (but(narrative="halo pak"), ("what",)),
        (but(narrative="12345 67 89 10"), ("what",)),
        (but(narrative="\x00\ud800\u202e"), ("what",)),
        (but(narrative="tawuran"), ()),
        (but(narrative="ada maling"), ()),
        (but(narrative="tetangga karaoke keras"), ()),
        (but(point=None), ("where",)),
        (but(point=None, village_code="99.01.01.2001"), ()),
        (but(point=None, place_words="depan balai"), ()),
        (but(point=None, place_words=" .. "), ("where",)),
        (but(point=None, narrative="Motor dicuri di pasar rebo"), ()),
        (but(point=None, narrative="Motor dicuri, saya di sini"), ("where",)),
        (but(occurred_at=None), ("when",)),
        (but(occurred_at=None, time_words="tadi malam"), ()),
        (but(occurred_at=None, time_words="jam 21.30"), ()),
        (but(occurred_at=None, time_words="3 November"), ()),
        (but(occurred_at=None, time_words="03/11/2026"), ()),
        (but(occurred_at=None, time_words="2 hari yang lalu"), ()),
        (but(occurred_at=None, time_words="tidak ingat"), ("when",)),
        (but(occurred_at=None, narrative="Motor saya dicuri kemarin sore"), ()),
        (but(occurred_at=None, narrative="Sedang ada tawuran"), ()),
        (but(occurred_at=None, narrative="Someone stole my bike last night"), ()),
        (but(occurred_at=NOW + timedelta(hours=23)), ()),
        (but(occurred_at=NOW + timedelta(hours=25)), ("when",)),
        (but(name=""), ("who",)),
        (but(name=" . "), ("who",)),
        (but(name="123456"), ("who",)),
        (but(name="", anonymous=True), ()),
        (but(name="Oo"), ()),
        (Report(""), ("what", "where", "when", "who")),
        (Report("", anonymous=True), ("what", "where", "when")),
    ],
)
def test_what_is_absent_is_found_and_asked(report: Report, absent: tuple[str, ...]) -> None:
    check = check_completeness(report, NOW)
    assert check.detail == check.ask == absent
    assert check.outcome == ("failed" if absent else "passed")


def test_a_time_in_the_future_is_told_apart_from_a_time_not_told() -> None:
    assert check_completeness(but(occurred_at=NOW + timedelta(days=30)), NOW).reason == "when_in_future"
    assert check_completeness(but(occurred_at=None), NOW).reason == "incomplete"


def test_a_long_narrative_does_not_hide_the_place_and_time_that_were_told_apart_from_it() -> None:
    report = but(
        narrative="aduh " * 10_000, point=None, place_words="desa pasirhaur", occurred_at=None, time_words="tadi"
    )
    assert check_completeness(report, NOW).ask == ("what",)


@pytest.mark.parametrize(
    ("report", "outcome", "reason", "ask"),
    [
        (but(), "passed", "identity_plausible", ()),
        (but(nik=""), "passed", "identity_plausible", ()),
        (but(phone=""), "passed", "identity_plausible", ()),
        (but(nik="", phone=" "), "warning", "identity_without_nik_or_phone", ()),
        (but(nik="9901014107900001"), "warning", "nik_region_unknown", ()),
        (but(nik="3602047211870001"), "failed", "identity_implausible", ("nik",)),
        (but(nik="123"), "failed", "identity_implausible", ("nik",)),
        (but(phone="110"), "failed", "identity_implausible", ("phone",)),
        (but(nik="x", phone="x"), "failed", "identity_implausible", ("nik", "phone")),
        (but(nik="x", phone="x", anonymous=True), "passed", "anonymous", ()),
    ],
)
def test_nik_and_phone_are_judged_as_far_as_they_are_given(
    report: Report, outcome: str, reason: str, ask: tuple[str, ...]
) -> None:
    check = check_identity(report, TODAY)
    assert (check.outcome, check.reason, check.ask) == (outcome, reason, ask)


@pytest.mark.parametrize(
    ("report", "standing", "by", "code"),
    [
        (Report("", point=INSIDE), "inside", "point", "99.01.02.2001"),
        (Report("", point=INSIDE, village_code="32.14.01.2001"), "inside", "point", "99.01.02.2001"),
        (Report("", point=OUTSIDE), "outside", "point", None),
        (Report("", point=OUTSIDE, village_code="32.14.01.2001"), "outside", "point", None),
        (Report("", point=OUTSIDE, village_code="99.01.01.2001"), "contradictory", "point", "99.01.01.2001"),
        (Report("", point=OUTSIDE, place_words="Desa Pasirhaur"), "contradictory", "point", "99.01.02.2002"),
        (Report("Desa Pasirhaur", point=OUTSIDE), "outside", "point", None),
        (Report("", village_code="99.01.01.2001"), "inside", "village_code", "99.01.01.2001"),
        (Report("", village_code=" 99.01.01.2001 "), "inside", "village_code", "99.01.01.2001"),
        (Report("", village_code="32.14.01.2001"), "outside", "village_code", None),
        (Report("", village_code="xyz", place_words="desa pasirhaur"), "inside", "words", "99.01.02.2002"),
        (Report("", village_code="xyz"), "unknown", "nothing", None),
        (Report("", place_words="Ds. Pasir Haur"), "inside", "words", "99.01.02.2002"),
        (Report("maling di desa Kertawening"), "inside", "words", "99.01.03.2003"),
        (Report("rumah saya di Kertawening", place_words="Desa Pasirhaur"), "inside", "words", "99.01.02.2002"),
        (Report("", place_words="Desa Mekarsari"), "ambiguous", "words", None),
        (Report("", place_words="kec. Tanjungrasa"), "inside", "words", None),
        (Report("", place_words="Bandung"), "unknown", "nothing", None),
        (Report("", place_words="\x00\ud800\u202e"), "unknown", "nothing", None),
        (Report(""), "unknown", "nothing", None),
    ],
)
def test_a_place_is_told_by_the_point_else_the_code_else_the_words(
    report: Report, standing: str, by: str, code: str | None
) -> None:
    found = locate(report, sample())
    assert (found.standing, found.by, found.village and found.village.code) == (standing, by, code)


def test_a_point_just_outside_the_border_is_not_outside() -> None:
    west = min(
        longitude / 1000
        for longitude in range(107_300, 107_400)
        if sample().village_at(GeoPoint(-6.6, longitude / 1000))
    )
    edge = next(step for step in range(1, 10_000) if not sample().village_at(GeoPoint(-6.6, west - step / 1e6)))
    just_outside = west - edge / 1e6
    assert locate(Report("", point=GeoPoint(-6.6, just_outside)), sample()) == Location("near_border", "point")
    assert locate(Report("", point=GeoPoint(-6.6, just_outside - 0.005)), sample()) == Location("outside", "point")


@pytest.mark.parametrize(
    ("standing", "outcome", "ask"),
    [
        ("inside", "passed", ()),
        ("near_border", "warning", ()),
        ("outside", "failed", ()),
        ("contradictory", "warning", ("where",)),
        ("ambiguous", "warning", ("where",)),
        ("unknown", "warning", ("where",)),
    ],
)
def test_only_a_place_that_is_surely_outside_fails(standing: Any, outcome: str, ask: tuple[str, ...]) -> None:
    check = check_place(Location(standing, "words"))
    assert (check.outcome, check.ask) == (outcome, ask)


@pytest.mark.parametrize(
    ("narrative", "hint", "outcome", "reason", "detail"),
    [
        ("listrik padam PLN", "", "failed", "not_police_business", ("pln",)),
        ("KTP belum jadi", "", "failed", "not_police_business", ("dukcapil",)),
        ("air PDAM mati", "outside_authority", "failed", "not_police_business", ("pdam",)),
        ("jalan rusak berlubang", " ", "failed", "not_police_business", ("pupr",)),
        ("ada lowongan kerja?", "", "failed", "not_police_business", ("disnaker",)),
        ("listrik padam karena kabel dicuri", "", "passed", "crime_or_danger", ()),
        ("listrik padam karena kabel dicuri", "outside_authority", "passed", "crime_or_danger", ()),
        ("jalan rusak berlubang", "traffic_accident", "passed", "category_chosen", ()),
        ("mau tanya sesuatu", "outside_authority", "warning", "chosen_as_outside_authority", ()),
        ("tetangga karaoke keras", "", "passed", "nothing_against", ()),
        ("", "", "passed", "nothing_against", ()),
    ],
)
def test_only_what_is_plainly_anothers_and_harmless_is_not_police_business(
    narrative: str, hint: str, outcome: str, reason: str, detail: tuple[str, ...]
) -> None:
    check = check_police_business(Report(narrative, hint=hint))
    assert (check.outcome, check.reason, check.detail) == (outcome, reason, detail)


def test_an_earlier_report_is_named_from_the_threshold_on_and_not_below() -> None:
    found = Resemblance("complaint-1", SAME_INCIDENT, 0.5, "next_cell", 1.25)
    check = check_reported_before(found)
    assert (check.outcome, check.reason) == ("warning", "similar_report")
    assert check.detail == ("complaint-1", "score 0.44", "words 0.50", "next_cell", "1.2 hours apart")
    below = check_reported_before(replace(found, score=SAME_INCIDENT - 0.001))
    assert (below.outcome, below.detail) == ("passed", ())
    assert check_reported_before(None).outcome == "passed"


def test_what_is_missing_is_asked_once_and_the_most_important_first() -> None:
    checks = [
        Check("identity", "failed", "x", ask=("nik", "phone")),
        Check("place", "warning", "x", ask=("where",)),
        Check("completeness", "failed", "x", ask=("who", "where", "what")),
    ]
    assert missing(checks) == ("what", "where", "who", "nik", "phone")


def test_the_repr_of_a_report_tells_nothing_of_the_reporter() -> None:
    shown = repr(WHOLE)
    for secret in (WHOLE.narrative, WHOLE.name, WHOLE.nik, WHOLE.phone, "107.4"):
        assert secret not in shown


@settings(deadline=None)
@given(
    st.builds(
        Report,
        narrative=ANY_TEXT,
        occurred_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        time_words=ANY_TEXT,
        point=st.none() | st.builds(GeoPoint, st.floats(-90, 90), st.floats(-180, 180)),
        village_code=ANY_TEXT,
        place_words=ANY_TEXT,
        anonymous=st.booleans(),
        name=ANY_TEXT,
        nik=ANY_TEXT,
        phone=ANY_TEXT,
        hint=ANY_TEXT,
    )
)
def test_any_report_is_judged_and_no_check_repeats_what_it_told(report: Report) -> None:
    location = locate(report, sample())
    checks = [
        check_completeness(report, NOW),
        check_identity(report, TODAY),
        check_place(location),
        check_police_business(report),
    ]
    vocabulary = {word for check in checks for word in (check.reason, *check.detail)}
    assert all(word.replace("_", "").isalnum() and word.isascii() for word in vocabulary)
    assert set(missing(checks)) == {question for check in checks for question in check.ask}


CANARY = "Zxqvbn Wkjhgf"


def test_the_results_never_hold_the_words_of_the_reporter() -> None:
    report = Report(CANARY, place_words=CANARY, village_code=CANARY, name=CANARY, nik=CANARY, phone=CANARY, hint=CANARY)
    checks = [
        check_completeness(report, NOW),
        check_identity(report, TODAY),
        check_place(locate(report, sample())),
        check_police_business(report),
    ]
    assert CANARY not in repr(checks)
