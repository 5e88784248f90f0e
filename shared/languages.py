"""The languages of pages. Templates hold the Indonesian words; catalogues (`en.po`) say what stands for them."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request

from shared.contracts.complaint import Language

LANGUAGES: tuple[Language, ...] = ("id", "en")
ASKED = "language"  # the query's field that switches, and the cookie that remembers
_SERVICES = Path(__file__).parent.parent / "services"
OWN = Path(__file__).with_name("en.po")


def marked(text: str) -> str:
    """Marks an Indonesian text for the catalogues where it is only named; it is translated where it is shown."""
    return text


def language_of(request: Request) -> Language:
    """What this browser wants to read: Indonesian, until it was switched."""
    wanted = request.query_params.get(ASKED) or request.cookies.get(ASKED)
    return "en" if wanted == "en" else "id"


def catalogue_of(service: str) -> Path:
    return _SERVICES / service / "en.po"


@cache
def translations(language: Language, service: str | None = None) -> NullTranslations:
    """What a service's pages say in a language; what the service does not say itself, the shell may."""
    if language == "id":
        return NullTranslations()
    said = _read(OWN)
    if service and catalogue_of(service).exists():
        own = _read(catalogue_of(service))
        own.add_fallback(said)
        return own
    return said


def _read(file: Path) -> GNUTranslations:
    """A catalogue as its translators keep it."""
    compiled = BytesIO()
    with file.open("rb") as text:
        write_mo(compiled, read_po(text))
    compiled.seek(0)
    return GNUTranslations(compiled)
