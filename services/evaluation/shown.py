"""How figures, months and names are written on pages and on paper: as people here read them, in their language."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from babel.dates import format_date
from babel.numbers import format_decimal
from fastapi import Request

from services.evaluation.board_wordings import ELEMENTS, indicator
from services.evaluation.dimensions import DIMENSIONS, UNKNOWN
from services.evaluation.domain import month_before
from services.evaluation.rules import REOPEN_RATE
from services.evaluation.words import WORDS
from shared.contracts.complaint import Language
from shared.languages import language_of, marked, translations
from shared.names import category_name, village_name
from shared.settings import WebSettings
from shared.wordings import CHANNELS

NOTHING = "–"
_MINUTES, _HOURS, _DAYS = marked("%(number)s menit"), marked("%(number)s jam"), marked("%(number)s hari")
_DAY = 24  # hours
_IN_DAYS = 3 * _DAY  # from then on hours tell nobody anything


class Shown:
    """Writes in one language."""

    def __init__(self, settings: WebSettings, language: Language) -> None:
        self._settings = settings
        self._language = language
        self._words = translations(language, "evaluation").gettext

    @classmethod
    def to(cls, request: Request) -> Self:
        """In the language of the browser."""
        return cls(request.app.settings, language_of(request))

    def month(self, name: str) -> str:
        """`2026-11` in words."""
        return format_date(date(int(name[:4]), int(name[5:]), 1), "LLLL y", locale=self._language)

    def short_month(self, name: str) -> str:
        """`2026-11` in as few letters as an axis has room for."""
        return format_date(date(int(name[:4]), int(name[5:]), 1), "LLL", locale=self._language)

    def number(self, value: float | None, digits: int = 0) -> str:
        if value is None:
            return NOTHING
        return format_decimal(value, format=f"#,##0.{'#' * digits}", locale=self._language)

    def percent(self, share: float | None) -> str:
        return NOTHING if share is None else f"{self.number(share * 100, 1)} %"

    def hours(self, value: float | None) -> str:
        """A duration in the unit in which people think of it."""
        if value is None:
            return NOTHING
        if value < 1:
            return self._words(_MINUTES) % {"number": self.number(value * 60)}
        if value < _IN_DAYS:
            return self._words(_HOURS) % {"number": self.number(value, 1)}
        return self._words(_DAYS) % {"number": self.number(value / _DAY, 1)}

    def value(self, of: str, value: float | None) -> str:
        """The value of an indicator."""
        if of == REOPEN_RATE:
            return self.percent(value)
        return self.hours(value) if of.startswith("hours_to_") else self.number(value, 2)

    def indicator(self, slug: str) -> str:
        return indicator(slug, self._words)

    def named(self, dimension: str, name: str) -> str:
        """A unit, category, village or channel by its name."""
        if name == UNKNOWN:
            return self._words(WORDS[UNKNOWN])
        match dimension:
            case "category":
                return category_name(self._settings, name, self._language)
            case "village":
                return village_name(self._settings, name)
            case "channel":
                return self._words(CHANNELS.get(name, name))
            case "element":
                return self._words(ELEMENTS.get(name, name))
            case _:
                return name

    def scope(self, text: str) -> str:
        """`unit:Pidum` in words."""
        kind, _, name = text.partition(":")
        if kind == "office":
            return self._words(marked("Seluruh kantor"))
        kinds = f"{self._words(WORDS[kind])}: " if kind in DIMENSIONS else ""
        return f"{kinds}{self.named(kind, name)}"

    def months(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Months to choose from."""
        return [(name, self.month(name)) for name in names]


def months_until(latest: str, count: int) -> list[str]:
    """So many months up to this one, the latest first."""
    return [month_before(latest, back) for back in range(count)]
