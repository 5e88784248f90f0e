from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.words import MAX_TOKENS, content_words, tokens
from shared.visible import MAX_CHARACTERS, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Motor HILANG!!!", ["motor", "hilang"]),
        ("B1234XYZ", ["b", "1234", "xyz"]),
        ("ma\u200bling", ["maling"]),
        ("Ｍａｌｉｎｇ", ["maling"]),
        ("kafé cafe\u0301", ["kafe", "cafe"]),
        ("a\x00b", ["a", "b"]),
        ("a\ud800b", ["ab"]),
        ("\u202egnilam\u202c", ["gnilam"]),
        ("سرقة maling", ["سرقة", "maling"]),
        ("_-.,", []),
        ("", []),
    ],
)
def test_tokens_are_the_words_that_a_reader_sees(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "forms",
    [
        "mencuri dicuri pencurian kecurian pencuri maling kemalingan nyolong hilang",
        "memukul dipukul pemukulan dipukuli mukulin menghajar",
        "menabrak ditabrak tabrakan ketabrak nabrak kecelakaan",
        "merampas dirampas perampasan dijambret dibegal ditodong",
        "membakar terbakar kebakaran api apinya",
        "rongsok rongsokan",
        "pengendara mengendarai dikendarai",
        "melempar dilempari lemparan dilemparin",
        "handphone hp ponsel hape",
    ],
)
def test_the_forms_and_synonyms_of_a_word_are_read_as_one(forms: str) -> None:
    assert len(set(content_words(forms, 100))) == 1


@pytest.mark.parametrize(
    "text", ["saya mau lapor ke polisi pak tolong segera", "pukul 00.00", "jam", "", "\x00 \ud800", "!!!"]
)
def test_a_text_of_courtesies_has_no_content_words(text: str) -> None:
    assert content_words(text, 100) == []


def test_pukul_is_a_blow_unless_it_tells_the_hour() -> None:
    assert content_words("saya di pukul orang", 100) == ["pukul"]
    assert content_words("pukul 20.15 dan jam 7", 100) == ["20", "15", "7"]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000_000,
        "kata " * 2_000_000,
        "a" + "\u0301\u0323" * 1_000_000,
        "\ufdfa" * 1_000_000,
        "\ud800" * 1_000_000,
        "\u202e" * 1_000_000,
        "\x00" * 1_000_000,
        "9" * 1_000_000,
        "pukul " * 1_000_000,
    ],
    ids=["one word", "many words", "accents", "expanding", "surrogates", "overrides", "nul", "digits", "pukul"],
)
def test_hostile_text_is_read_in_bounded_time_and_length(text: str) -> None:
    started = process_time()
    assert len(visible(text)) <= MAX_CHARACTERS
    assert len(tokens(text)) <= MAX_TOKENS
    assert len(content_words(text, 50)) <= 50
    assert process_time() - started < 1


@settings(deadline=None)
@given(st.text(st.characters()))
def test_reading_any_text_twice_gives_the_same_words(text: str) -> None:
    words = tokens(text)
    assert tokens(" ".join(words)) == words
    assert all(words)
