"""Which patrol is sent and which detective gets a case: pure rules over the roster and over what each already has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from services.investigation.case import Case

EARTH_RADIUS_M = 6_371_000
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Officer:
    """A detective or a unit's head. Name and office phone are told to reporters: they belong to the service."""

    id: str
    polres: str
    name: str
    phone: str
    post: Literal["detective", "unit_head"]
    units: tuple[str, ...]
    specialities: tuple[str, ...] = ()  # categories of the taxonomy
    on_leave: bool = False
    conflicts: tuple[str, ...] = ()  # complaints, registers, categories, villages and authors to keep away from
    retired: bool = False  # on leave for good; the name stays


@dataclass(frozen=True, slots=True)
class Patrol:
    """A patrol with its last known position in WGS 84 degrees. That it is busy is told by the cases, never here."""

    id: str
    polres: str
    call_sign: str
    unit: str
    lat: float
    lon: float
    status: Literal["free", "off_duty"]
    updated_at: datetime
    retired: bool = False  # off duty for good; the call sign stays


@dataclass(frozen=True, slots=True)
class Place:
    lat: float
    lon: float


def metres_between(a: Place, b: Place) -> float:
    """The great-circle distance by the haversine formula, some 0.5 % off the ellipsoid's."""
    half_lat, half_lon = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))


def nearest(patrols: Iterable[Patrol], place: Place) -> Patrol | None:
    """The patrol that is nearest to the place."""
    return min(patrols, key=lambda p: (metres_between(Place(p.lat, p.lon), place), p.id), default=None)


def longest_idle(patrols: Iterable[Patrol], last_ended: Mapping[str, datetime]) -> Patrol | None:
    """The patrol whose last sortie ended first, which shares the work where nobody knows the place."""
    return min(patrols, key=lambda p: (last_ended.get(p.id, _EVER), p.id), default=None)


def may_be_sent(patrol: Patrol, case: Case) -> bool:
    """Whether the case is neither about the patrol nor about its unit."""
    return patrol.polres == case.polres and not {patrol.id, patrol.unit}.intersection(case.conflicts)


def fittest(
    officers: Iterable[Officer], complaint: str, case: Case, load: Mapping[str, int]
) -> tuple[Officer, str] | None:
    """The detective for a case and the unit they lead it for.

    The first of the classification's units that has anybody free of conflict; there a speciality counts before a small
    load. Equals are told apart by a hash of complaint and person, so that nobody is always first.
    """
    if case.classification is None:
        return None
    able = [officer for officer in officers if may_lead(officer, complaint, case)]
    for unit in case.classification.units:
        of_unit = [officer for officer in able if unit in officer.units]
        if of_unit and unit not in case.conflicts:
            category = case.classification.category
            return min(of_unit, key=lambda officer: _rank(officer, category, complaint, load)), unit
    return None


def may_lead(officer: Officer, complaint: str, case: Case) -> bool:
    """Whether the officer is on duty as a detective and has no conflict of interest with the case."""
    on_duty = officer.polres == case.polres and officer.post == "detective" and not officer.on_leave
    return on_duty and not is_conflicted(officer, complaint, case)


def is_conflicted(officer: Officer, complaint: str, case: Case) -> bool:
    """Whether the case is about the officer or a unit of theirs, or touches what they declared to keep away from."""
    about: set[str | None] = {complaint}
    if case.report:
        about |= {case.report.register_number, case.report.village, case.report.author}
    if case.classification:
        about.add(case.classification.category)
    named = {officer.id, *officer.units}.intersection(case.conflicts)
    return bool(named) or not about.isdisjoint(officer.conflicts)


def _rank(officer: Officer, category: str, complaint: str, load: Mapping[str, int]) -> tuple[bool, int, bytes]:
    lot = sha256(f"{complaint}|{officer.id}".encode()).digest()
    return category not in officer.specialities, load.get(officer.id, 0), lot
