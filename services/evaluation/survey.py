"""The public service survey (SKM, PermenPANRB 14/2017) and the satisfaction index (IKM) made of it.

The elements are numbered as the regulation's questionnaire asks for them: u8 is facilities, u9 the handling of
complaints, which its list of elements has the other way round.

All is computed from sums of whole numbers and rounded once, half up, so that no figure depends on the order of answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from shared.contracts.evaluation import SurveyScores

Grade = Literal["A", "B", "C", "D"]

ELEMENTS: tuple[str, ...] = tuple(SurveyScores.model_fields)
_FROM: tuple[tuple[Decimal, Grade], ...] = ((Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"))
B_FROM = Decimal("76.61")
_SCALE = 25
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Element:
    """One element: the sum of its scores, their mean (NRR), and that on the scale of the index with its grade."""

    name: str
    sum: int
    mean: Decimal
    index: Decimal
    grade: Grade


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The index of so many answers; there is none without answers."""

    answers: int
    elements: tuple[Element, ...] = ()
    index: Decimal | None = None
    grade: Grade | None = None


def satisfaction(scores: Sequence[SurveyScores]) -> Satisfaction:
    """The index of these answers."""
    return from_sums(len(scores), {name: sum(getattr(answer, name) for answer in scores) for name in ELEMENTS})


def from_sums(answers: int, sums: Mapping[str, int]) -> Satisfaction:
    """IKM = Σ(mean of the element × 1/9) × 25, with the exact ninth and not the common 0.11."""
    if answers == 0:
        return Satisfaction(0)
    elements = tuple(_element(name, sums[name], answers) for name in ELEMENTS)
    index = rounded(Decimal(sum(sums.values()) * _SCALE) / (len(ELEMENTS) * answers))
    return Satisfaction(answers, elements, index, grade(index))


def grade(index: Decimal) -> Grade:
    """The grade of an index that is rounded to two decimals."""
    return next((letter for least, letter in _FROM if index >= least), "D")


def rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _element(name: str, total: int, answers: int) -> Element:
    index = rounded(Decimal(total * _SCALE) / answers)
    return Element(name, total, rounded(Decimal(total) / answers), index, grade(index))
