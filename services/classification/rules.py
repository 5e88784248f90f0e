"""From words and circumstances to a suggestion, with the guard rails that no score may cross."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.classification.circumstances import Circumstances, circumstances_of
from services.classification.lexicon import WEIGHTS, Lexicon
from services.classification.reading import read
from services.classification.scoring import Evidence, Scorer, Scores, evidence_of
from services.classification.taxonomy import (
    GUARD_RAILS,
    OUTSIDE_AUTHORITY,
    POLICE_MISCONDUCT,
    SETTLING_TRACKS,
    STRICTNESS,
    TERRORISM_CARRIER,
    Category,
    Taxonomy,
)
from shared.contracts.complaint import MediationRule, Track, Urgency

# Below this an officer looks at the suggestion before it counts.
REVIEW_BELOW: Final = 0.6
# What the reporter's own choice of category is worth against the text.
HINT_SHARE: Final = 0.2
# A rival counts as close from this share of the best chance, if it has a real chance of its own.
CLOSE_SHARE: Final = 0.5
CLOSE_CHANCE: Final = 0.25
# One strong term, or two middling ones, put a guarded category beyond overlooking.
GUARD_WEIGHT: Final = WEIGHTS["strong"]
# Where all categories together are less likely than this, the best of them is a guess: it alone neither sends a patrol
# nor lets the complaint wait.
GUESS_BELOW: Final = 0.5
GUESS_MOST_URGENT: Final[Urgency] = "P2"
GUESS_LEAST_URGENT: Final[Urgency] = "P3"
UNRECOGNISED_URGENCY: Final[Urgency] = "P3"
# Crimes at P3 that have a victim in person: a vulnerable victim makes them P2. The others with a victim are P2 already.
VICTIM_CRIMES: Final = frozenset({"theft", "fraud", "online_fraud", "embezzlement", "property_damage", "trespass"})
MAX_REASONS: Final = 24

ReasonKind = Literal[
    "words",
    "damped_words",
    "circumstance",
    "hint",
    "unknown_hint",
    "graver_rival",
    "guard_rail",
    "terrorism",
    "urgent_though_past",
    "low_confidence",
    "unrecognised",
    "text_cut",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `about` is a category code, with its damping for damped words, or a signal; `words` are the lexicon's own.

    Together the words tell what the complaint says, so they are kept where the narrative may be kept.
    """

    kind: ReasonKind
    about: str = ""
    words: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rules propose. is_hidden: keep it from the police unit that the complaint is about."""

    category: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    mediation: MediationRule
    units: tuple[str, ...]
    partners: tuple[str, ...]
    confidence: float
    needs_review: bool
    is_hidden: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    category: Category
    chance: float
    recognised: bool
    is_guess: bool
    rivals: tuple[Category, ...]
    guarded: tuple[Category, ...]
    overruled: bool


def classify_text(
    text: str, *, in_progress: bool, hint: str | None, taxonomy: Taxonomy, lexicon: Lexicon, scorer: Scorer
) -> Suggestion:
    """Suggest category, urgency and track for a text of any length and content; the same input gives the same output.

    hint is the reporter's own choice of category; a code that the taxonomy does not have is named in the reasons.
    """
    reading = read(text, lexicon)
    scores = scorer.score(reading)
    circumstances = circumstances_of(reading, in_progress)
    choice = _choose(scores, evidence_of(reading), circumstances, hint, taxonomy)
    urgency = _urgency(choice, circumstances)
    mediation = _mediation(choice, circumstances)
    cautions = _cautions(choice, circumstances, in_progress=in_progress, is_cut=reading.is_cut)
    return Suggestion(
        category=choice.category.code,
        urgency=urgency,
        tracks=_tracks(choice, urgency, mediation),
        mediation=mediation,
        units=choice.category.units,
        partners=choice.category.partners if choice.recognised else (),
        confidence=choice.chance,
        needs_review=bool(cautions),
        is_hidden=choice.category.code == POLICE_MISCONDUCT,
        reasons=(*cautions, *_grounds(choice, scores, circumstances, hint, taxonomy))[:MAX_REASONS],
    )


def _choose(
    scores: Scores,
    words: Iterable[Evidence],
    circumstances: Circumstances,
    hint: str | None,
    taxonomy: Taxonomy,
) -> _Choice:
    chances = _chances(scores, hint, taxonomy)
    ranked = sorted(
        (taxonomy[code] for code in chances), key=lambda category: (-chances[category.code], _mildness(category))
    )
    # The guard rails rest on the words even where another scorer does the ranking: a model may miss, a word stays.
    guarded = _guarded(words, taxonomy)
    best = ranked[0] if ranked else taxonomy[OUTSIDE_AUTHORITY]
    category = _guarded_choice(best, guarded, circumstances, taxonomy, chances)
    least = max(CLOSE_CHANCE, CLOSE_SHARE * chances.get(best.code, 0.0))
    return _Choice(
        category=category,
        chance=chances.get(category.code, 0.0),
        recognised=bool(ranked) or category is not best,
        is_guess=sum(chances.values()) < GUESS_BELOW and category is best,
        rivals=tuple(rival for rival in ranked if rival is not category and chances[rival.code] >= least),
        guarded=guarded,
        overruled=category is not best,
    )


def _chances(scores: Scores, hint: str | None, taxonomy: Taxonomy) -> Mapping[str, float]:
    chances = {code: share for code, share in scores.probabilities.items() if code in taxonomy}
    if hint is None or hint not in taxonomy:
        return chances
    chances = {code: (1 - HINT_SHARE) * share for code, share in chances.items()}
    chances[hint] = chances.get(hint, 0.0) + HINT_SHARE
    return chances


def _mildness(category: Category) -> tuple[str, int, str]:
    """Sorts the graver category first."""
    return category.urgency, -STRICTNESS[category.mediation], category.code


def _guarded(words: Iterable[Evidence], taxonomy: Taxonomy) -> tuple[Category, ...]:
    """The guarded categories that the text clearly speaks of, the clearest first."""
    weights: dict[str, float] = {}
    for found in words:
        if found.category in GUARD_RAILS and found.damped_by is None:
            weights[found.category] = weights.get(found.category, 0.0) + found.weight
    codes = sorted(
        (code for code, weight in weights.items() if weight >= GUARD_WEIGHT), key=lambda code: -weights[code]
    )
    return tuple(taxonomy[code] for code in codes)


def _guarded_choice(
    best: Category,
    guarded: tuple[Category, ...],
    circumstances: Circumstances,
    taxonomy: Taxonomy,
    chances: Mapping[str, float],
) -> Category:
    if any(category.code == POLICE_MISCONDUCT for category in guarded):
        # Any other category would show the complaint to the unit that it is about.
        return taxonomy[POLICE_MISCONDUCT]
    if circumstances.terrorism:
        return taxonomy[TERRORISM_CARRIER]
    if guarded and SETTLING_TRACKS.intersection(best.tracks):
        return max(guarded, key=lambda category: chances.get(category.code, 0.0))
    return best


def _urgency(choice: _Choice, circumstances: Circumstances) -> Urgency:
    """The most urgent of the category, its close rivals and what the circumstances demand; "P1" sorts first."""
    found = [_urgency_of(category, circumstances) for category in (choice.category, *choice.rivals)]
    if not choice.recognised:
        found = [UNRECOGNISED_URGENCY]
    elif choice.is_guess:
        found = [min(max(min(found), GUESS_MOST_URGENT), GUESS_LEAST_URGENT)]
    conditions = circumstances.conditions
    if circumstances.life_in_danger or circumstances.terrorism:
        found.append("P1")
    if "perpetrator_near" in conditions or (not choice.recognised and "in_progress" in conditions):
        found.append("P2")
    if "vulnerable" in conditions and choice.category.code in VICTIM_CRIMES:
        found.append("P2")
    return min(found)


def _urgency_of(category: Category, circumstances: Circumstances) -> Urgency:
    met = (
        rule.urgency
        for rule in category.urgent_when
        if "always" in rule.conditions or circumstances.conditions.intersection(rule.conditions)
    )
    return min((category.urgency, *met))


def _mediation(choice: _Choice, circumstances: Circumstances) -> MediationRule:
    """The strictest rule among the category and the guarded ones that the text speaks of."""
    if circumstances.terrorism:
        return "never"
    rivals = (rival for rival in choice.rivals if rival.code in GUARD_RAILS)
    rules = (category.mediation for category in (choice.category, *choice.guarded, *rivals))
    return max(rules, key=lambda rule: STRICTNESS[rule])


def _tracks(choice: _Choice, urgency: Urgency, mediation: MediationRule) -> tuple[Track, ...]:
    tracks = choice.category.tracks
    if choice.category.code == POLICE_MISCONDUCT:
        # Not even at P1 a patrol of its own accord: it could come from the unit that the complaint is about.
        return tracks
    if not choice.recognised:
        return ("dispatch",) if urgency == "P1" else tracks
    if mediation != "allowed" or urgency == "P1":
        tracks = tuple(track for track in tracks if track not in SETTLING_TRACKS)
    if urgency == "P1" and "dispatch" not in tracks:
        # P1 means that somebody is sent now.
        tracks = (*tracks, "dispatch")
    return tracks or ("investigation",)


def _cautions(choice: _Choice, circumstances: Circumstances, *, in_progress: bool, is_cut: bool) -> tuple[Reason, ...]:
    """Every reason for an officer to look first."""
    always = any("always" in rule.conditions for rule in choice.category.urgent_when)
    found = {
        Reason("terrorism", TERRORISM_CARRIER): circumstances.terrorism,
        Reason("guard_rail", choice.category.code): choice.overruled,
        Reason("urgent_though_past", choice.category.code): circumstances.is_past and (always or in_progress),
        Reason("unrecognised"): not choice.recognised,
        Reason("low_confidence", weight=choice.chance): choice.recognised and choice.chance < REVIEW_BELOW,
        Reason("text_cut"): is_cut,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _grounds(
    choice: _Choice, scores: Scores, circumstances: Circumstances, hint: str | None, taxonomy: Taxonomy
) -> tuple[Reason, ...]:
    hints = () if hint is None else (Reason("hint" if hint in taxonomy else "unknown_hint", hint),)
    rivals = (
        Reason("graver_rival", rival.code)
        for rival in choice.rivals
        if _urgency_of(rival, circumstances) < _urgency_of(choice.category, circumstances)
    )
    shown = (Reason("circumstance", signal, words) for signal, words in circumstances.shown_by)
    counting = (
        Reason("words", found.category, found.words, found.weight)
        for found in scores.evidence
        if found.damped_by is None
    )
    damped = (
        Reason("damped_words", f"{found.category} {found.damped_by}", found.words, found.weight)
        for found in scores.evidence
        if found.damped_by is not None
    )
    return (*hints, *rivals, *counting, *shown, *damped)
