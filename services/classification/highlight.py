"""Where in a report the words stand that led to its classification."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.classification.reading import SET_WIDTH
from services.classification.words import MAX_CHARACTERS, words_of

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as it was written."""

    text: str
    is_ground: bool


def pieces(text: str, grounds: Iterable[str], spellings: Mapping[str, str]) -> tuple[Piece, ...]:
    """The whole text in its order. The grounds are in the words that the rules read ("uang" for "duit"), so each word
    of the text is read as the rules read it; a ground of several words counts where they stand close together."""
    found = list(_WORD.finditer(text[:MAX_CHARACTERS]))
    read = [frozenset(word.text for word in words_of(match[0], spellings)) for match in found]
    marked = {place for ground in set(grounds) for place in _places(frozenset(ground.split()), read)}
    return tuple(_cut(text, [found[place] for place in sorted(marked)]))


def _places(wanted: frozenset[str], read: list[frozenset[str]]) -> Iterator[int]:
    for start, words in enumerate(read):
        if wanted.isdisjoint(words):
            continue
        near = range(start, min(start + SET_WIDTH, len(read)))
        if wanted <= frozenset().union(*(read[place] for place in near)):
            yield from (place for place in near if not wanted.isdisjoint(read[place]))


def _cut(text: str, marked: list[re.Match[str]]) -> Iterator[Piece]:
    told = 0
    for match in marked:
        if match.start() > told:
            yield Piece(text[told : match.start()], is_ground=False)
        yield Piece(match[0], is_ground=True)
        told = match.end()
    if told < len(text):
        yield Piece(text[told:], is_ground=False)
