"""Reads a jurisdiction from GeoJSON (RFC 7946, WGS 84), or says what is wrong with which feature.

The file is a FeatureCollection with the `name` of the Polres and one feature a village, whose properties are `code`
(PP.KK.CC.VVVV), `name` and `district`. Other members and properties are allowed and ignored.
"""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from services.verification.jurisdiction import Jurisdiction, Village

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_VILLAGES = 2_000
MAX_PROBLEMS = 20
# Neighbours drawn by different hands overlap by slivers. More than this share of the smaller village is a mistake.
_OVERLAP_ALLOWED = 0.01
# Indonesia with its seas: swapped or projected coordinates fall outside.
_LONGITUDES = (94, 142)
_LATITUDES = (-12, 8)

_Position = Annotated[list[float], Field(min_length=2, max_length=3)]
_Ring = Annotated[list[_Position], Field(min_length=4)]
_Rings = Annotated[list[_Ring], Field(min_length=1)]
_Name = Annotated[str, Field(pattern=r"[A-Za-z]", max_length=100)]


class JurisdictionError(ValueError):
    """The file cannot be used; `problems` name each feature and what is wrong with it, at most MAX_PROBLEMS of them."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(islice(problems, MAX_PROBLEMS))
        super().__init__("; ".join(self.problems))


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)


class Properties(_Strict):
    code: Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")]
    name: _Name
    district: _Name


class PolygonGeometry(_Strict):
    type: Literal["Polygon"]
    coordinates: _Rings


class MultiPolygonGeometry(_Strict):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[_Rings], Field(min_length=1)]


class Feature(_Strict):
    type: Literal["Feature"]
    properties: Properties
    geometry: Annotated[PolygonGeometry | MultiPolygonGeometry, Field(discriminator="type")]


class FeatureCollection(_Strict):
    type: Literal["FeatureCollection"]
    name: _Name
    features: Annotated[list[Any], Field(min_length=1, max_length=MAX_VILLAGES)]


_Shape = tuple[str, Village, BaseGeometry]


def read_jurisdiction(text: str) -> Jurisdiction:
    """The jurisdiction in the text of a GeoJSON file. Raises JurisdictionError, which tells all that is wrong."""
    collection = _collection(text)
    problems: list[str] = []
    shapes: list[_Shape] = []
    for number, raw in enumerate(collection.features, start=1):
        label = _label(number, raw)
        try:
            feature = Feature.model_validate(raw)
            properties = feature.properties
            village = Village(properties.code, properties.name.strip(), properties.district.strip())
            shapes.append((label, village, _area(feature.geometry)))
        except ValidationError as error:
            problems += [f"{label}: {found}" for found in _explained(error)]
        except _AreaError as error:
            problems.append(f"{label}: {error}")
        if len(problems) >= MAX_PROBLEMS:
            raise JurisdictionError(problems)
    problems += _repeated_codes(shapes)
    if not problems:
        problems += islice(_overlaps(shapes), MAX_PROBLEMS)
    if problems:
        raise JurisdictionError(problems)
    return Jurisdiction(collection.name.strip(), ((village, area) for _, village, area in shapes))


def _collection(text: str) -> FeatureCollection:
    # A lone surrogate has no encoding; as a question mark it is harmless in a name and reported anywhere else.
    data = text.encode(errors="replace")
    if len(data) > MAX_FILE_BYTES:
        raise JurisdictionError([f"file: must not be larger than {MAX_FILE_BYTES} bytes, but has {len(data)}"])
    try:
        return FeatureCollection.model_validate(from_json(data))
    except ValidationError as error:
        raise JurisdictionError(f"file: {found}" for found in _explained(error)) from error
    except ValueError as error:
        raise JurisdictionError([f"file: is not JSON: {error}"]) from error


def _explained(error: ValidationError) -> Iterable[str]:
    for found in error.errors(include_url=False, include_input=False, include_context=False):
        path = ".".join(str(part) for part in found["loc"] if part not in ("Polygon", "MultiPolygon"))
        yield f"{path or 'value'}: {found['msg']}"


def _label(number: int, raw: Any) -> str:
    """How a reader finds the feature again: its place in the file, and its code and name as far as they can be read."""
    properties = raw.get("properties") if isinstance(raw, dict) else None
    known = [properties.get(key) for key in ("code", "name")] if isinstance(properties, dict) else []
    named = " ".join(re.sub(r"\s+", " ", value)[:60] for value in known if isinstance(value, str))
    return f"feature {number} ({named})" if named else f"feature {number}"


class _AreaError(ValueError):
    pass


def _area(geometry: PolygonGeometry | MultiPolygonGeometry) -> BaseGeometry:
    polygons = [geometry.coordinates] if isinstance(geometry, PolygonGeometry) else geometry.coordinates
    for part, rings in enumerate(polygons, start=1):
        for number, ring in enumerate(rings, start=1):
            _check_ring(f"polygon {part}, ring {number}", ring)
    flat = [[[(position[0], position[1]) for position in ring] for ring in rings] for rings in polygons]
    area = MultiPolygon([Polygon(outer, holes) for outer, *holes in flat])
    if not area.is_valid:
        raise _AreaError(f"geometry: {explain_validity(area)}")
    return area


def _check_ring(which: str, ring: list[list[float]]) -> None:
    for number, (longitude, latitude, *_) in enumerate(ring, start=1):
        if not (_LONGITUDES[0] <= longitude <= _LONGITUDES[1] and _LATITUDES[0] <= latitude <= _LATITUDES[1]):
            raise _AreaError(
                f"{which}, position {number}: [{longitude}, {latitude}] is not in Indonesia, "
                "where a position is [longitude, latitude]"
            )
    if ring[0] != ring[-1]:
        raise _AreaError(f"{which}: is not closed, its last position must repeat its first")


def _repeated_codes(shapes: list[_Shape]) -> Iterable[str]:
    first: dict[str, str] = {}
    for label, village, _ in shapes:
        if village.code in first:
            yield f"{label}: properties.code: is already the code of {first[village.code]}"
        first.setdefault(village.code, label)


def _overlaps(shapes: list[_Shape]) -> Iterable[str]:
    areas = [area for _, _, area in shapes]
    tree = STRtree(areas)
    for index, area in enumerate(areas):
        for other in sorted(int(found) for found in tree.query(area, predicate="intersects") if int(found) < index):
            common: float = area.intersection(areas[other]).area
            if common > _OVERLAP_ALLOWED * min(area.area, areas[other].area):
                yield f"{shapes[index][0]}: geometry: overlaps {shapes[other][0]}"
