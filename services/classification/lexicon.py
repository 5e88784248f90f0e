"""The words that speak for a category or a signal, read from the text of a TOML file that the Polres may edit.

How a term is written in the file:
    begal               the word itself
    curi*               any form of the root: mencuri, dicuri, kecurian, pencuri, nyuri …
    @vehicle            any word of the group of that name
    #  #year  #minor    any number; a year from 1900 to 2099; the age of a minor
    orang hilang        these in this order, with at most one other word between two of them
    @vehicle & curi*    all these words close together, in any order
Terms are normalised like the reporters' texts, so a spelling listed once counts for both.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from services.classification.morphology import forms_of, without_clitics
from services.classification.words import words_of

Signal = Literal[
    "in_progress",
    "present",
    "injured",
    "armed",
    "perpetrator_near",
    "child",
    "vulnerable",
    "victim_held",
    "transfer",
    "today",
    "unrest",
    "seizure",
    "danger",
    "violence",
    "life_in_danger",
    "terrorism",
]
Context = Literal["idiom", "not_negated", "fiction", "hypothetical", "past", "earlier", "habitual"]
Kind = Literal["category", "signal", "context"]

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({"strong": 4.0, "medium": 2.0, "weak": 1.0})
GRAMMAR: Final = ("negators", "fillers", "joiners", "numbers")
TABLES: Final = ("spellings", "grammar", "groups", "contexts", "signals", "categories")

_ROOT: Final = re.compile(r"([^\W\d_]{2,})\*")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_MINOR: Final = re.compile(r"[0-9]|1[0-7]")
NUMBERS: Final = ("#", "#year", "#minor")


_NAMED: Final[tuple[tuple[Kind, str, tuple[str, ...]], ...]] = (
    ("context", "contexts", get_args(Context)),
    ("signal", "signals", get_args(Signal)),
)


class LexiconError(ValueError):
    """The file is not a usable lexicon; says which table and entry."""

    def __init__(self, entry: str, problem: str) -> None:
        super().__init__(f"lexicon, {entry}: {problem}")
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Term:
    """What to look for and what it speaks for; the atoms of a phrase are in order, those of a set are not."""

    written: str
    kind: Kind
    target: str
    weight: float
    atoms: tuple[str, ...]
    is_set: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """What the terms of one list speak for, and the list's name for errors."""

    kind: Kind
    target: str
    entry: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All terms, indexed by the atoms that they begin with, or that they hold in the case of sets."""

    spellings: Mapping[str, str]
    atoms: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[Term, ...]]
    sets: Mapping[str, tuple[tuple[Term, tuple[str, ...]], ...]]
    negators: frozenset[str]
    fillers: frozenset[str]
    joiners: frozenset[str]

    def atoms_of(self, word: str) -> tuple[str, ...]:
        """What a word of a text stands for; empty for a word that the lexicon does not know."""
        if word[0].isdigit():
            return _numbers(word)
        if word in self.atoms:
            return self.atoms[word]
        if word in self.fillers or word in self.joiners:
            return ()
        return next((self.atoms[shorter] for shorter in without_clitics(word) if shorter in self.atoms), ())


def _numbers(word: str) -> tuple[str, ...]:
    if _YEAR.fullmatch(word):
        return ("#", "#year")
    return ("#", "#minor") if _MINOR.fullmatch(word) else ("#",)


def parse_lexicon(text: str, codes: Collection[str]) -> Lexicon:
    """Read a lexicon from TOML text for the categories with these codes; raises LexiconError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError("file", f"not valid TOML: {error}") from error
    for name in document:
        if name not in TABLES:
            raise LexiconError(name, f"is not one of the tables {', '.join(TABLES)}")
    tables = {name: _table(document.get(name), name) for name in TABLES}
    spellings = _spellings(tables["spellings"])
    grammar = {name: _words(tables["grammar"].get(name), f"grammar.{name}", spellings) for name in GRAMMAR}
    groups = _groups(tables["groups"], spellings)
    terms = tuple(_terms(tables, spellings, groups, codes))
    return Lexicon(
        spellings=MappingProxyType(spellings),
        atoms=MappingProxyType(_atoms(terms, groups, grammar["numbers"])),
        phrases=MappingProxyType(_phrases(terms)),
        sets=MappingProxyType(_sets(terms)),
        negators=grammar["negators"],
        fillers=grammar["fillers"],
        joiners=grammar["joiners"],
    )


def _table(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise LexiconError(name, "this table is missing")
    return value


def _strings(value: Any, entry: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise LexiconError(entry, "must be a list of one or more strings")
    repeated = sorted({item for item in value if value.count(item) > 1})
    if repeated:
        raise LexiconError(entry, f"{', '.join(repeated)} is listed twice")
    return tuple(value)


def _spellings(table: Mapping[str, Any]) -> dict[str, str]:
    """The file lists the spellings under what they mean; here they are the keys."""
    spellings: dict[str, str] = {}
    for meaning, entry in table.items():
        for spelling in _strings(entry, f"spellings.{meaning}"):
            plain = _single(spelling, f"spellings.{meaning}", {})
            if plain != spelling:
                raise LexiconError(
                    f"spellings.{meaning}", f"{spelling!r} is read as {plain!r}, so list that or nothing"
                )
            if plain in spellings:
                raise LexiconError(f"spellings.{meaning}", f"{spelling!r} already means {spellings[plain]!r}")
            spellings[plain] = meaning
    return spellings


def _words(value: Any, entry: str, spellings: Mapping[str, str]) -> frozenset[str]:
    return frozenset(_single(item, entry, spellings) for item in _strings(value, entry))


def _single(item: str, entry: str, spellings: Mapping[str, str]) -> str:
    words = words_of(item, spellings)
    if len(words) != 1:
        raise LexiconError(entry, f"{item!r} is not a single word")
    return words[0].text


def _terms(
    tables: Mapping[str, Mapping[str, Any]],
    spellings: Mapping[str, str],
    groups: Collection[str],
    codes: Collection[str],
) -> Iterator[Term]:
    for kind, table, known in _NAMED:
        _check_names(tables[table], table, known)
        for target in known:
            for written in _strings(tables[table][target], f"{table}.{target}"):
                yield _term(_Place(kind, target, f"{table}.{target}"), written, 0.0, spellings, groups)
    _check_names(tables["categories"], "categories", codes)
    for code in codes:
        seen: set[str] = set()
        for strength, entry in _table(tables["categories"][code], f"categories.{code}").items():
            place = _Place("category", code, f"categories.{code}.{strength}")
            if strength not in WEIGHTS:
                raise LexiconError(place.entry, f"is not one of {', '.join(WEIGHTS)}")
            for written in _strings(entry, place.entry):
                if written in seen:
                    raise LexiconError(place.entry, f"{written!r} is listed under another strength too")
                seen.add(written)
                yield _term(place, written, WEIGHTS[strength], spellings, groups)


def _check_names(table: Mapping[str, Any], name: str, known: Collection[str]) -> None:
    for unknown in sorted(table.keys() - set(known)):
        raise LexiconError(f"{name}.{unknown}", "is not known")
    for missing in sorted(set(known) - table.keys()):
        raise LexiconError(f"{name}.{missing}", "is missing")


def _term(place: _Place, written: str, weight: float, spellings: Mapping[str, str], groups: Collection[str]) -> Term:
    sides = [tuple(_atoms_in(side, place.entry, spellings, groups)) for side in written.split(" & ")]
    if not all(sides):
        raise LexiconError(place.entry, f"{written!r} holds no word")
    is_set = len(sides) > 1
    return Term(written, place.kind, place.target, weight, tuple(atom for side in sides for atom in side), is_set)


def _atoms_in(side: str, entry: str, spellings: Mapping[str, str], groups: Collection[str]) -> Iterator[str]:
    for part in side.split():
        if part.startswith("@"):
            if part not in groups:
                raise LexiconError(entry, f"there is no group {part[1:]!r} above this place")
            yield part
        elif _ROOT.fullmatch(part) or part in NUMBERS:
            yield part
        elif not part.isalnum():
            raise LexiconError(entry, f"{part!r} in {side!r} is neither a word, a root*, an @group nor #")
        else:
            yield from (word.text for word in words_of(part, spellings))


def _atoms(
    terms: tuple[Term, ...], groups: Mapping[str, frozenset[str]], numbers: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """For each word that any term means, the atoms by which terms name it."""
    found: dict[str, dict[str, None]] = {number: {"#": None} for number in sorted(numbers)}
    for atom in dict.fromkeys(atom for term in terms for atom in term.atoms):
        for word in sorted(_words_meant(atom, groups)):
            found.setdefault(word, {})[atom] = None
    return {word: tuple(atoms) for word, atoms in found.items()}


def _words_meant(atom: str, groups: Mapping[str, frozenset[str]]) -> Iterable[str]:
    if atom.startswith("#"):
        return ()
    if atom.startswith("@"):
        return groups[atom]
    return forms_of(atom[:-1]) if atom.endswith("*") else (atom,)


def _groups(table: Mapping[str, Any], spellings: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The words of each group; a group may name only those above it, so none can hold itself."""
    groups: dict[str, frozenset[str]] = {}
    for name, members in table.items():
        words: set[str] = set()
        for member in _strings(members, f"groups.{name}"):
            atoms = tuple(_atoms_in(member, f"groups.{name}", spellings, groups))
            if len(atoms) != 1 or atoms[0].startswith("#"):
                raise LexiconError(f"groups.{name}", f"{member!r} is not a single word, a root* or an @group above")
            words.update(_words_meant(atoms[0], groups))
        groups[f"@{name}"] = frozenset(words)
    return groups


def _phrases(terms: tuple[Term, ...]) -> dict[str, tuple[Term, ...]]:
    index: dict[str, list[Term]] = {}
    for term in terms:
        if not term.is_set:
            index.setdefault(term.atoms[0], []).append(term)
    return {atom: tuple(found) for atom, found in index.items()}


def _sets(terms: tuple[Term, ...]) -> dict[str, tuple[tuple[Term, tuple[str, ...]], ...]]:
    """For each atom the sets that hold it, with the other atoms of each."""
    index: dict[str, list[tuple[Term, tuple[str, ...]]]] = {}
    for term in terms:
        if term.is_set:
            for place, atom in enumerate(term.atoms):
                index.setdefault(atom, []).append((term, term.atoms[:place] + term.atoms[place + 1 :]))
    return {atom: tuple(found) for atom, found in index.items()}
