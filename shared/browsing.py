"""Raises an alarm when one person opens many cases in a short time, whoever they are and whatever they may read.

It counts what is asked for, found or not, so that somebody who tries ids is seen too. Each process counts for itself.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import Counter

from shared import telemetry
from shared.contracts.envelope import Person

ALARMS = Counter("aduan_browsing_alarms_total", "Times that one person opened more cases in an hour than is usual")
_HOUR, _SWEEP = timedelta(hours=1), timedelta(minutes=1)
_CASES = ("complaint", "complaint_id", "case_id")  # as routes name the case in their path


class Browsing:
    """Who has opened which cases in the last hour: of each person as many as the limit at most."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._opened: dict[str, dict[str, datetime]] = {}
        self._told: dict[str, datetime] = {}
        self._swept: datetime | None = None

    def note(self, person: Person, path: Mapping[str, Any], now: datetime) -> None:
        """Notes which case a person asks for, if the request is about one. One too many is told once an hour."""
        self._sweep(now)
        case = next((str(path[name]) for name in _CASES if name in path), None)
        if case is None or person.id in self._told:
            return
        cases = self._opened[person.id] = _since(now - _HOUR, self._opened.get(person.id, {})) | {case: now}
        if len(cases) > self._limit:
            del self._opened[person.id]
            self._told[person.id] = now
            ALARMS.inc()
            telemetry.log.warning("bulk_browsing", person=person.id, cases=len(cases))

    def _sweep(self, now: datetime) -> None:
        if self._swept and now - self._swept < _SWEEP:
            return
        self._swept = now
        self._told = _since(now - _HOUR, self._told)
        left = {person: _since(now - _HOUR, cases) for person, cases in self._opened.items()}
        self._opened = {person: cases for person, cases in left.items() if cases}


def _since(moment: datetime, at: Mapping[str, datetime]) -> dict[str, datetime]:
    return {name: when for name, when in at.items() if when > moment}
