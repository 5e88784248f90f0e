"""The rules with the taxonomy and the lexicon that the product ships, and the tables of sentences they are tried on."""

import csv
from functools import cache
from pathlib import Path

from services.classification import taxonomy as taxonomy_module
from services.classification.lexicon import Lexicon, parse_lexicon
from services.classification.reading import Reading, read
from services.classification.rules import Suggestion, classify_text
from services.classification.scoring import WordScorer
from services.classification.taxonomy import Taxonomy, parse_taxonomy

FILES = Path(taxonomy_module.__file__).parent


@cache
def taxonomy() -> Taxonomy:
    return parse_taxonomy((FILES / "taxonomy.csv").read_text("utf-8"))


@cache
def lexicon() -> Lexicon:
    return parse_lexicon((FILES / "lexicon.toml").read_text("utf-8"), list(taxonomy().by_code))


def suggest(text: str, *, in_progress: bool = False, hint: str | None = None) -> Suggestion:
    return classify_text(
        text, in_progress=in_progress, hint=hint, taxonomy=taxonomy(), lexicon=lexicon(), scorer=WordScorer()
    )


def reading(text: str) -> Reading:
    return read(text, lexicon())


def sentences(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
