"""Three trial services. Nothing in them guards against a message that comes twice: that is the shell's work.

`desk` takes notes by command and says `opened` once and `noted` for each. `count` counts the notes with a gather step,
says `counted` for each, refuses some, fails at some, and has a timer that goes off twice. `board` hears all of it: it
can do nothing before `opened`, and counts each note on a page that all complaints share as well. What they say borrows
events of the contracts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.contracts.envelope import LANES, Command, Decision, Envelope, Event, Lane, routing_key
from shared.contracts.evaluation import ComplaintReopenRequested as Opened
from shared.contracts.investigation import InvestigationEscalated as Rang
from shared.contracts.investigation import PatrolArrived as Counted
from shared.contracts.referral import ReferralDeclined as Noted
from shared.contracts.refusals import Conflict, TooEarly, Unavailable
from shared.handlers import On
from shared.operation import Decide
from tests.simulation.world import inside

PAGE = str(uuid5(NAMESPACE_URL, "page"))
RINGS = (timedelta(seconds=1.5), timedelta(seconds=2))
REFUSED, BROKEN = "refused", "broken"


@dataclass(frozen=True, slots=True)
class Note:
    """What a client writes. `number` is what it would like the complaint to be called if it is new."""

    text: str
    number: str


@dataclass(frozen=True, slots=True)
class Desk:
    polres: str
    lane: Lane
    number: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    polres: str
    lane: Lane
    notes: tuple[str, ...] = ()
    rings: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    polres: str
    lane: Lane
    opened: int = 0
    notes: tuple[str, ...] = ()
    rings: tuple[int, ...] = ()


def _expect(true: bool, text: str) -> None:
    """Reports a fault where the shell handed a decision something that cannot be."""
    if not true:
        inside.get().world.fault(text)


def write(case: Desk | None, message: Command[Note], now: datetime) -> Decision[Desk]:
    note = message.data
    if note.text.startswith("never"):
        raise Conflict("wrong_state", "This is always refused.")
    told: tuple[Event, ...] = () if case else (Opened(),)
    case = case or Desk(message.polres, message.lane, note.number)
    return Decision(replace(case, notes=(*case.notes, note.text)), (*told, Noted(reason=note.text)))


async def counted_before(asked: Sequence[tuple[Any, Count | None]]) -> list[int]:
    process = inside.get()
    await process.world.gate(process, "gather", "before")
    if process.world.chance(process.world.failing):
        raise Unavailable("away", "What the step asks does not answer.")
    return [len(case.notes) if case else 0 for _, case in asked]


def count(case: Count | None, message: Envelope[Noted], now: datetime, known: int) -> Decision[Count]:
    text = message.data.reason
    if text.startswith(REFUSED):
        raise Conflict("wrong_state", "A person must look at this.")
    if text.startswith(BROKEN):
        raise ZeroDivisionError
    case = case or Count(message.polres, message.lane, due=now + RINGS[0])
    _expect(known == len(case.notes), f"the gather step saw {known} notes, the decision {len(case.notes)}")
    return Decision(replace(case, notes=(*case.notes, text)), (Counted(patrol=text, seconds=1),))


def ring(case: Count, message: Command[None], now: datetime) -> Decision[Count]:
    _expect(case.due is not None and case.due <= now, "a timer went off too early")
    rings = case.rings + 1
    due = now + RINGS[rings] if rings < len(RINGS) else None
    return Decision(replace(case, rings=rings, due=due), (Rang(reason="unanswered", level=rings),))


def opened(case: Board | None, message: Envelope[Opened], now: datetime) -> Decision[Board]:
    case = case or Board(message.polres, message.lane)
    return Decision(replace(case, opened=case.opened + 1))


def counted(case: Board | None, message: Envelope[Counted], now: datetime) -> Decision[Board]:
    if case is None:
        raise TooEarly("not_opened", "The complaint has not been opened.")
    return Decision(replace(case, notes=(*case.notes, message.data.patrol)))


def listed(case: Board | None, message: Envelope[Counted], now: datetime) -> Decision[Board]:
    case = case or Board(message.polres, "normal")
    return Decision(replace(case, notes=(*case.notes, message.data.patrol)))


def rang(case: Board | None, message: Envelope[Rang], now: datetime) -> Decision[Board]:
    if case is None:
        raise TooEarly("not_opened", "The complaint has not been opened.")
    return Decision(replace(case, rings=(*case.rings, message.data.level)))


def _page(_: Envelope[Any]) -> str:
    return PAGE


@dataclass(frozen=True)
class Trial:
    """A service as the simulation runs it."""

    name: str
    case: Callable[..., Any]
    hears: tuple[On, ...] = ()
    on_due: Decide | None = None

    @property
    def queues(self) -> tuple[str, ...]:
        return tuple(f"{self.name}.{lane}" for lane in LANES) if self.hears else ()


DESK = Trial("desk", Desk)
COUNT = Trial("count", Count, (On(Noted, count, counted_before),), ring)
BOARD = Trial(
    "board", Board, (On(Opened, opened), On(Counted, counted), On(Counted, listed, case_id=_page), On(Rang, rang))
)
TRIALS = (DESK, COUNT, BOARD)


def bindings() -> dict[str, tuple[str, ...]]:
    """The queues that hear of a routing key."""
    return {
        routing_key(event.wire, lane): tuple(
            f"{trial.name}.{lane}" for trial in TRIALS if any(on.event is event for on in trial.hears)
        )
        for event in (Opened, Noted, Counted, Rang)
        for lane in LANES
    }
