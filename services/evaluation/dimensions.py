"""What figures are broken down by."""

from typing import Literal, Protocol, get_args

Dimension = Literal["unit", "category", "village", "channel"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
UNKNOWN = "unknown"


class Placed(Protocol):
    """Whatever says where a complaint belongs."""

    @property
    def units(self) -> tuple[str, ...]: ...

    @property
    def category(self) -> str | None: ...

    @property
    def village(self) -> str | None: ...

    @property
    def channel(self) -> str | None: ...


def names_of(placed: Placed, dimension: Dimension) -> tuple[str, ...]:
    """Where a complaint counts: with every unit that has it, else in one place."""
    if dimension == "unit":
        return placed.units or (UNKNOWN,)
    named: str | None = getattr(placed, dimension)
    return (named or UNKNOWN,)
