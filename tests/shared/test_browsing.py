"""Whoever opens many cases in a short time is told of, whatever they may read."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.typing import EventDict

from shared.browsing import ALARMS, Browsing
from shared.contracts.envelope import Person
from shared.service import create_app
from shared.settings import Settings
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, new_id
from tests.support.room import running

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
CHIEF, OTHER = Person("chief-1", frozenset({"chief"})), Person("chief-2", frozenset({"chief"}))


def alarms() -> float:
    value: float = ALARMS._value.get()
    return value


def browse(browsing: Browsing, person: Person, cases: range, now: datetime = NOW) -> None:
    for number in cases:
        browsing.note(person, {"complaint_id": f"case-{number}"}, now)


@pytest.fixture
def before(lines: list[EventDict]) -> float:
    return alarms()


def test_one_case_too_many_within_an_hour_is_told_once(before: float, lines: list[EventDict]) -> None:
    browsing = Browsing(10)
    browse(browsing, CHIEF, range(10))
    assert alarms() == before
    browse(browsing, CHIEF, range(10, 40))
    assert alarms() == before + 1
    assert [(line["event"], line["person"]) for line in lines] == [("bulk_browsing", "chief-1")]


def test_the_same_case_again_and_what_is_no_case_do_not_count(before: float) -> None:
    browsing = Browsing(10)
    for _ in range(50):
        browse(browsing, CHIEF, range(5))
        browsing.note(CHIEF, {}, NOW)
        browsing.note(CHIEF, {"officer_id": "x"}, NOW)
    assert alarms() == before


def test_each_person_has_an_hour_of_their_own(before: float) -> None:
    browsing = Browsing(10)
    for hour in range(3):
        browse(browsing, CHIEF, range(hour * 10, hour * 10 + 10), NOW + timedelta(hours=hour, seconds=hour))
        browse(browsing, OTHER, range(hour * 10, hour * 10 + 10), NOW + timedelta(hours=hour, seconds=hour))
    assert alarms() == before
    browse(browsing, CHIEF, range(100, 120), NOW + timedelta(hours=9))
    browse(browsing, CHIEF, range(200, 220), NOW + timedelta(hours=11))
    assert alarms() == before + 2, "told again in another hour"


async def test_somebody_who_opens_case_after_case_raises_an_alarm(settings: Settings, before: float) -> None:
    told = settings.model_copy(update={"browsing_limit": 5})
    async with running(create_app(small_service(told)), told, SERVICE) as it:
        for _ in range(8):
            await it.http.post(f"/notes/{new_id()}", json={"text": "a"}, headers=it.token("verifier"))
        assert "aduan_browsing_alarms_total" in (await it.http.get("/metrics")).text
    assert alarms() == before + 1
