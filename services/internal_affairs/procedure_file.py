"""Reads `procedure.toml` and counts working days by the calendar of Indonesia."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import holidays
from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.internal_affairs.procedure import Procedure
from shared.contracts.complaint import Language
from shared.text import Line

Days = Annotated[int, Field(ge=1, le=366)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    letter_days: Days
    result_days: Days
    alarm_days: Days
    forget_after_days: Days
    desk_units: frozenset[Line]
    superiors: tuple[Line, ...] = Field(min_length=1)
    outside: Line
    time_zone: str
    days_off: tuple[date, ...]
    days_worked: tuple[date, ...]
    forwarded: dict[Language, Line]

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {name!r}") from None
        return name

    @field_validator("forwarded")
    @classmethod
    def _in_each_language(cls, words: dict[Language, str]) -> dict[Language, str]:
        if set(words) != {"id", "en"} or not all("{office}" in text for text in words.values()):
            raise ValueError("forwarded must have `id` and `en`, each with {office}")
        return words


def read_procedure(path: Path) -> Procedure:
    """Raises pydantic's ValidationError, which names the entry that is wrong."""
    told = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    return Procedure(
        letter_days=told.letter_days,
        result_days=told.result_days,
        alarm_days=told.alarm_days,
        forget_after_days=told.forget_after_days,
        desk_units=told.desk_units,
        superiors=told.superiors,
        outside=told.outside,
        forwarded=told.forwarded,
        end_after=working_days(ZoneInfo(told.time_zone), told.days_off, told.days_worked),
    )


def working_days(
    zone: ZoneInfo, days_off: tuple[date, ...] = (), days_worked: tuple[date, ...] = ()
) -> Callable[[datetime, int], datetime]:
    """Counts in working days of the zone; the day of the moment itself does not count."""
    calendar = holidays.country_holidays("ID", categories=("public", "government"))
    for day in days_off:
        calendar.append(day)
    for day in days_worked:
        calendar.pop(day, None)

    def end_after(moment: datetime, days: int) -> datetime:
        last = calendar.get_nth_working_day(moment.astimezone(zone).date(), days)
        return datetime.combine(last, time(23, 59, 59), zone).astimezone(UTC)

    return end_after
