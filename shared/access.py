"""What one HTTP request opens of what is sealed, and why: a person must say so before anything is opened.

A request of a signed-in person carries its reason in the header `Access-Reason`, or a form in its field
`access_reason`. What consumers, timers and gather
steps open is no person's reading, and neither is what a reporter sees of the own complaint.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from shared.contracts.envelope import Person
from shared.contracts.refusals import Invalid
from shared.text import Line

HEADER = "Access-Reason"

_LINE: TypeAdapter[str] = TypeAdapter(Line)
_NAMED = f"Say in the header {HEADER}, in one line of 1 to 200 characters, why you read what is sealed."


@dataclass(slots=True)
class Access:
    """What one HTTP request opens. Its threads work with copies of the context, so all share this one object."""

    stated: bytes | None
    person: Person | None = None
    opened: dict[str, set[str]] = field(default_factory=dict)  # parts by complaint, until they are recorded

    def reason(self) -> str:
        """Why the person reads. Raises Invalid."""
        if not self.stated:
            raise Invalid("reason_missing", _NAMED, HEADER)
        try:
            return _LINE.validate_python(self.stated.decode())
        except (UnicodeDecodeError, ValidationError):
            raise Invalid("reason_invalid", _NAMED, HEADER) from None


_access: ContextVar[Access | None] = ContextVar("access", default=None)


@contextmanager
def noting(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[Access]:
    """Notes what the request with these headers opens."""
    access = Access(dict(headers).get(HEADER.lower().encode()))
    token = _access.set(access)
    try:
        yield access
    finally:
        _access.reset(token)


def states(reason: str) -> None:
    """Takes the reason from a form, where a browser opens a document and cannot send the header."""
    if (access := _access.get()) and reason:
        access.stated = reason.encode()


def acts(person: Person) -> Person:
    """Notes whose request it is."""
    if access := _access.get():
        access.person = person
    return person


def opens(part: str, complaint: str) -> None:
    """Notes that something sealed is about to be opened. Raises Invalid where its reader does not say why."""
    access = _access.get()
    if access and access.person:
        access.reason()
        access.opened.setdefault(complaint, set()).add(part)


def needs_reason() -> str:
    """Why the reader of this request reads. Raises Invalid where they do not say; for what acts first and opens
    afterwards."""
    access = _access.get()
    return access.reason() if access else ""
