"""How long a complaint is kept once it has ended, by how it ended and by its category. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.intake.course import End

UNCLASSIFIED = "unclassified"


class Rule(BaseModel):
    """Years for these outcomes and categories; one that names none holds for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcomes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    years: int = Field(ge=1, le=100)

    def holds_for(self, outcome: str, category: str) -> bool:
        return (not self.outcomes or outcome in self.outcomes) and (not self.categories or category in self.categories)


class Retention(BaseModel):
    """The first rule that holds decides. `decided_by` says whose decision the times are; without one nothing goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decided_by: str = ""
    years: int = Field(ge=1, le=100, description="where no rule holds")
    rules: tuple[Rule, ...] = ()

    @property
    def shortest(self) -> int:
        return min([self.years, *(rule.years for rule in self.rules)])

    def over_at(self, end: End, category: str | None) -> datetime:
        """When the time of a complaint is over. Of several outcomes, the one that is kept longest counts."""
        return years_after(end.at, max(self._years(outcome, category or UNCLASSIFIED) for outcome in end.outcomes))

    def _years(self, outcome: str, category: str) -> int:
        return next((rule.years for rule in self.rules if rule.holds_for(outcome, category)), self.years)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """So many complaints whose time is over."""

    category: str
    outcome: str
    count: int


def counted(ends: Iterable[tuple[End, str | None]]) -> list[Line]:
    """What the dry run shows, by category and outcome."""
    counts: dict[tuple[str, str], int] = {}
    for end, category in ends:
        key = category or UNCLASSIFIED, "+".join(end.outcomes)
        counts[key] = counts.get(key, 0) + 1
    return sorted(Line(category, outcome, count) for (category, outcome), count in counts.items())


def years_after(moment: datetime, years: int) -> datetime:
    """The same day so many years later; of 29 February, 1 March where there is none."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)
