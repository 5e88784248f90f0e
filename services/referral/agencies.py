"""Partner agencies: what each stands for, when it works, and which are asked in which order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shared.contracts.complaint import Urgency

Transport = Literal["broker", "webhook"]

# Soon matters more than first: of several agencies, one that is open is asked before one that is closed.
_PRESSING: frozenset[Urgency] = frozenset({"P1", "P2"})
_LONGEST_SEARCH = 60  # days in a row without working hours


@dataclass(frozen=True, slots=True)
class Hours:
    """When an agency works, in its own time zone: days of the week from Monday as 0, from one time until another."""

    days: tuple[int, ...]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(range(7)):
            raise ValueError("days are numbers from 0 (Monday) to 6 (Sunday)")
        if self.opens >= self.closes:
            raise ValueError("an agency opens before it closes; one that works around the clock has no hours")


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that complaints are referred to. `partners` are the taxonomy's names for it; empty scopes mean all."""

    slug: str
    polres: str
    name: str
    partners: tuple[str, ...]
    categories: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    hours: Hours | None = None
    zone: str = "Asia/Jakarta"
    order: int = 100
    transport: Transport = "broker"
    url: str | None = None

    def covers(self, category: str, village: str | None) -> bool:
        """Whether a complaint of that category from that village is its to take. An unknown village excludes nobody."""
        here = not self.villages or village is None or any(village.startswith(prefix) for prefix in self.villages)
        return here and (not self.categories or category in self.categories)

    def is_open(self, now: datetime, closed: Collection[date]) -> bool:
        if self.hours is None:
            return True
        local = now.astimezone(ZoneInfo(self.zone))
        works = local.weekday() in self.hours.days and local.date() not in closed
        return works and self.hours.opens <= local.time() < self.hours.closes

    def after(self, start: datetime, working: timedelta, closed: Collection[date]) -> datetime:
        """The moment at which so much of the agency's working time has passed; `closed` are days on which it rests."""
        if self.hours is None:
            return start + working
        zone, hours = ZoneInfo(self.zone), self.hours
        day, left = start.astimezone(zone).date(), working
        searched = 0
        while searched < _LONGEST_SEARCH:
            if day.weekday() in hours.days and day not in closed:
                searched = 0
                opens = datetime.combine(day, hours.opens, zone)
                begins = max(opens, start.astimezone(zone))
                # Differences within one zone are of wall clocks, which is how an office counts its hours.
                room = datetime.combine(day, hours.closes, zone) - begins
                if room >= left:
                    return (begins + left).astimezone(start.tzinfo)
                left -= max(room, timedelta(0))
            day += timedelta(days=1)
            searched += 1
        raise ValueError(f"agency {self.slug} has no working hours within {_LONGEST_SEARCH} days")


def candidates(
    agencies: Sequence[Agency],
    partners: Sequence[str],
    category: str,
    village: str | None,
    urgency: Urgency,
    now: datetime,
    closed: Collection[date],
) -> tuple[Agency, ...]:
    """The agencies that may be asked, first to last: by the order of the partners, then by the fallback order."""
    found: dict[str, Agency] = {}
    for partner in partners:
        standing = [agency for agency in agencies if partner in agency.partners and agency.covers(category, village)]
        for agency in sorted(standing, key=lambda agency: (agency.order, agency.slug)):
            found.setdefault(agency.slug, agency)
    if urgency not in _PRESSING:
        return tuple(found.values())
    return tuple(sorted(found.values(), key=lambda agency: not agency.is_open(now, closed)))
