"""Text from outside: one form, no harm to eyes or databases, and nothing lost that people write."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.text import Line, Paragraphs, Slug, clean

LINE, PARAGRAPHS, SLUG = (TypeAdapter[str](kind) for kind in (Line, Paragraphs, Slug))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Jalan Melati 5", "Jalan Melati 5"),
        ("  a \n", "a"),
        ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("Bu\u200bdi", "Budi"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066a\u2069\ufeff\u200f\u00ad", "a"),
        ("ᮞᮥᮔ᮪ᮓ", "ᮞᮥᮔ᮪ᮓ"),
        ("👮🏽 maling!", "👮🏽 maling!"),
        ("", ""),
        (" \u200b ", ""),
        ("\u200b a \u200b", "a"),
    ],
)
def test_text_is_brought_into_one_form(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\x9b", "\ud800"])
def test_control_characters_and_lone_surrogates_are_refused_by_their_number(character: str) -> None:
    with pytest.raises(ValueError, match=rf"U\+{ord(character):04X}"):
        clean(f"Budi {character} Santoso")


def test_a_family_of_emoji_and_an_arabic_name_keep_their_joiners() -> None:
    for text in ("👨‍👩‍👧", "می‌خواهم"):
        assert clean(text) == text


@given(st.text())
@example("\u200b\n\u200b")
@example("a\u200b\u0301")
@example("\u00ad\u0301 e")
def test_what_was_cleaned_stays_as_it_is(text: str) -> None:
    try:
        once = clean(text)
    except ValueError:
        return
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    once.encode()


@given(st.text(min_size=1, max_size=300))
def test_a_line_is_one_line_or_refused(text: str) -> None:
    try:
        line = LINE.validate_python(text)
    except ValidationError:
        return
    assert line == " ".join(line.split())
    assert len(line) > 0
    assert LINE.validate_python(line) == line


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "\u200b", "a" * 201, "a\x00", None, 5, ["a"]])
def test_what_is_no_line_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(text)


def test_paragraphs_keep_their_lines_and_have_an_end() -> None:
    assert PARAGRAPHS.validate_python(" satu\r\n\r\ndua\ttiga ") == "satu\n\ndua\ttiga"
    assert PARAGRAPHS.validate_python("a" * 10_000)
    for text in ("a" * 10_001, "", "\r\n", "\ud800"):
        with pytest.raises(ValidationError):
            PARAGRAPHS.validate_python(text)


def test_a_slug_is_small_and_plain() -> None:
    for text in ("a", "0", "outside_jurisdiction", "kelurahan-digital", "a" * 64):
        assert SLUG.validate_python(text) == text
    for text in ("", "A", "-a", "_a", "a b", "a\n", "é", "a" * 65, "../a", "a.b"):
        with pytest.raises(ValidationError):
            SLUG.validate_python(text)
