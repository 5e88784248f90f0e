"""The envelope that every message travels in, and what a decision takes and gives.

Names follow CloudEvents 1.0. `subject` is the complaint id (UUIDv7). `sequence` is one more than the cause's, so that a
reader can order what competing consumers delivered out of order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Lane = Literal["urgent", "normal"]
LANES: tuple[Lane, ...] = ("urgent", "normal")

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class Event(BaseModel):
    """Something that happened. A new optional field keeps the version; anything else is a new class."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    wire: ClassVar[str]


E = TypeVar("E", bound=Event, covariant=True)
D = TypeVar("D", covariant=True)


class Envelope(BaseModel, Generic[E]):
    """An event on the wire: who says it of which complaint, caused by what, in which lane."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=64)
    type: str = Field(max_length=100)
    source: str = Field(max_length=64)
    subject: str = Field(pattern=UUID_PATTERN)
    time: AwareDatetime
    sequence: int = Field(ge=1)
    polres: str = Field(min_length=1, max_length=64)
    lane: Lane
    traceparent: str | None = Field(default=None, max_length=64)
    data: E


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: an id, the roles held and the units belonged to."""

    id: str
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Command(Generic[D]):
    """What a person, a channel or a clock asks of one case. `actor` is None for a reporter and for a clock; `by` says
    who it was then."""

    id: str
    subject: str
    polres: str
    data: D
    actor: Person | None = None
    lane: Lane = "normal"
    sequence: int = 0
    traceparent: str | None = None
    by: str = "clock"


class Case(Protocol):
    """What the shell must know of a service's case, whatever else it holds."""

    @property
    def polres(self) -> str: ...

    @property
    def lane(self) -> Lane: ...


@runtime_checkable
class Hidden(Protocol):
    """A case that not everybody may know of."""

    def visible_to(self, person: Person) -> bool: ...


C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Decision(Generic[C]):
    """The case after the message and the events to tell. The same case and no events: nothing happened. `aside`: what
    has changed is nothing that anybody decides on, as where it is noted who read the case."""

    case: C | None
    events: tuple[Event, ...] = ()
    aside: bool = False


def routing_key(wire: str, lane: Lane) -> str:
    """`complaint.submitted.v1` in the urgent lane → `complaint.submitted.urgent.v1`."""
    name, version = wire.rsplit(".", 1)
    return f"{name}.{lane}.{version}"


def instant(moment: datetime) -> datetime:
    """The moment cut to whole milliseconds, which is what the database keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
