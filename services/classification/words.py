"""A reporter's text taken apart into plain words, however it was typed.

Everything here is linear in the length of the text, and no text is read beyond MAX_CHARACTERS.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 10_000

# A number with its separators ("10.30", "2.500.000") is one piece, so that its dots do not end a sentence.
_PIECE: Final = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[^\W_]+|[.!?;,\n](?![0-9])")
_SENTENCE_ENDS: Final = frozenset(".!?;\n")
# Three of the same letter are shouting ("tolooong"); so are two at the end, where Indonesian never doubles.
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED_END: Final = re.compile(r"(?<=.)([^\W\d_])\1$")
# The 2 of "orang2" and "pukul2an" repeats the word, which adds nothing to its meaning here.
_REDUPLICATED: Final = re.compile(r"([^\W\d_]+)2([^\W\d_]*)")
# "jum'at" and "jumat", "don't" and "dont" are the same word.
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'`\u2018\u2019\u02bc"))
_DIGITS_FOR_LETTERS: Final = str.maketrans("013457", "oieast")


@dataclass(frozen=True, slots=True)
class Word:
    """A normalised word and the clause and sentence that it stands in, counted from 0."""

    text: str
    clause: int
    sentence: int


def is_cut(text: str) -> bool:
    """Whether the text is longer than what is read of it."""
    return len(text) > MAX_CHARACTERS


def normalise(text: str) -> str:
    """Fold case, width, accents and invisible characters away, and cut at MAX_CHARACTERS."""
    text = text[:MAX_CHARACTERS]
    if not text.isascii():
        # Marks go first: sorting a long run of them, which normalising does, takes quadratic time.
        text = unicodedata.normalize("NFKD", _without_marks(text))
        text = _without_marks(text)[:MAX_CHARACTERS]
    return text.casefold().translate(_APOSTROPHES)[:MAX_CHARACTERS]


def words_of(text: str, spellings: Mapping[str, str]) -> tuple[Word, ...]:
    """The words of a text in order; spellings maps a short or wrong spelling to the word or words that it means."""
    return tuple(_words(normalise(text), spellings))


def _words(text: str, spellings: Mapping[str, str]) -> Iterator[Word]:
    clause = sentence = 0
    previous = ""
    for piece in _PIECE.findall(text):
        if piece in _SENTENCE_ENDS:
            # What is said of the word in one sentence ("bukan sekarang") is not said of it in the next ("sekarang …").
            clause, sentence, previous = clause + 1, sentence + 1, ""
        elif piece == ",":
            clause += 1
        else:
            plain = _plain(piece)
            for word in spellings.get(plain, plain).split():
                # "anak-anak" and "tolong tolong" say what "anak" and "tolong" say.
                if word != previous:
                    yield Word(word, clause, sentence)
                previous = word


def _plain(piece: str) -> str:
    if piece[0].isdigit():
        return piece
    if any(character.isdigit() for character in piece):
        reduplicated = _REDUPLICATED.fullmatch(piece)
        piece = reduplicated[1] + reduplicated[2] if reduplicated else piece.translate(_DIGITS_FOR_LETTERS)
    piece = _STRETCHED.sub(r"\1", piece)
    return _DOUBLED_END.sub(r"\1", piece)


def _without_marks(text: str) -> str:
    return "".join(character for character in text if not _is_mark(character))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Cf", "Cs")
