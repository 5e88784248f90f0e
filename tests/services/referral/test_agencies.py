"""Working hours, scopes and the order in which agencies are asked."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referral.agencies import Agency, Hours, candidates
from tests.services.referral.cases import DINSOS, NOW, OFFICE, agency

JAKARTA = ZoneInfo("Asia/Jakarta")
HOLIDAY = date(2026, 12, 25)  # a Friday


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (local(24, 9), 4, local(24, 13)),
        (local(24, 15), 4, local(25, 11)),  # over the night
        (local(27, 15), 4, local(30, 11)),  # over the weekend
        (local(28, 12), 4, local(30, 12)),  # told on a Saturday
        (local(24, 20), 8, local(25, 16)),  # after it has closed, and to the last minute
        (local(24, 15, month=12), 4, local(28, 11, month=12)),  # over a holiday
    ],
)
def test_an_answer_is_due_after_so_much_of_the_agencys_own_working_time(
    start: datetime, hours: int, end: datetime
) -> None:
    due = DINSOS.after(start.astimezone(UTC), timedelta(hours=hours), {HOLIDAY})
    assert due == end
    assert due.tzinfo is UTC


def test_an_agency_that_works_around_the_clock_is_due_by_the_clock() -> None:
    assert agency("damkar").after(local(28, 23), timedelta(hours=4), {HOLIDAY}) == local(29, 3)


def test_an_agency_in_another_zone_counts_its_own_hours() -> None:
    papua = agency("dinsos-papua", hours=OFFICE, zone="Asia/Jayapura")
    assert papua.after(local(24, 6), timedelta(hours=1), ()) == local(24, 7)  # it opens at 6 in Jakarta


def test_an_agency_that_never_opens_is_an_error_and_no_endless_search() -> None:
    every_day = {date(2026, 11, 1) + timedelta(days=n) for n in range(200)}
    with pytest.raises(ValueError, match="no working hours"):
        DINSOS.after(NOW, timedelta(hours=1), every_day)


@given(st.integers(0, 400_000), st.integers(1, 6_000))
def test_a_deadline_lies_within_working_hours_and_never_before_the_time_it_gives(later: int, minutes: int) -> None:
    begun = NOW + timedelta(minutes=later)
    due = DINSOS.after(begun, timedelta(minutes=minutes), {HOLIDAY})
    end = due.astimezone(JAKARTA)
    assert due >= begun + timedelta(minutes=minutes)
    assert end.weekday() < 5
    assert time(8) < end.time() <= time(16)


def asked(agencies: list[Agency], partners: tuple[str, ...], now: datetime = NOW, **about: Any) -> list[str]:
    known = {"category": "fire_or_disaster", "village": "99.01.01.1001", "urgency": "P3", **about}
    found = candidates(
        agencies, partners, known["category"], known["village"], known["urgency"], now, frozenset({HOLIDAY})
    )
    return [agency.slug for agency in found]


def test_agencies_are_asked_by_the_order_of_partners_and_then_by_their_own() -> None:
    known = [agency("b", "PLN", order=2), agency("a", "PLN", order=2), agency("c", "PDAM", order=1), agency("d", "X")]
    assert asked(known, ("PLN", "PDAM")) == ["a", "b", "c"]


def test_an_agency_that_stands_for_two_partners_is_asked_once() -> None:
    assert asked([agency("bpbd", "BPBD", "Basarnas")], ("BPBD", "Basarnas")) == ["bpbd"]


def test_an_agency_is_asked_for_its_categories_and_its_villages_alone() -> None:
    known = [
        agency("other-category", "Damkar", categories=("noise",)),
        agency("other-district", "Damkar", villages=("99.02",)),
        agency("here", "Damkar", villages=("99.02", "99.01.01")),
    ]
    assert asked(known, ("Damkar",)) == ["here"]
    assert asked(known, ("Damkar",), village=None) == ["here", "other-district"]


def test_what_cannot_wait_goes_to_an_agency_that_is_open_first() -> None:
    known = [agency("office", "Dinsos", order=1, hours=OFFICE), agency("night-shift", "Dinsos", order=2)]
    night = local(24, 22)
    assert asked(known, ("Dinsos",), night, urgency="P1") == ["night-shift", "office"]
    assert asked(known, ("Dinsos",), night, urgency="P3") == ["office", "night-shift"]
    assert asked(known, ("Dinsos",), local(24, 10), urgency="P1") == ["office", "night-shift"]
    assert asked(known, ("Dinsos",), local(25, 10, month=12), urgency="P1") == ["night-shift", "office"]


@pytest.mark.parametrize("values", [((), time(8), time(16)), ((7,), time(8), time(16)), ((0,), time(16), time(8))])
def test_hours_that_are_none_cannot_be_made(values: Any) -> None:
    with pytest.raises(ValueError, match=r"days|opens"):
        Hours(*values)
