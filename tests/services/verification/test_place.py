from math import asin, atan2, cos, degrees, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.place import GeoPoint, cell_of, neighbourhood

EARTH_RADIUS = 6_371_008.8
IN_INDONESIA = st.builds(GeoPoint, st.floats(-11, 6), st.floats(95, 141))


def away_from(point: GeoPoint, metres: float, bearing: float) -> GeoPoint:
    """The point that lies so far away on a sphere, in the direction given in degrees."""
    angle, heading, latitude = metres / EARTH_RADIUS, radians(bearing), radians(point.latitude)
    north = asin(sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(heading))
    east = atan2(sin(heading) * sin(angle) * cos(latitude), cos(angle) - sin(latitude) * sin(north))
    return GeoPoint(degrees(north), point.longitude + degrees(east))


@settings(deadline=None, max_examples=500)
@given(IN_INDONESIA, st.floats(0, 500), st.floats(0, 360))
def test_a_cell_and_its_neighbours_cover_500_metres_around_a_point(
    point: GeoPoint, metres: float, bearing: float
) -> None:
    assert cell_of(away_from(point, metres, bearing)) in neighbourhood(cell_of(point))


@pytest.mark.parametrize("latitude", [-11, -6.6, 0, 5.9])
def test_the_cover_holds_from_every_spot_within_a_cell_straight_across_its_borders(latitude: float) -> None:
    start = GeoPoint(latitude, 107.4)
    for step in range(120):
        point = away_from(start, 5 * step, 45)
        for bearing in (0, 90, 180, 270):
            assert cell_of(away_from(point, 500, bearing)) in neighbourhood(cell_of(point))


@settings(deadline=None)
@given(IN_INDONESIA, st.floats(1_500, 20_000), st.floats(0, 360))
def test_what_is_1500_metres_away_is_not_in_the_neighbourhood(point: GeoPoint, metres: float, bearing: float) -> None:
    assert cell_of(away_from(point, metres, bearing)) not in neighbourhood(cell_of(point))


@settings(deadline=None)
@given(IN_INDONESIA)
def test_neighbours_are_mutual_and_a_cell_comes_first_in_its_own_neighbourhood(point: GeoPoint) -> None:
    cell = cell_of(point)
    around = neighbourhood(cell)
    assert around[0] == cell
    assert len(set(around)) == 9
    assert all(cell in neighbourhood(other) for other in around)


@pytest.mark.parametrize("corner", [(-90, -180), (-90, 180), (90, -180), (90, 180), (0, 0)])
def test_the_edges_of_the_earth_have_cells_too(corner: tuple[float, float]) -> None:
    cell = cell_of(GeoPoint(*corner))
    assert cell in neighbourhood(cell)


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (90.1, 0, "latitude"),
        (-91, 0, "latitude"),
        (float("nan"), 0, "latitude"),
        (float("inf"), 0, "latitude"),
        (0, 180.1, "longitude"),
        (0, -181, "longitude"),
        (0, float("nan"), "longitude"),
    ],
)
def test_a_point_off_the_earth_is_refused_by_name(latitude: float, longitude: float, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be between"):
        GeoPoint(latitude, longitude)


@pytest.mark.parametrize("name", ["", "-", "1", "1-", "-1-2", "a-b", "1-2-3", "999999999-1", "1-999999999", "1 -2"])
def test_a_name_that_no_cell_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^cell must look like row-column"):
        neighbourhood(name)
