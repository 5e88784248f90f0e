"""`python -m shared.catalogues`: brings every English catalogue up to date with the Indonesian texts of its pages."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from shared.languages import OWN, catalogue_of

_SHARED = OWN.parent
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None}

Text = str | tuple[str, ...]  # several where there is a plural


def texts(folder: Path) -> dict[Text, list[str]]:
    """The Indonesian texts of a folder's pages, with the files that hold them."""
    found: dict[Text, list[str]] = {}
    for file, _, text, _, _ in extract_from_dir(folder, _METHODS, _OPTIONS, _KEYWORDS):
        found.setdefault(text, []).append(file)
    return found


def catalogues() -> Iterator[tuple[Path, dict[Text, list[str]]]]:
    """Every catalogue with the texts that it has to say. What the shell says, no service says again."""
    shared = texts(_SHARED)
    yield OWN, shared
    for service in sorted(path.parent for path in (_SHARED.parent / "services").glob("*/templates")):
        own = texts(service)
        yield catalogue_of(service.name), {text: files for text, files in own.items() if text not in shared}


def read(file: Path) -> dict[Text, Message]:
    """What a catalogue says, by Indonesian text."""
    if not file.exists():
        return {}
    with file.open("rb") as content:
        return {_text(message): message for message in read_po(content, locale="en") if message.id}


def _text(message: Message) -> Text:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def main() -> None:
    for file, wanted in catalogues():
        known, fresh = read(file), Catalog(locale="en", fuzzy=False)
        for text, files in sorted(wanted.items(), key=lambda entry: (sorted(entry[1])[0], str(entry[0]))):
            said = known[text].string if text in known else None
            fresh.add(text, said, locations=[(name, 0) for name in sorted(set(files))])
        with file.open("wb") as content:
            write_po(content, fresh, width=120, omit_header=True, include_lineno=False)


if __name__ == "__main__":
    main()
