"""Points on the map, and the coarse cells that stand for them where the exact place is sealed."""

from dataclasses import dataclass
from math import floor

# 0.0046 degrees are 502 to 513 m from 11° S to 6° N, all of Indonesia, so a cell and its eight neighbours always hold
# everything within 500 m of a point. Nearer the poles the cells get narrower and the promise ends.
CELL_DEGREES = 0.0046
_ROWS = floor(180 / CELL_DEGREES)
_COLUMNS = floor(360 / CELL_DEGREES)


@dataclass(frozen=True)
class GeoPoint:
    """A place in WGS 84 degrees. Raises ValueError, which names the field, when a coordinate is not on earth."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not -90 <= self.latitude <= 90:  # also refuses NaN
            raise ValueError("latitude must be between -90 and 90 degrees")
        if not -180 <= self.longitude <= 180:
            raise ValueError("longitude must be between -180 and 180 degrees")


def cell_of(point: GeoPoint) -> str:
    """The name of the cell of about 500 m by 500 m that holds the point. It cannot be read back to the point."""
    row = floor((point.latitude + 90) / CELL_DEGREES)
    column = floor((point.longitude + 180) / CELL_DEGREES)
    return _name(row, column)


def neighbourhood(cell: str) -> tuple[str, ...]:
    """The cell itself, first, and those that touch it. Raises ValueError for a name that no cell has."""
    row, column = _position(cell)
    around = ((row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0))
    return (cell, *(_name(r, c) for r, c in around if 0 <= r <= _ROWS and 0 <= c <= _COLUMNS))


def _name(row: int, column: int) -> str:
    return f"{row}-{column}"


def _position(cell: str) -> tuple[int, int]:
    row, _, column = cell.partition("-")
    if row.isdecimal() and column.isdecimal() and int(row) <= _ROWS and int(column) <= _COLUMNS:
        return int(row), int(column)
    raise ValueError("cell must look like row-column, two whole numbers on the grid")
