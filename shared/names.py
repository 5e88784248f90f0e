"""What people read for the codes of categories and villages, from the same files that decide on them."""

import csv
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from shared.contracts.complaint import Language, Track
from shared.settings import WebSettings


def category_name(settings: WebSettings, code: str | None, language: Language) -> str:
    """The name of a category; its code where the taxonomy does not know it any more."""
    return _categories(settings.taxonomy).get(code or "", {}).get(language, code or "")


def categories(settings: WebSettings, language: Language) -> list[tuple[str, str]]:
    """All categories with their names, in the taxonomy's order."""
    return [(code, names[language]) for code, names in _categories(settings.taxonomy).items()]


def units(settings: WebSettings, track: Track) -> list[str]:
    """The units that the taxonomy gives complaints on this track to."""
    return _units(settings.taxonomy, track)


def partners(settings: WebSettings) -> list[str]:
    """The agencies that the taxonomy names for any category."""
    return _partners(settings.taxonomy)


def village_name(settings: WebSettings, code: str | None) -> str:
    """The name of a village with its district's; its code where it lies elsewhere."""
    return villages(settings).get(code or "", code or "")


def villages(settings: WebSettings) -> Mapping[str, str]:
    """The villages of the jurisdiction by their codes."""
    return _villages(settings.jurisdiction_file)


@cache
def _categories(file: Path) -> Mapping[str, Mapping[Language, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["code"]: {"id": row["nama"], "en": row["english"]} for row in csv.DictReader(rows)}


@cache
def _units(file: Path, track: Track) -> list[str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return _listed(row["unit"] for row in csv.DictReader(rows) if track in row["track"].split("+"))


@cache
def _partners(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return _listed(row["partners"] for row in csv.DictReader(rows))


def _listed(cells: Iterable[str]) -> list[str]:
    return sorted({name.strip() for cell in cells for name in cell.split(";") if name.strip()})


@cache
def _villages(file: Path) -> Mapping[str, str]:
    features = json.loads(file.read_text("utf-8"))["features"]
    found = (feature["properties"] for feature in features)
    return {village["code"]: f"{village['name']}, {village['district']}" for village in found}
