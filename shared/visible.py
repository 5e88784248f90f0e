"""A text as a reader sees it. Pure."""

import unicodedata

MAX_CHARACTERS = 20_000
_INKLESS = frozenset({"Mn", "Me", "Cf", "Cs"})  # accents on their own, format marks, lone surrogates


def visible(text: str) -> str:
    """The start of the text as a reader sees it: no characters without ink, compatibility forms made plain."""
    text = text[:MAX_CHARACTERS]
    # Accents go before normalising, which sorts a run of them in quadratic time.
    return text if text.isascii() else unicodedata.normalize("NFKC", without_inkless(text))[:MAX_CHARACTERS]


def without_inkless(text: str) -> str:
    """The text without accents on their own and marks that nobody sees."""
    return "".join(character for character in text if unicodedata.category(character) not in _INKLESS)
