import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.jurisdiction import Jurisdiction
from services.verification.jurisdiction_file import (
    MAX_FILE_BYTES,
    MAX_PROBLEMS,
    MAX_VILLAGES,
    JurisdictionError,
    read_jurisdiction,
)
from services.verification.place import GeoPoint

SAMPLE = Path(__file__).parents[3] / "deploy" / "samples" / "jurisdiction.geojson"


@cache
def sample() -> Jurisdiction:
    return read_jurisdiction(SAMPLE.read_text(encoding="utf-8"))


def square(west: float, south: float, size: float = 0.02) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": "Mekar", "district": "Hulu", **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "name": "Polres Uji", "features": features, **members})


WEST = feature("99.02.01.2001", [square(107.0, -6.0)])
EAST = feature("99.02.01.2002", [square(107.02, -6.0)], name="Desa Suka Hati", district="Kec. Hilir")
POINT_OF_SAMPLE = GeoPoint(-6.6, 107.4)


def even_odd(longitude: float, latitude: float, ring: list[list[float]]) -> bool:
    """Whether the point lies in the ring, by counting the edges that a ray to the east crosses."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


@settings(deadline=None, max_examples=400)
@given(st.floats(-6.645, -6.56), st.floats(107.35, 107.46))
def test_a_point_is_in_the_village_whose_polygon_holds_it_and_in_no_other(latitude: float, longitude: float) -> None:
    rings = {
        f["properties"]["code"]: f["geometry"]["coordinates"][0] for f in json.loads(SAMPLE.read_text())["features"]
    }
    expected = [code for code, ring in rings.items() if even_odd(longitude, latitude, ring)]
    found = sample().village_at(GeoPoint(latitude, longitude))
    assert [found.code] == expected if found else expected == []


def test_the_sample_is_an_invented_polres_of_twelve_villages_in_three_districts() -> None:
    assert sample().name == "Polres Sukamaju"
    assert len(sample().villages) == 12
    assert len({village.district for village in sample().villages}) == 3
    assert {village.code[:5] for village in sample().villages} == {"99.01"}
    assert sample().village_at(POINT_OF_SAMPLE) is not None


def test_a_shared_border_belongs_to_the_village_with_the_lower_code_in_either_order() -> None:
    for features in ((WEST, EAST), (EAST, WEST)):
        found = read_jurisdiction(collection(*features)).village_at(GeoPoint(-5.99, 107.02))
        assert found is not None
        assert found.code == "99.02.01.2001"


def test_a_hole_is_outside_and_another_village_may_lie_in_it() -> None:
    hole = square(107.005, -5.995, 0.005)
    ring_village = feature("99.02.01.2001", [square(107.0, -6.0), hole])
    in_hole = GeoPoint(-5.9925, 107.0075)
    assert read_jurisdiction(collection(ring_village)).village_at(in_hole) is None
    enclave = read_jurisdiction(collection(ring_village, feature("99.02.01.2002", [hole]))).village_at(in_hole)
    assert enclave is not None
    assert enclave.code == "99.02.01.2002"


def test_both_parts_of_a_multipolygon_are_the_same_village() -> None:
    parts = [[square(107.0, -6.0)], [square(108.0, -6.0)]]
    jurisdiction = read_jurisdiction(collection(feature("99.02.01.2001", parts, "MultiPolygon")))
    points = GeoPoint(-5.99, 107.01), GeoPoint(-5.99, 108.01)
    assert [jurisdiction.village_at(point) for point in points] == [jurisdiction.villages[0]] * 2
    assert jurisdiction.village_at(GeoPoint(-5.99, 107.5)) is None


@pytest.mark.parametrize(
    ("longitude", "within"),
    [(107.01, True), (107.0, True), (106.9996, True), (106.9985, False), (106.0, False)],
)
def test_what_lies_within_a_hundred_metres_of_the_border_is_told_from_what_lies_beyond(
    longitude: float, within: bool
) -> None:
    assert read_jurisdiction(collection(WEST)).is_within(GeoPoint(-5.99, longitude), 100) is within


@pytest.mark.parametrize("code", ["99.01.01.1001", "99.01.03.2004"])
def test_a_village_is_found_by_its_code(code: str) -> None:
    village = sample().village(code)
    assert village is not None
    assert village.code == code


@pytest.mark.parametrize("code", ["", "32.14.01.2001", "99.01.01", "99.01.01.1001 ", "\x00"])
def test_a_code_of_no_village_here_finds_nothing(code: str) -> None:
    assert sample().village(code) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Desa Pasirhaur", ["99.01.02.2002"]),
        ("desa pasirhaur", ["99.01.02.2002"]),
        ("DS. PASIR HAUR RT 03/02", ["99.01.02.2002"]),
        ("Kel. Sukamaju", ["99.01.01.1001"]),
        ("kelurahan SUKA MAJU", ["99.01.01.1001"]),
        ("rumah saya di Batutumpang dekat sawah", ["99.01.01.2003"]),
        ("cipeundeuy-girang", ["99.01.01.2002"]),
        ("Leuwigoong   Wetan", ["99.01.02.2003"]),
        ("Ｐａｓｉｒｈａｕｒ", ["99.01.02.2002"]),
        ("Pasir\u200bhaur", ["99.01.02.2002"]),
        ("\u202edesa Kertawening\u202c", ["99.01.03.2003"]),
        ("Mekarsari", ["99.01.01.2001", "99.01.02.2001"]),
        ("Desa Mekarsari, Kecamatan Sukamaju", ["99.01.01.2001"]),
        ("kec cibuah hilir desa mekarsari", ["99.01.02.2001"]),
        ("Desa Cibuah", ["99.01.02.1001"]),
        ("Sindangrupa Kab. Sukamaju", ["99.01.03.2002"]),
        ("desa tanjungrasa", ["99.01.03.2001"]),
        ("Desa Kertawening, bukan Sindangrupa", ["99.01.03.2003"]),
        ("antara Kertawening dan Sindangrupa", ["99.01.03.2002", "99.01.03.2003"]),
        ("Jalan Sukamaju", []),
        ("Kampung Mekarsari", []),
        ("pasar Sukamaju", []),
        ("Desa Pasirhaur Kabupaten Garut", []),
        ("Desa Pasirhaurwangi", []),
        ("Desa Cikidang", []),
        ("Kecamatan Cibuah Hilir", []),
        ("", []),
        ("desa", []),
        ("\x00\ud800", []),
    ],
)
def test_villages_are_found_in_words_however_they_are_written(text: str, codes: list[str]) -> None:
    assert [village.code for village in sample().named_in(text).villages] == codes


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("Kecamatan Cibuah Hilir", ("Cibuah Hilir",)),
        ("kec. tanjungrasa", ("Tanjungrasa",)),
        ("KEC SUKAMAJU dan kec Tanjung Rasa", ("Sukamaju", "Tanjungrasa")),
        ("Kecamatan Cisarua", ()),
    ],
)
def test_districts_are_found_in_words(text: str, districts: tuple[str, ...]) -> None:
    assert sample().named_in(text).districts == districts


def test_a_prefix_in_the_file_is_not_part_of_the_name() -> None:
    named = read_jurisdiction(collection(WEST, EAST)).named_in("kel. sukahati kecamatan hilir")
    assert [village.code for village in named.villages] == ["99.02.01.2002"]
    assert named.districts == ("Kec. Hilir",)


@settings(deadline=None)
@given(st.text(st.characters()) | st.text("desakclmprit. ", max_size=200))
def test_any_text_names_only_villages_of_the_jurisdiction(text: str) -> None:
    assert set(sample().named_in(text).villages) <= set(sample().villages)


def broken(**changes: Any) -> dict[str, Any]:
    return {**feature("99.02.01.2009", [square(107.0, -6.0)], name="Cikole"), **changes}


OPEN_RING = [*square(107.0, -6.0)[:-1], [107.0, -5.999]]
BOW_TIE = [[107.0, -6.0], [107.02, -5.98], [107.02, -6.0], [107.0, -5.98], [107.0, -6.0]]
SWAPPED = [[y, x] for x, y in square(107.0, -6.0)]
OF_CIKOLE = r"feature 1 \(99\.02\.01\.2009 Cikole\): "


@pytest.mark.parametrize(
    ("features", "problem"),
    [
        ([feature("99.02.01.2009", [OPEN_RING], name="Cikole")], OF_CIKOLE + "polygon 1, ring 1: is not closed"),
        ([feature("99.02.01.2009", [BOW_TIE], name="Cikole")], OF_CIKOLE + "geometry: Self-intersection"),
        (
            [feature("99.02.01.2009", [SWAPPED], name="Cikole")],
            OF_CIKOLE + r".*position 1: \[-6\.0, 107\.0\] is not in",
        ),
        (
            [feature("99.02.01.2009", [square(107.0, -6.0), square(109.0, -6.0)], name="Cikole")],
            OF_CIKOLE + "geometry: Hole lies outside shell",
        ),
        (
            [feature("99.02.01.2009", [[[107, -6], [107, -6]]], name="Cikole")],
            OF_CIKOLE + "geometry.coordinates.0: List",
        ),
        (
            [feature("99.02.01.2009", [], name="Cikole")],
            OF_CIKOLE + "geometry.coordinates: List should have at least 1",
        ),
        (
            [feature("99.02.01.2009", "x", name="Cikole")],
            OF_CIKOLE + "geometry.coordinates: Input should be a valid list",
        ),
        (
            [feature("99.02.01.2009", [[["107", "-6"]] * 4], name="Cikole")],
            OF_CIKOLE + "geometry.coordinates.0.0.0: Input should be a valid number",
        ),
        ([feature("99.02.01.2009", [107, -6], "Point", name="Cikole")], OF_CIKOLE + "geometry: .*'Point'"),
        ([broken(geometry=None)], OF_CIKOLE + "geometry: Input should be"),
        ([broken(type="Village")], OF_CIKOLE + "type: Input should be 'Feature'"),
        ([feature("99.02.01", [square(107, -6)])], r"feature 1 \(99\.02\.01 Mekar\): properties\.code: "),
        ([feature("99.02.01.2001\n", [square(107, -6)])], r"feature 1 .*: properties\.code: "),
        ([feature("٩٩.٠٢.٠١.٢٠٠١", [square(107, -6)])], r"feature 1 .*: properties\.code: "),
        ([WEST, feature("99.02.01.2003", [square(108, -6)], name="")], r"feature 2 .*: properties\.name: "),
        ([feature("99.02.01.2001", [square(107, -6)], district=7)], r"feature 1 .*: properties\.district: "),
        ([WEST, 5], "feature 2: value: Input should be"),
        ([WEST, None], "feature 2: value: Input should be"),
        (
            [WEST, {**EAST, "properties": WEST["properties"]}],
            r"feature 2 .*: properties\.code: is already the code of feature 1",
        ),
        (
            [WEST, feature("99.02.01.2002", [square(107.01, -6.0)])],
            r"feature 2 \(99\.02\.01\.2002 Mekar\): geometry: overlaps feature 1 \(99\.02\.01\.2001 Mekar\)",
        ),
    ],
)
def test_a_wrong_feature_is_named_with_what_is_wrong(features: list[Any], problem: str) -> None:
    with pytest.raises(JurisdictionError, match=f"^{problem}"):
        read_jurisdiction(collection(*features))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "file: is not JSON"),
        ("{", "file: is not JSON"),
        ("[" * 100_000, "file: is not JSON"),
        ("\x00", "file: is not JSON"),
        ("\ud800", "file: is not JSON"),
        ("null", "file: value: Input should be"),
        ("{}", "file: type: Field required; file: name: Field required; file: features: Field required"),
        (collection(), "file: features: List should have at least 1 item"),
        (collection(WEST, name=""), "file: name: "),
        (collection(WEST, type="Feature"), "file: type: Input should be 'FeatureCollection'"),
        (collection(*[None] * (MAX_VILLAGES + 1)), "file: features: List should have at most 2000 items"),
        (" " * (MAX_FILE_BYTES + 1), "file: must not be larger than 16777216 bytes, but has 16777217"),
        (collection(WEST).replace("107.0,", "1e999,"), "feature 1 .*: Input should be a finite number"),
        (collection(WEST).replace("107.0,", "NaN,"), "feature 1 .*: Input should be a finite number"),
        (collection(WEST).replace("107.0,", "9" * 400 + ","), "feature 1 "),
    ],
)
def test_a_file_that_is_no_jurisdiction_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(JurisdictionError, match=f"^{problem}"):
        read_jurisdiction(text)


def test_slivers_between_neighbours_are_tolerated() -> None:
    sliver = feature("99.02.01.2002", [square(107.0199, -6.0)])
    assert len(read_jurisdiction(collection(WEST, sliver)).villages) == 2


def test_several_problems_are_told_at_once_but_not_without_end() -> None:
    with pytest.raises(JurisdictionError) as two:
        read_jurisdiction(collection(broken(geometry=None), broken(type="X")))
    assert [problem.split(":")[0] for problem in two.value.problems] == [
        "feature 1 (99.02.01.2009 Cikole)",
        "feature 2 (99.02.01.2009 Cikole)",
    ]
    with pytest.raises(JurisdictionError) as many:
        read_jurisdiction(collection(*[None] * 500))
    assert len(many.value.problems) == MAX_PROBLEMS


def test_other_members_and_a_height_are_allowed_and_a_name_may_hold_a_stray_surrogate() -> None:
    high = feature("99.02.01.2001", [[[x, y, 120.5] for x, y in square(107.0, -6.0)]], population=900)
    text = collection(high, bbox=[1, 2, 3, 4]).replace("Polres Uji", "Polres \ud800 Uji")
    assert read_jurisdiction(text).name == "Polres ? Uji"


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["type", "properties", "geometry", "coordinates", "code", "name"]), inner)
        ),
    )
)
def test_any_json_in_the_place_of_a_feature_is_refused_in_order(value: Any) -> None:
    with pytest.raises(JurisdictionError):
        read_jurisdiction(collection(value))
