"""What a file is, judged by its content alone.

Runs as a process of its own, `python -m services.intake.content < file`, with little memory and time, since it hands
what strangers send to parsers.

Prints the media type, or why the file is refused; in the next line, of a picture, the copy that is shown.
"""

import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MAX_PIXELS = 80_000_000  # phones make 64 million
MAX_PDF_OBJECTS = 50_000
_MEMORY = 1 << 30  # bytes
_CPU_SECONDS = 10

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
_STARTS = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF}
# The head of an archive's entry, which is found wherever it stands, unlike the end that `is_zipfile` looks for.
_ARCHIVE = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|PK\x03\x04[\x0a-\x3f]\x00")
_MARKUP = re.compile(rb"<(?:script|html|!doctype|iframe|svg)[\s>/]|<\?php", re.IGNORECASE)
_FIRST = 1024  # bytes in which programs look for what a file is
_ACTIVE_NAMES = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
_ACTIVE_KEYS = frozenset({"/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"})
_ACTIVE_KINDS = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound"})


class Unfit(Exception):
    """The file is refused; the text is the reason's slug."""


def judge(content: bytes) -> str:
    """The media type. Raises Unfit, or whatever a parser raises for content that is not what it begins as."""
    media_type = next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)
    if media_type is None:
        raise Unfit("unsupported_file")
    if _hides_another(content, media_type):
        raise Unfit("hidden_content")
    if media_type == PDF:
        _read_pdf(content)
    else:
        _read_image(content, media_type)
    return media_type


def _hides_another(content: bytes, media_type: str) -> bool:
    """Whether an archive, a page or a program is in the file, which other programs would open, or a PDF begins where
    readers look."""
    if zipfile.is_zipfile(BytesIO(content)) or _ARCHIVE.search(content):
        return True
    if media_type == PDF:
        return _MARKUP.search(content, 0, _FIRST) is not None
    return _MARKUP.search(content) is not None or b"%PDF-" in content[:_FIRST]


def _read_image(content: bytes, media_type: str) -> None:
    from PIL import Image

    try:
        image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError:
        raise Unfit("too_many_pixels") from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Unfit("too_many_pixels")
    if media_type == PNG:
        image.verify()
    else:
        # Verifying reads no more of a JPEG than its headers. At an eighth of its size it is decoded for little memory.
        image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
        image.load()


def _read_pdf(content: bytes) -> None:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise Unfit("encrypted_file")
    # Names that stand in the clear count even in objects that this parser does not reach, since another one may.
    if any(name in content for name in _ACTIVE_NAMES) or any(_is_active(part) for part in _dictionaries(reader)):
        raise Unfit("active_content")
    if not len(reader.pages):
        raise Unfit("unreadable_file")


def _dictionaries(reader: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary of the file, however deep in its object."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    places = [(number, generation) for generation, numbers in reader.xref.items() for number in numbers]
    places += [(number, 0) for number in reader.xref_objStm]
    if len(places) > MAX_PDF_OBJECTS:
        raise Unfit("too_complex")
    for number, generation in places:
        waiting: list[Any] = [reader.get_object(IndirectObject(number, generation, reader))]
        while waiting:
            part = waiting.pop()
            if isinstance(part, DictionaryObject):
                yield part
                waiting += [value for value in part.values() if not isinstance(value, IndirectObject)]
            elif isinstance(part, ArrayObject):
                waiting += [value for value in list.__iter__(part) if not isinstance(value, IndirectObject)]


def _is_active(part: dict[str, Any]) -> bool:
    def name(key: str) -> str:
        value = part.get(key)
        return value if isinstance(value, str) else ""

    return (
        not _ACTIVE_KEYS.isdisjoint(part)
        or name("/S") in _ACTIVE_ACTIONS
        or name("/Type") in _ACTIVE_KINDS
        or name("/Subtype") in _ACTIVE_KINDS
    )


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    # A dump of this process would hold somebody's evidence.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content, copy = sys.stdin.buffer.read(), b""
    try:
        verdict = judge(content)
        if verdict != PDF:
            from services.intake.shown import shown

            copy = shown(content)
    except Unfit as unfit:
        verdict = str(unfit)
    except Exception:
        # Parsers fail in a hundred ways over what is not a file of theirs; all mean the same to whoever sent it.
        verdict = "unreadable_file"
    sys.stdout.buffer.write(verdict.encode() + b"\n" + copy)


if __name__ == "__main__":
    _main()
