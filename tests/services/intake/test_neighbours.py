"""Which villages lie near one."""

import json
from pathlib import Path

import pytest
from shapely.geometry import box, mapping

from services.intake.neighbours import APART_METRES, outlines

SAMPLE = Path("deploy/samples/jurisdiction.geojson")
METRE = 1 / 111_320  # degrees, at the equator


def test_those_that_share_a_border_are_near_also_across_a_district() -> None:
    near = outlines(SAMPLE).near("99.01.02.1001")
    assert near == (
        "99.01.01.1001",
        "99.01.01.2001",
        "99.01.02.1001",
        "99.01.02.2001",
        "99.01.03.2001",
        "99.01.03.2002",
    )


@pytest.mark.parametrize(("gap", "near"), [(0, True), (APART_METRES - 10, True), (APART_METRES + 10, False)])
def test_a_gap_between_outlines_keeps_nobody_apart(tmp_path: Path, gap: int, near: bool) -> None:
    start = 107 + 0.01 + gap * METRE
    areas = {"a": box(107, 0, 107.01, 0.01), "b": box(start, 0, start + 0.01, 0.01)}
    features = [{"properties": {"code": code}, "geometry": mapping(area)} for code, area in areas.items()]
    file = tmp_path / "jurisdiction.geojson"
    file.write_text(json.dumps({"features": features}))
    assert outlines(file).near("a") == (("a", "b") if near else ("a",))


def test_a_village_that_lies_elsewhere_has_no_neighbours_here() -> None:
    assert outlines(SAMPLE).near("35.09.01.2003") == ()
