"""What the lexicon finds in a text, and which of it does not count because of the words around it.

One pass over the words, with a bounded amount of work for each: the time is linear in the length of the text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.classification.lexicon import Lexicon, Term
from services.classification.words import Word, is_cut, words_of

# Why a match counts less than its full weight.
Damping = Literal["negated", "idiom", "fiction", "hypothetical", "within_longer"]

# A word may stand between two words of a phrase ("orang yang hilang"); the words of a set lie in a stretch this long.
PHRASE_GAP: Final = 1
SET_WIDTH: Final = 11
# How many words a negation skips to find what it negates, and how many joined words it covers ("tidak a atau b").
NEGATION_SKIPS: Final = 4
NEGATION_JOINS: Final = 4
# Words for these count even inside a longer term of another category: what must never be mediated must not be missed.
NEVER_HIDDEN: Final = frozenset({"sexual_violence"})


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in the text, with the places of its words."""

    term: Term
    places: tuple[int, ...]
    damped_by: Damping | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the lexicon sees it. is_cut: the text was longer than what was read."""

    text: str
    words: tuple[Word, ...]
    matches: tuple[Match, ...]
    is_cut: bool

    def sentence(self, match: Match) -> int:
        """The sentence in which the match begins."""
        return self.words[match.places[0]].sentence

    def written(self, match: Match) -> str:
        """The normalised words of the text that matched."""
        return " ".join(self.words[place].text for place in sorted(match.places))

    def counting(self, target: str) -> tuple[Match, ...]:
        """The matches for a signal or a context that nothing damps."""
        return tuple(match for match in self.matches if match.term.target == target and match.damped_by is None)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    idioms: Mapping[int, tuple[Match, ...]]
    negated_by: Mapping[int, int]
    fiction: frozenset[int]
    hypothetical_from: Mapping[int, int]


def read(text: str, lexicon: Lexicon) -> Reading:
    """Find the lexicon's terms in a text of any length and content."""
    words = words_of(text, lexicon.spellings)
    found = tuple(_found(words, lexicon))
    idioms = _by_place(match for match in found if match.term.target == "idiom")
    exempt = frozenset(place for match in found if match.term.target == "not_negated" for place in match.places)
    negated_by = dict(_negations(words, lexicon, exempt))
    plain = _Surroundings(idioms, negated_by, frozenset(), {})
    contexts = tuple(_damped(match, words, plain) for match in found if match.term.kind == "context")
    surroundings = _Surroundings(
        idioms,
        negated_by,
        frozenset(words[match.places[0]].sentence for match in _counting(contexts, "fiction")),
        _earliest(words, _counting(contexts, "hypothetical")),
    )
    rest = tuple(_damped(match, words, surroundings) for match in found if match.term.kind != "context")
    return Reading(text, words, (*contexts, *_longest(rest)), is_cut(text))


def _found(words: tuple[Word, ...], lexicon: Lexicon) -> Iterator[Match]:
    atoms = tuple(lexicon.atoms_of(word.text) for word in words)
    last_seen: dict[str, int] = {}
    for place, here in enumerate(atoms):
        for atom in here:
            for term in lexicon.phrases.get(atom, ()):
                places = _phrase_at(place, term, words, atoms)
                if places:
                    yield Match(term, places)
            for term, others in lexicon.sets.get(atom, ()):
                before = [last_seen.get(other, -SET_WIDTH) for other in others]
                if place - min(before) < SET_WIDTH:
                    yield Match(term, (*sorted(before), place))
        last_seen.update(dict.fromkeys(here, place))


def _phrase_at(start: int, term: Term, words: tuple[Word, ...], atoms: tuple[tuple[str, ...], ...]) -> tuple[int, ...]:
    places = [start]
    for atom in term.atoms[1:]:
        after = places[-1] + 1
        reach = range(after, min(after + PHRASE_GAP + 1, len(words)))
        place = next((place for place in reach if atom in atoms[place]), None)
        if place is None or words[place].sentence != words[start].sentence:
            return ()
        places.append(place)
    return tuple(places)


def _negations(words: tuple[Word, ...], lexicon: Lexicon, exempt: frozenset[int]) -> Iterator[tuple[int, int]]:
    """For each negated place, the place of the word that negates it.

    A negation hits the next word with content ("tidak ada yang terluka") and what is joined to it by "atau".
    """
    for negator, word in enumerate(words):
        if word.text not in lexicon.negators or negator in exempt:
            continue
        place = _content_after(negator, words, lexicon)
        for _ in range(NEGATION_JOINS):
            if place is None:
                break
            yield place, negator
            joined = place + 1 < len(words) and words[place + 1].text in lexicon.joiners
            place = _content_after(place + 1, words, lexicon) if joined else None


def _content_after(place: int, words: tuple[Word, ...], lexicon: Lexicon) -> int | None:
    for after in range(place + 1, min(place + 2 + NEGATION_SKIPS, len(words))):
        if words[after].clause != words[place].clause:
            return None
        if words[after].text not in lexicon.fillers:
            return after
    return None


def _damped(match: Match, words: tuple[Word, ...], surroundings: _Surroundings) -> Match:
    return Match(match.term, match.places, _damping(match, words, surroundings))


def _damping(match: Match, words: tuple[Word, ...], surroundings: _Surroundings) -> Damping | None:
    places = frozenset(match.places)
    sentence = words[match.places[0]].sentence
    idioms = (idiom for place in match.places for idiom in surroundings.idioms.get(place, ()))
    if match.term.target != "idiom" and any(_hides(idiom, match) for idiom in idioms):
        return "idiom"
    # A term that holds its own negation ("tidak pulang") is not negated by it.
    if any(surroundings.negated_by.get(place, place) not in places for place in match.places):
        return "negated"
    if sentence in surroundings.fiction:
        return "fiction"
    if match.places[0] > surroundings.hypothetical_from.get(sentence, len(words)):
        return "hypothetical"
    return None


def _hides(idiom: Match, match: Match) -> bool:
    """A term stands in spite of an idiom only if it is that very phrase ("begal payudara") or holds it and more."""
    return match.term.written != idiom.term.written and not set(match.places) > set(idiom.places)


def _earliest(words: tuple[Word, ...], matches: Iterable[Match]) -> dict[int, int]:
    """For each sentence with such a match, the place of the first: what follows it is only feared or supposed."""
    earliest: dict[int, int] = {}
    for match in matches:
        earliest.setdefault(words[match.places[0]].sentence, match.places[-1])
    return earliest


def _longest(matches: tuple[Match, ...]) -> Iterator[Match]:
    """Of the terms for categories, one inside a longer one gives way: "curi" in "curi motor" is not plain theft."""
    by_place = _by_place(match for match in matches if match.term.kind == "category" and match.damped_by is None)
    for match in matches:
        yields = match.term.kind == "category" and match.damped_by is None and match.term.target not in NEVER_HIDDEN
        around = by_place[match.places[0]] if yields else ()
        is_inside = any(set(match.places) < set(longer.places) for longer in around)
        yield Match(match.term, match.places, "within_longer") if is_inside else match


def _by_place(matches: Iterable[Match]) -> dict[int, tuple[Match, ...]]:
    """The matches at each place, of those with the same words only the first."""
    by_place: dict[int, dict[tuple[int, ...], Match]] = {}
    for match in matches:
        for place in match.places:
            by_place.setdefault(place, {}).setdefault(match.places, match)
    return {place: tuple(found.values()) for place, found in by_place.items()}


def _counting(matches: Iterable[Match], target: str) -> Iterator[Match]:
    return (match for match in matches if match.term.target == target and match.damped_by is None)
