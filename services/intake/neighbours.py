"""Which villages lie near one, by the outlines of the jurisdiction. Points are sealed, so "nearby" goes by village."""

import json
from collections.abc import Sequence
from functools import cache
from math import cos, radians
from pathlib import Path

from shapely import STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

# Outlines that were drawn by different hands leave gaps, and a river between two villages keeps nobody away.
APART_METRES = 500
_METRES_PER_DEGREE = 111_320


class Outlines:
    """The villages' areas by their codes."""

    def __init__(self, areas: Sequence[tuple[str, BaseGeometry]]) -> None:
        self._codes = [code for code, _ in areas]
        self._areas = [area for _, area in areas]
        self._tree = STRtree(self._areas)

    def near(self, village: str) -> tuple[str, ...]:
        """The village itself and those that border on it or lie almost as close; none that is not in the file."""
        if village not in self._codes:
            return ()
        area = self._areas[self._codes.index(village)]
        distance = APART_METRES / (_METRES_PER_DEGREE * cos(radians(area.centroid.y)))
        found = self._tree.query(area, predicate="dwithin", distance=distance)
        return tuple(sorted(self._codes[int(index)] for index in found))


@cache
def outlines(file: Path) -> Outlines:
    """The outlines of a jurisdiction. Read once; a large file takes its time."""
    features = json.loads(file.read_text("utf-8"))["features"]
    return Outlines([(feature["properties"]["code"], shape(feature["geometry"])) for feature in features])
