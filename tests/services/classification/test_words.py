"""Words of a text, however it was typed, and the forms that a root takes."""

import pytest

from services.classification.morphology import forms_of, without_clitics
from services.classification.words import MAX_CHARACTERS, is_cut, normalise, words_of
from tests.services.classification.rulebook import lexicon


def texts(text: str) -> list[str]:
    return [word.text for word in words_of(text, {})]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("MALING", ["maling"]),
        ("toloooong", ["tolong"]),
        ("bunuhh", ["bunuh"]),
        ("maaf", ["maaf"]),
        ("massa", ["massa"]),
        ("KK", ["kk"]),
        ("anak-anak", ["anak"]),
        ("tolong tolong tolong", ["tolong"]),
        ("orang2", ["orang"]),
        ("pukul2an", ["pukulan"]),
        ("p3r4mp0k", ["perampok"]),
        ("2jt", ["2", "jt"]),
        ("10.30", ["10.30"]),
        ("Rp 2.500.000", ["rp", "2.500.000"]),
        ("Jum'at", ["jumat"]),
        ("don\u2019t", ["dont"]),
        ("ｂｅｇａｌ", ["begal"]),
        ("be\u200bgal", ["begal"]),
        ("bégal", ["begal"]),
        ("be\u0301gal", ["begal"]),
        ("begal\x00", ["begal"]),
        ("\ud83d begal", ["begal"]),
        ("👍", []),
        ("", []),
        ("   \n\t ", []),
    ],
)
def test_a_word_is_read_as_it_was_meant(typed: str, read: list[str]) -> None:
    assert texts(typed) == read


def test_words_know_their_clause_and_sentence() -> None:
    words = words_of("Satu, dua. Tiga\nempat", {})
    assert [(word.clause, word.sentence) for word in words] == [(0, 0), (1, 0), (2, 1), (3, 2)]


def test_a_number_with_a_dot_does_not_end_a_sentence() -> None:
    assert {word.sentence for word in words_of("jam 10.30 di pasar", {})} == {0}


def test_a_spelling_is_replaced_by_the_words_that_it_means() -> None:
    assert [word.text for word in words_of("gatau", {"gatau": "tidak tahu"})] == ["tidak", "tahu"]


@pytest.mark.parametrize(
    ("short", "meant"),
    [
        ("mtr sy ilang td mlm", "motor saya hilang tadi malam"),
        ("blm plg", "belum plg"),
        ("tlg cpt skrg", "tolong cepat sekarang"),
        ("hape org dicolong", "hp orang dicolong"),
        ("gak ada yg tau", "tidak ada yang tau"),
        ("duit wong nang pasar wingi", "uang orang nang pasar kemarin"),
    ],
)
def test_the_short_and_regional_spellings_of_the_lexicon_are_read(short: str, meant: str) -> None:
    assert [word.text for word in words_of(short, lexicon().spellings)] == meant.split()


def test_a_text_is_read_up_to_its_limit_and_no_further() -> None:
    long = "begal " * MAX_CHARACTERS
    assert is_cut(long)
    assert not is_cut("x" * MAX_CHARACTERS)
    assert len(normalise(long)) == MAX_CHARACTERS


def test_characters_that_grow_when_they_are_normalised_do_not_pass_the_limit() -> None:
    assert len(normalise("\ufdfa" * MAX_CHARACTERS)) <= MAX_CHARACTERS
    assert len(normalise("\u0390" * MAX_CHARACTERS)) <= MAX_CHARACTERS


def test_a_long_run_of_accents_leaves_nothing_to_sort() -> None:
    assert normalise("a" + "\u0315\u0300" * 4_000) == "a"


@pytest.mark.parametrize(
    ("root", "forms"),
    [
        (
            "pukul",
            {
                "pukul",
                "memukul",
                "dipukul",
                "dipukuli",
                "dipukulin",
                "mukul",
                "mukulin",
                "pemukul",
                "pukulan",
                "terpukul",
            },
        ),
        ("tipu", {"menipu", "ditipu", "penipu", "penipuan", "tertipu", "ketipu", "nipu"}),
        ("curi", {"mencuri", "dicuri", "kecurian", "pencuri", "pencurian", "nyuri"}),
        ("siksa", {"menyiksa", "disiksa", "penyiksaan", "nyiksa"}),
        ("keroyok", {"mengeroyok", "dikeroyok", "pengeroyokan", "ngeroyok"}),
        ("ancam", {"mengancam", "diancam", "ancaman", "ngancam", "pengancaman"}),
        ("bunuh", {"membunuh", "dibunuh", "pembunuhan", "terbunuh"}),
        ("rampok", {"merampok", "dirampok", "perampok", "perampokan", "ngerampok", "kerampokan"}),
        ("leceh", {"pelecehan", "dilecehkan", "melecehkan"}),
        ("bom", {"mengebom", "pengeboman", "ngebom"}),
        ("hina", {"menghina", "dihina", "penghinaan"}),
    ],
)
def test_a_root_has_the_forms_that_indonesians_write(root: str, forms: set[str]) -> None:
    assert forms <= forms_of(root)


@pytest.mark.parametrize(
    ("root", "other"), [("curi", "mencari"), ("maki", "memakai"), ("hajar", "belajar"), ("hina", "hingga")]
)
def test_a_root_does_not_take_words_that_only_look_alike(root: str, other: str) -> None:
    assert other not in forms_of(root)


def test_short_words_at_the_end_come_off_one_by_one() -> None:
    assert list(without_clitics("orangnyalah")) == ["orangnya", "orang"]
    assert list(without_clitics("pasar")) == []
    assert list(without_clitics("aku")) == []
