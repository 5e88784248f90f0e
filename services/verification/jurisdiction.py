"""The villages of a Polres: which of them holds a point, has a code, or is named in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from shapely import Point, STRtree
from shapely.geometry.base import BaseGeometry

from services.verification.place import GeoPoint
from services.verification.words import tokens

_MAX_WORDS_READ = 300
_MAX_WORDS_OF_A_NAME = 6
_METRES_PER_DEGREE = 111_320

_BEFORE_A_VILLAGE = frozenset({"desa", "ds", "kelurahan", "kel", "village"})
_BEFORE_A_DISTRICT = frozenset({"kecamatan", "kec", "district"})
_BEFORE_A_REGENCY = frozenset({"kabupaten", "kab", "regency"})
# Streets, hamlets and shops are named after villages that they do not lie in.
_OTHER_PLACES = (
    "jalan jl jln gang gg perumahan perum komplek blok kampung kp dusun dsn toko warung pasar pt cv bank street"
)
_BEFORE_ANOTHER_NAME = frozenset(_OTHER_PLACES.split())


@dataclass(frozen=True)
class Village:
    """A desa or kelurahan with its region code PP.KK.CC.VVVV and its district (kecamatan)."""

    code: str
    name: str
    district: str


@dataclass(frozen=True)
class Named:
    """What a free text names: the villages that it may mean (several where the name is not unique), and districts."""

    villages: tuple[Village, ...]
    districts: tuple[str, ...]


class Jurisdiction:
    """The area of one Polres. Answers are pure and the object is never changed, so it can be shared freely."""

    def __init__(self, name: str, shapes: Iterable[tuple[Village, BaseGeometry]]) -> None:
        ordered = sorted(shapes, key=lambda shape: shape[0].code)
        self.name = name
        self.villages = tuple(village for village, _ in ordered)
        self._areas = STRtree([area for _, area in ordered])
        self._by_code = {village.code: village for village in self.villages}
        self._by_name: defaultdict[str, list[Village]] = defaultdict(list)
        self._districts: dict[str, str] = {}
        for village in self.villages:
            self._by_name[_key(village.name)].append(village)
            self._districts[_key(village.district)] = village.district

    def village(self, code: str) -> Village | None:
        """The village with this region code."""
        return self._by_code.get(code)

    def village_at(self, point: GeoPoint) -> Village | None:
        """The village that holds the point, on a shared border the one with the lower code. None outside."""
        found = self._areas.query(Point(point.longitude, point.latitude), predicate="intersects")
        return self.villages[min(int(index) for index in found)] if len(found) else None

    def is_within(self, point: GeoPoint, metres: float) -> bool:
        """Whether the point lies inside, or no farther outside than about so many metres."""
        narrowest = _METRES_PER_DEGREE * max(cos(radians(point.latitude)), 0.01)
        at = Point(point.longitude, point.latitude)
        return len(self._areas.query(at, predicate="dwithin", distance=metres / narrowest)) > 0

    def named_in(self, text: str) -> Named:
        """The villages and districts that a free text names, however spelled: "Desa Suka Maju", "KEL. SUKAMAJU".

        A name right after "desa" or "kel." outranks a bare one, and a named district chooses among villages of one
        name. Nothing is found in a text that names another regency, whose villages may be called the same.
        """
        marked: list[Village] = []
        bare: list[Village] = []
        districts: list[str] = []
        words = tokens(text, _MAX_WORDS_READ)
        position = 0
        while position < len(words):
            before = words[position - 1] if position else ""
            if before in _BEFORE_A_REGENCY and words[position] not in tokens(self.name):
                return Named((), ())
            length, villages, district = self._name_at(words, position, before)
            (marked if before in _BEFORE_A_VILLAGE else bare).extend(villages)
            districts.extend([district] if district else [])
            position += length
        candidates = sorted(set(marked or bare), key=lambda village: village.code)
        chosen = tuple(village for village in candidates if not districts or village.district in districts)
        return Named(chosen, tuple(dict.fromkeys(districts)))

    def _name_at(self, words: list[str], position: int, before: str) -> tuple[int, list[Village], str]:
        """The longest name that starts here: how many words it takes (1 where there is none), and what it names."""
        if before in _BEFORE_ANOTHER_NAME or before in _BEFORE_A_REGENCY:
            return 1, [], ""
        for length in range(min(_MAX_WORDS_OF_A_NAME, len(words) - position), 0, -1):
            key = "".join(words[position : position + length])
            if key in self._by_name and before not in _BEFORE_A_DISTRICT:
                return length, self._by_name[key], ""
            if key in self._districts and before not in _BEFORE_A_VILLAGE:
                return length, [], self._districts[key]
        return 1, [], ""


def _key(name: str) -> str:
    """One spelling of a name: "Desa Suka-Maju" and "sukamaju" are the same."""
    words = tokens(name)
    return "".join(words[1:] if len(words) > 1 and words[0] in _BEFORE_A_VILLAGE | _BEFORE_A_DISTRICT else words)
