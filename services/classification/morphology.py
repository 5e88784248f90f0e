"""The forms that a root takes in Indonesian, generated from the root.

Generating forms is exact where cutting affixes off unknown words is guesswork: "memukul" could come from "pukul" or
"mukul", but "pukul" has one form with me-. So no word of a reporter is ever cut, apart from the short words that are
written onto its end (-nya, -ku, -mu, -lah, -kah, -pun).
"""

from collections.abc import Iterator
from typing import Final

_VOWELS: Final = frozenset("aeiou")
_PLAIN_PREFIXES: Final = ("", "di", "ter", "ke", "ber", "be", "se", "pe", "per", "diper", "memper", "ku", "kau")
_SUFFIXES: Final = ("", "kan", "i", "an", "in")
_CLITICS: Final = ("nya", "ku", "mu", "lah", "kah", "pun")
_SHORTEST_WORD: Final = 3


def forms_of(root: str) -> frozenset[str]:
    """All forms of a root, among them colloquial ones such as "mukul", "ngancam" and "dipukulin"."""
    stems = {prefix + root for prefix in _PLAIN_PREFIXES}
    stems.update(_nasal_forms(root))
    return frozenset(stem + suffix for stem in stems for suffix in _SUFFIXES)


def without_clitics(word: str) -> Iterator[str]:
    """The word with the short words at its end taken off, one more each time ("orangnyalah": orangnya, orang)."""
    for _ in range(2):
        ending = next((clitic for clitic in _CLITICS if word.endswith(clitic)), "")
        word = word.removesuffix(ending)
        if not ending or len(word) < _SHORTEST_WORD:
            return
        yield word


def _nasal_forms(root: str) -> Iterator[str]:
    for nasal, rest in _nasals(root):
        yield "me" + nasal + rest
        yield "pe" + nasal + rest
        if nasal:
            yield nasal + rest
    # "ngerampok", "ngebegal": how the same prefix is spoken.
    yield "nge" + root
    if root[0] == "c":
        yield "ny" + root[1:]


def _nasals(root: str) -> Iterator[tuple[str, str]]:
    """What me- and pe- become before the root, and what is left of the root after it."""
    first, rest = root[0], root[1:]
    if first in _VOWELS or first in "gh":
        yield "ng", root
    elif first == "k":
        yield "ng", rest
        yield "ng", root
    elif first == "p":
        yield "m", rest
        yield "m", root
    elif first == "t":
        yield "n", rest
        yield "n", root
    elif first == "s":
        yield "ny", rest
        yield "n", root
    elif first in "bfv":
        yield "m", root
    elif first in "dcjz":
        yield "n", root
    else:
        yield "", root
    if len(root) <= _SHORTEST_WORD:
        yield "nge", root
