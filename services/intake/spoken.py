"""What somebody says at the counter or on the phone, as an officer types it in haste, read as a report. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from services.intake.reports import CounterReport, Email, Nik, Phone, ReportBody
from shared.contracts.complaint import Language
from shared.contracts.refusals import Invalid
from shared.text import Line, Paragraphs

_TIME = re.compile(r"(\d{1,2})(?:[.: ]?(\d\d))?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}))?", re.ASCII)
_LETTERS_TO_GUESS = 3


class CallForm(BaseModel):
    """A report as a 110 operator types it."""

    model_config = ConfigDict(extra="forbid")

    what: Paragraphs
    place: Line | None = None
    village: Line | None = None
    day: Line | None = None
    time: Line | None = None
    when_unknown: bool = False
    in_progress: bool = False
    name: Line | None = None
    phone: Phone | None = None


class CounterForm(CallForm):
    """A report as an officer at the counter types it. `conflicts` are ids, separated by commas."""

    model: Literal["A", "B"] = "B"
    nik: Nik | None = None
    email: Email | None = None
    address: Line | None = None
    conflicts: Line | None = None
    language: Language = "id"


def from_call(form: CallForm, when: datetime | None, villages: Mapping[str, str]) -> ReportBody:
    """The report of a call. Raises Invalid."""
    reporter = {"name": form.name, "phone": form.phone}
    return ReportBody.model_validate({**_told(form, when, villages), "reporter": reporter})


def from_counter(form: CounterForm, when: datetime | None, villages: Mapping[str, str]) -> CounterReport:
    """The report of the counter. Raises Invalid."""
    reporter = {name: getattr(form, name) for name in ("name", "nik", "phone", "email", "address")}
    if form.model == "A" and any(reporter.values()):
        raise Invalid("finder_is_reporter", "An officer's own finding has no reporter.", "model")
    conflicts = [part.strip() for part in (form.conflicts or "").split(",") if part.strip()]
    if len(set(conflicts)) < len(conflicts) or not all(re.fullmatch(_PARTY, part) for part in conflicts):
        raise Invalid("conflicts_unreadable", "These are not ids, separated by commas.", "conflicts")
    told = _told(form, when, villages)
    own = {"reporter": reporter, "language": form.language, "conflicts": conflicts, "own_finding": form.model == "A"}
    return CounterReport.model_validate(told | own)


_PARTY = r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}"


def _told(form: CallForm, when: datetime | None, villages: Mapping[str, str]) -> dict[str, Any]:
    return {
        "what": form.what,
        "where": {"text": form.place, "village": village_of(form.village, villages) if form.village else None},
        "when": when.isoformat() if when else None,
        "in_progress": form.in_progress,
    }


def moment_of(form: CallForm, just_now: datetime, zone: ZoneInfo) -> datetime | None:
    """When it happened, by the clock of the office. Nothing said is just now; a time without a day is the last such
    time. Raises Invalid."""
    if form.when_unknown:
        return None
    if form.time is None:
        if form.day is not None:
            raise Invalid("time_missing", "Say the time of that day too.", "time")
        return just_now
    here, at = just_now.astimezone(zone), _time(form.time)
    if form.day is None:
        moment = datetime.combine(here.date(), at, zone)
        return moment if moment <= just_now else moment - timedelta(days=1)
    moment = datetime.combine(_day(form.day, here.date()), at, zone)
    if moment > just_now:
        raise Invalid("in_the_future", "The time has not come yet.", "time")
    return moment


def _time(text: str) -> time:
    match = _TIME.fullmatch(text)
    try:
        if match:
            return time(int(match[1]), int(match[2] or 0))
    except ValueError:
        pass  # no hour of any day: refused like what is no time at all
    raise Invalid("time_unreadable", "Write the time as 14.30.", "time")


def _day(text: str, today: date) -> date:
    match = _DAY.fullmatch(text)
    try:
        if match:
            found = date(int(match[3] or today.year), int(match[2]), int(match[1]))
            return found if match[3] or found <= today else found.replace(year=today.year - 1)
    except ValueError:
        pass  # no day of any year: refused like what is no day at all
    raise Invalid("day_unreadable", "Write the day as 24-11.", "day")


def village_of(text: str, villages: Mapping[str, str]) -> str:
    """The code of a village by its name, with its district's where there are several. Raises Invalid."""
    if text in villages:
        return text
    wanted = text.casefold()
    exact = [code for code, name in villages.items() if name.casefold() == wanted]
    found = exact or [code for code, name in villages.items() if name.casefold().partition(",")[0] == wanted]
    if len(found) > 1:
        raise Invalid("village_in_two_districts", "There are several villages of this name.", "village")
    if not found:
        raise Invalid("village_not_listed", "There is no such village in the list.", "village")
    return found[0]


def villages_meant(text: str, villages: Mapping[str, str]) -> list[str]:
    """The codes of the villages that somebody may be typing the name of."""
    typed = text.strip().casefold()
    if len(typed) < _LETTERS_TO_GUESS:
        return []
    return [code for code, name in villages.items() if name.casefold().startswith(typed)]
