"""What figures are broken down by."""

from typing import Literal, get_args

from services.evaluation.domain import Record

Dimension = Literal["unit", "category", "village", "channel"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
UNKNOWN = "unknown"


def names_of(record: Record, dimension: Dimension) -> tuple[str, ...]:
    """Where a complaint counts: with every unit that has it, else in one place."""
    if dimension == "unit":
        return record.units or (UNKNOWN,)
    named: str | None = getattr(record, dimension)
    return (named or UNKNOWN,)
