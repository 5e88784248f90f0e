"""Every page can be read in English too: no text is missing, left over, or loses what it is filled with."""

import re
from pathlib import Path

import pytest

from shared.catalogues import Text, catalogues, read
from shared.languages import translations

CATALOGUES = dict(catalogues())
_FILLED = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parent.name)
def test_a_catalogue_says_all_that_its_pages_hold(file: Path) -> None:
    said, wanted = read(file), CATALOGUES[file]
    assert not wanted.keys() - said.keys(), "`make words` adds what is missing"
    assert not said.keys() - wanted.keys(), "`make words` takes out what no page says any more"
    for text, message in said.items():
        english = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        assert all(english), f"{text} has no English"
        assert not message.fuzzy, text
        assert all(_filled(each) == _filled(text) for each in english), text


def _filled(text: Text) -> set[str]:
    return set(_FILLED.findall(text if isinstance(text, str) else text[0]))


def test_the_search_for_texts_sees_templates_and_programs() -> None:
    shared = next(texts for file, texts in CATALOGUES.items() if file.parent.name == "shared")
    assert {"Keluar", "Wajib diisi.", "Loket SPKT"} <= shared.keys()


@pytest.mark.parametrize(
    ("service", "text", "english"),
    [
        ("intake", "Telepon", "Phone"),
        ("investigation", "Telepon", "Phone"),
        ("mediation", "Tidak berhasil", "Did not succeed"),
        ("notification", "Sudah sampai", "Delivered"),
        ("notification", "Sampai", "Until"),
    ],
)
def test_a_word_of_two_senses_has_the_one_that_its_page_means(service: str, text: str, english: str) -> None:
    """What the shell says, no service says otherwise, and within a service a text has one English."""
    assert translations("en", service).gettext(text) == english
