"""How much each section does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    repeats: int = 3
    journeys: int = 400
    naive_journeys: int = 100
    messages: int = 6_000
    submissions: int = 1_500
    urgent: int = 60
    backlog: int = 10_000
    few: int = 1_000
    many: int = 300_000
    fresh: int = 150  # journeys of new reports among the stored cases
    lookups: int = 1_000  # worklists and timelines read among them
    audited: int = 10_000
    paged: int = 10_000  # cases among which pages are opened
    looks: int = 60  # at each page


QUICK = Sizes(1, 20, 10, 300, 60, 3, 100, 20, 100, 10, 20, 200, 40, 5)
