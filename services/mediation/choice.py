"""Which officer gets a matter: pure rules over the roster and over what each already has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from services.mediation.case import Case


@dataclass(frozen=True, slots=True)
class Officer:
    """A Bhabinkamtibmas. Name and office phone are told to reporters: they belong to the service."""

    id: str
    polres: str
    name: str
    phone: str
    villages: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    absent: bool = False
    stand_in: str | None = None  # who acts while the officer is absent
    retired: bool = False  # absent for good, of no village; the name stays


def of_village(officers: Mapping[str, Officer], complaint: str, case: Case, load: Mapping[str, int]) -> Officer | None:
    """The officer of the matter's village, or who stands in for one that is absent.

    The officers themselves come before those who stand in, then whoever has less. Equals are told apart by a hash of
    complaint and person, so that nobody is always first.
    """
    serving = [one for one in officers.values() if one.polres == case.polres and case.village in one.villages]
    able: dict[str, tuple[bool, Officer]] = {}
    for officer in serving:
        acting = officer if not officer.absent else officers.get(officer.stand_in or "")
        if acting and not acting.absent and not is_conflicted(acting, case):
            stands_in = acting is not officer
            able[acting.id] = (min(stands_in, able.get(acting.id, (stands_in, acting))[0]), acting)
    return _first(able.values(), complaint, load)


def is_conflicted(officer: Officer, case: Case) -> bool:
    """Whether the case is about the officer or a unit of theirs."""
    return bool({officer.id, *officer.units}.intersection(case.conflicts))


def _first(able: Iterable[tuple[bool, Officer]], complaint: str, load: Mapping[str, int]) -> Officer | None:
    def rank(one: tuple[bool, Officer]) -> tuple[bool, int, bytes]:
        stands_in, officer = one
        return stands_in, load.get(officer.id, 0), sha256(f"{complaint}|{officer.id}".encode()).digest()

    first = min(able, key=rank, default=None)
    return first[1] if first else None
