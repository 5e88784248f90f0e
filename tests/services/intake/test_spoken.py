"""What is typed in haste at the counter, read as a report."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.intake.spoken import CallForm, CounterForm, from_counter, moment_of, village_of, villages_meant
from shared.contracts.refusals import Invalid

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 1, 2, 0, 15, tzinfo=WIB)
VILLAGES = {
    "99.01.01.2001": "Mekarsari, Sukamaju",
    "99.01.02.1001": "Cibuah, Cibuah Hilir",
    "99.01.02.2001": "Mekarsari, Cibuah Hilir",
}


def at(**typed: Any) -> datetime | None:
    return moment_of(CallForm(what="words", **typed), NOW, WIB)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, NOW),
        ({"when_unknown": True, "time": "10.00"}, None),
        ({"time": "0005"}, datetime(2026, 1, 2, 0, 5, tzinfo=WIB)),
        ({"time": "23.50"}, datetime(2026, 1, 1, 23, 50, tzinfo=WIB)),
        ({"time": "930"}, datetime(2026, 1, 1, 9, 30, tzinfo=WIB)),
        ({"time": "14"}, datetime(2026, 1, 1, 14, 0, tzinfo=WIB)),
        ({"time": "14:30", "day": "1-1"}, datetime(2026, 1, 1, 14, 30, tzinfo=WIB)),
        ({"time": "14.30", "day": "31/12"}, datetime(2025, 12, 31, 14, 30, tzinfo=WIB)),
        ({"time": "14.30", "day": "24.11.2024"}, datetime(2024, 11, 24, 14, 30, tzinfo=WIB)),
    ],
)
def test_a_moment_is_understood_as_it_is_said(typed: dict[str, Any], expected: datetime | None) -> None:
    assert at(**typed) == expected


@pytest.mark.parametrize(
    ("typed", "slug", "field"),
    [
        ({"day": "1-1"}, "time_missing", "time"),
        ({"time": "25.00"}, "time_unreadable", "time"),
        ({"time": "sore"}, "time_unreadable", "time"),
        ({"time": "10.00", "day": "32-1"}, "day_unreadable", "day"),
        ({"time": "10.00", "day": "senin"}, "day_unreadable", "day"),
        ({"time": "23.00", "day": "2-1"}, "in_the_future", "time"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_at_its_field(typed: dict[str, Any], slug: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        at(**typed)
    assert (refused.value.slug, refused.value.field) == (slug, field)


def test_just_now_is_the_same_moment_by_any_clock() -> None:
    assert moment_of(CallForm(what="words", time="0005"), NOW.astimezone(UTC), WIB) == at(time="0005")


def test_a_village_is_known_by_its_name_alone_where_there_is_one_of_it() -> None:
    assert village_of("cibuah", VILLAGES) == "99.01.02.1001"
    assert village_of("Mekarsari, Cibuah Hilir", VILLAGES) == "99.01.02.2001"
    for text, slug in (("Mekarsari", "village_in_two_districts"), ("Atlantis", "village_not_listed")):
        with pytest.raises(Invalid) as refused:
            village_of(text, VILLAGES)
        assert (refused.value.slug, refused.value.field) == (slug, "village")
    assert villages_meant("meka", VILLAGES) == ["99.01.01.2001", "99.01.02.2001"]
    assert villages_meant("me", VILLAGES) == []


def test_an_officers_own_finding_has_no_reporter() -> None:
    found = from_counter(CounterForm(what="words", model="A", conflicts="officer-7, Unit Lantas"), None, VILLAGES)
    assert (found.own_finding, found.conflicts) == (True, ("officer-7", "Unit Lantas"))
    with pytest.raises(Invalid, match="finder_is_reporter"):
        from_counter(CounterForm(what="words", model="A", name="Sri"), None, VILLAGES)
    for conflicts in ("officer-7, officer-7", "<b>"):
        with pytest.raises(Invalid, match="conflicts_unreadable"):
            from_counter(CounterForm(what="words", conflicts=conflicts), None, VILLAGES)
