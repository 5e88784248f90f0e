"""How much each section does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    repeats: int = 3
    journeys: int = 400
    naive_journeys: int = 100
    messages: int = 6_000


QUICK = Sizes(1, 20, 10, 300)
