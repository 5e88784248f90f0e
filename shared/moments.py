"""How moments and days are written for people, by the clock of the office."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from shared.contracts.complaint import Language

_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def when(moment: datetime, language: Language, zone: ZoneInfo) -> str:
    """A moment, as `26 Nov 2026 14.05 WIB`."""
    here = moment.astimezone(zone)
    written = format_datetime(here, "d MMM y HH.mm" if language == "id" else "d MMM y HH:mm", locale=language)
    return f"{written} {_ZONES.get(zone.key, here.tzname())}"


def day(moment: datetime | date, language: Language, zone: ZoneInfo) -> str:
    """A day, as `26 November 2026`."""
    here = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    return format_date(here, "d MMMM y", locale=language)
