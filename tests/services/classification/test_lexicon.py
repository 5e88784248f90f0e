"""The lexicon: that the shipped file serves every category, and that a bad file is refused with its entry."""

import tomllib

import pytest

from services.classification.lexicon import LexiconError, parse_lexicon
from services.classification.reading import read
from tests.services.classification.rulebook import FILES, lexicon, taxonomy

SHIPPED = (FILES / "lexicon.toml").read_text("utf-8")
CODES = list(taxonomy().by_code)


def refusal(text: str) -> str:
    with pytest.raises(LexiconError) as caught:
        parse_lexicon(text, CODES)
    return str(caught.value)


def with_extra(table: str, line: str) -> str:
    """The shipped file with one more line at the head of a table."""
    assert f"\n[{table}]\n" in SHIPPED
    return SHIPPED.replace(f"\n[{table}]\n", f"\n[{table}]\n{line}\n", 1)


def test_every_category_has_words_in_plenty() -> None:
    for code, strengths in tomllib.loads(SHIPPED)["categories"].items():
        assert sum(map(len, strengths.values())) >= 40, code
        assert len(strengths["strong"]) >= 20, code


@pytest.mark.parametrize(
    ("word", "atom"),
    [
        ("dirampok", "rampok*"),
        ("motornya", "@vehicle"),
        ("perampokan", "rampok*"),
        ("vario", "@vehicle"),
        ("golok", "@weapon"),
    ],
)
def test_a_word_of_a_text_leads_to_the_atoms_that_terms_are_made_of(word: str, atom: str) -> None:
    assert atom in lexicon().atoms_of(word)


def test_numbers_are_years_and_the_ages_of_minors_too() -> None:
    assert lexicon().atoms_of("2019") == ("#", "#year")
    assert lexicon().atoms_of("9") == ("#", "#minor")
    assert lexicon().atoms_of("45") == ("#",)


def test_a_word_that_no_term_knows_has_no_atoms() -> None:
    assert lexicon().atoms_of("zxcvb") == ()


def test_a_polres_can_add_a_word_of_its_region() -> None:
    added = SHIPPED.replace("[categories.robbery]\nstrong = [", '[categories.robbery]\nstrong = ["dikecrek",', 1)
    found = read("tas saya dikecrek", parse_lexicon(added, CODES)).matches
    assert ("robbery", "dikecrek") in {(match.term.target, match.term.written) for match in found}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "spellings: this table is missing"),
        ("x = ", "file: not valid TOML"),
        (SHIPPED + "\n[feelings]\n", "feelings: is not one of the tables"),
        (with_extra("spellings", "kata = []"), "spellings.kata: must be a list of one or more strings"),
        (with_extra("spellings", 'kata = "kt"'), "spellings.kata: must be a list of one or more strings"),
        (with_extra("spellings", 'kata = ["yg"]'), "'yg' already means 'kata'"),
        (with_extra("spellings", 'kata = ["asap2"]'), "spellings.kata: 'asap2' is read as 'asap'"),
        (with_extra("spellings", 'kata = ["dua kata"]'), "spellings.kata: 'dua kata' is not a single word"),
        (with_extra("groups", 'early = ["@later"]'), "there is no group 'later' above"),
        (with_extra("groups", 'early = ["dua kata"]'), "'dua kata' is not a single word"),
        (with_extra("contexts", 'moods = ["senang"]'), "contexts.moods: is not known"),
        (with_extra("signals", 'rain = ["hujan"]'), "signals.rain: is not known"),
        (
            with_extra("categories.theft", 'huge = ["maling"]'),
            "categories.theft.huge: is not one of strong, medium, weak",
        ),
        (SHIPPED.replace("[categories.theft]", "[categories.thefts]"), "categories.thefts: is not known"),
        (SHIPPED.replace("[signals]\nin_progress", "[signals]\nprogress"), "signals.progress: is not known"),
        (SHIPPED.replace("negators = ", "deniers = "), "grammar.negators: must be a list"),
        (
            SHIPPED.replace("[categories.theft]\nstrong = [", '[categories.theft]\nstrong = ["curi*!",'),
            "neither a word",
        ),
        (
            SHIPPED.replace("[categories.theft]\nstrong = [", '[categories.theft]\nstrong = ["maling & ",'),
            "'maling & ' holds no word",
        ),
        (
            SHIPPED.replace("[categories.theft]\nstrong = [", '[categories.theft]\nstrong = ["@nothing",'),
            "no group 'nothing'",
        ),
        (SHIPPED.replace("[categories.theft]\nstrong = [", '[categories.theft]\nstrong = ["",'), "'' holds no word"),
        (
            SHIPPED.replace("[categories.theft]\nstrong = [", "[categories.theft]\nstrong = [7,"),
            "categories.theft.strong",
        ),
        (
            SHIPPED.replace("[categories.theft]\nstrong = [", '[categories.theft]\nstrong = ["hilang",'),
            "another strength",
        ),
        (
            SHIPPED.replace("[categories.theft]\nstrong = [", '[categories.theft]\nstrong = ["ab", "ab",'),
            "ab is listed twice",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_entry(text: str, says: str) -> None:
    assert says in refusal(text)


def test_a_category_of_the_taxonomy_without_words_is_refused() -> None:
    with pytest.raises(LexiconError, match=r"categories.piracy: is missing"):
        parse_lexicon(SHIPPED, [*CODES, "piracy"])
