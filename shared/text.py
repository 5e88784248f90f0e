"""Text that comes from outside: normalised, bounded, and free of what can harm a reader's eyes or a database."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

# Directional overrides can make a text read otherwise than it is stored; zero-width marks can hide one in another.
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_LAYOUT = frozenset("\n\t")


def clean(text: str) -> str:
    """NFC, Unix line ends, no invisible marks. Raises ValueError for control characters and lone surrogates."""
    text = "".join(character for character in text if character not in _INVISIBLE)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in text:
        if character not in _LAYOUT and unicodedata.category(character) in ("Cc", "Cs"):
            raise ValueError(f"the character U+{ord(character):04X} is not allowed")
    return text


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _not_blank(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line), AfterValidator(_not_blank)]
Paragraphs = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(clean), AfterValidator(_not_blank)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
