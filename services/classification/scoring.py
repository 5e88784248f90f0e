"""How strongly a text speaks for each category, with the evidence."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from services.classification.reading import Damping, Match, Reading

# What is left of a term's weight.
DAMPED: Final[Mapping[Damping, float]] = MappingProxyType(
    {"negated": 0.0, "idiom": 0.0, "within_longer": 0.0, "fiction": 0.25, "hypothetical": 0.5}
)
# Each further term for a category adds this much less, so that many words never drown a clear one.
FADING: Final = 0.6
# The score of "none of them": a category needs more than this to be believed.
NONE_SCORE: Final = 2.0
TEMPERATURE: Final = 1.5
# Fewer words than this cannot be certain, whatever they are.
FEW_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a category: the words found and their weight, full and after damping."""

    category: str
    words: str
    weight: float
    full_weight: float
    damped_by: Damping | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Probability for each category that has any; what they lack to 1 belongs to "none of them"."""

    probabilities: Mapping[str, float]
    evidence: tuple[Evidence, ...]


class Scorer(Protocol):
    """Anything that scores a text: the words below, or a learnt model."""

    def score(self, reading: Reading) -> Scores: ...


class WordScorer:
    """Scores by the lexicon's weights."""

    def score(self, reading: Reading) -> Scores:
        """Never fails; the probabilities sum to less than 1."""
        evidence = evidence_of(reading)
        certainty = min(1.0, len(reading.words) / FEW_WORDS)
        probabilities = _softmax(_totals(evidence))
        return Scores(
            MappingProxyType({code: certainty * share for code, share in probabilities.items()}),
            evidence,
        )


def evidence_of(reading: Reading) -> tuple[Evidence, ...]:
    """The same words count once for a category, whichever terms they match; the heaviest come first."""
    best: dict[tuple[str, str], Evidence] = {}
    for match in reading.matches:
        if match.term.kind == "category":
            found = _evidence(match, reading)
            key = (found.category, found.words)
            if key not in best or best[key].weight < found.weight:
                best[key] = found
    return tuple(sorted(best.values(), key=lambda found: (-found.weight, found.category, found.words)))


def _evidence(match: Match, reading: Reading) -> Evidence:
    term = match.term
    weight = term.weight * (DAMPED[match.damped_by] if match.damped_by else 1.0)
    return Evidence(term.target, reading.written(match), weight, term.weight, match.damped_by)


def _totals(evidence: Iterable[Evidence]) -> dict[str, float]:
    """Sum per category over evidence that comes heaviest first."""
    totals: dict[str, float] = {}
    share: dict[str, float] = {}
    for found in evidence:
        if found.weight > 0:
            fading = share.get(found.category, 1.0)
            totals[found.category] = totals.get(found.category, 0.0) + fading * found.weight
            share[found.category] = fading * FADING
    return totals


def _softmax(totals: Mapping[str, float]) -> dict[str, float]:
    highest = max(totals.values(), default=0.0)
    powers = {code: math.exp((total - highest) / TEMPERATURE) for code, total in totals.items()}
    none = math.exp((NONE_SCORE - highest) / TEMPERATURE)
    whole = none + sum(powers.values())
    return {code: power / whole for code, power in powers.items()}
