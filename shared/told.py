"""What other services tell of a complaint, kept so that the order in which it arrives does not matter.

Queues and lanes deliver out of order, and anything may come again. Of what is said more than once one saying counts, by
its sequence; of what adds up each is kept once, in the order in which it happened.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.contracts.envelope import Envelope, instant
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked


@dataclass(frozen=True, slots=True)
class Told:
    """Something that another service said of the complaint. `complaint`: the one that it leads on in, if any."""

    at: datetime
    sequence: int
    complaint: str | None = None


class Dated(Protocol):
    """Something that came at a time."""

    @property
    def at(self) -> datetime: ...


D = TypeVar("D", bound=Dated)


def first(known: Told | None, message: Envelope[Any]) -> Told:
    """The first saying of what is never undone: what was known already, or this one if it was said before that."""
    if known and known.sequence <= message.sequence:
        return known
    return Told(instant(message.time), message.sequence)


def newest(known: Told | None, message: Envelope[Any], complaint: str | None = None) -> Told:
    """The newest saying: what was known already, or this one if it was said after that."""
    if known and known.sequence >= message.sequence:
        return known
    return Told(instant(message.time), message.sequence, complaint)


def each_once(known: tuple[D, ...], added: D, key: Callable[[D], str]) -> tuple[D, ...]:
    """What was known already and what is added, unless its key is there, in the order of time."""
    if any(key(one) == key(added) for one in known):
        return known
    return tuple(sorted((*known, added), key=lambda one: (one.at, key(one))))


def about(known: Iterable[str], message: Envelope[ConductConflictFound] | Envelope[ComplaintLinked]) -> tuple[str, ...]:
    """Whom the matter is about: those known already and those that the message names. Nobody is ever taken out."""
    data = message.data
    return tuple(sorted({*known, *(data.names if isinstance(data, ConductConflictFound) else data.report.conflicts)}))


def earlier(message: Envelope[ComplaintLinked]) -> str:
    """The complaint that a later report was linked to, whose case is told of the report."""
    return message.data.linked_to
