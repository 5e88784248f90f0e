"""Events, commands and cases for tests. The people and offices are invented."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

from services.internal_affairs import desk, domain, facts
from services.internal_affairs.case import OPEN, Case, Position
from services.internal_affairs.procedure_file import read_procedure
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Person
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

POLRES = "polres-sukamaju"
COMPLAINT = "01900000-0000-7000-8000-000000000001"
EARLIER = "01900000-0000-7000-8000-000000000000"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday
LATER = NOW + timedelta(hours=1)
PROCEDURE = read_procedure(Path("services/internal_affairs/procedure.toml"))
HEAD = Person("head-propam", frozenset({"internal_affairs_head"}), frozenset({POLRES, "Sipropam"}))
EXAMINER = Person("examiner-1", frozenset({"internal_affairs"}), frozenset({POLRES, "Sipropam"}))
UNITS = (POLRES, "Sipropam")
POSITIONS: tuple[Position, ...] = get_args(Position)


def report(**values: Any) -> Report:
    known = {
        "register_number": "LP/B/000001/XI/2026/SPKT/POLRES SUKAMAJU",
        "channel": "web",
        "identity_level": "claimed",
        "received_at": NOW,
        "conflicts": ("aipda-contoh",),
    }
    return Report.model_validate(known | values)


def classification(tracks: tuple[str, ...] = ("internal_affairs",)) -> Classification:
    return Classification.model_validate(
        {
            "category": "police_misconduct",
            "urgency": "P3",
            "tracks": tracks,
            "mediation": "never",
            "units": ("Sipropam",),
            "confidence": 1.0,
        }
    )


def event(data: Event, sequence: int = 3, subject: str = COMPLAINT, at: datetime = NOW) -> Envelope[Any]:
    return Envelope[Any](
        id=str(uuid4()),
        type=data.wire,
        source="test",
        subject=subject,
        time=at,
        sequence=sequence,
        polres=POLRES,
        lane="normal",
        data=data,
    )


def classified(sequence: int = 3, tracks: tuple[str, ...] = ("internal_affairs",), **told: Any) -> Envelope[Any]:
    return event(ComplaintClassified(report=report(**told), classification=classification(tracks)), sequence)


def reclassified(
    sequence: int, reason: str = "officer_decision", tracks: tuple[str, ...] = ("internal_affairs",), **told: Any
) -> Envelope[Any]:
    moved = ComplaintReclassified(
        report=report(**told), classification=classification(tracks), previous=classification(), reason=reason
    )
    return event(moved, sequence)


def supplemented(supplement: str) -> Envelope[Any]:
    return event(ComplaintSupplemented(supplement=supplement, sealed=Sealed(narrative="sealed")))


def withdrawn() -> Envelope[Any]:
    return event(ComplaintWithdrawn(), 2)


def rejected(sequence: int) -> Envelope[Any]:
    return event(ComplaintRejected(reason="implausible", appeal_until=NOW, officer="verifier-1"), sequence)


def linked(later: str, earlier: str = COMPLAINT, conflicts: tuple[str, ...] = ()) -> Envelope[Any]:
    said = ComplaintLinked(linked_to=earlier, officer="verifier-1", report=report(conflicts=conflicts))
    return event(said, subject=later)


LEARN: dict[type[Event], facts.Learn] = {
    ComplaintClassified: facts.classified,
    ComplaintReclassified: facts.reclassified,
    ComplaintSupplemented: facts.supplemented,
    ComplaintWithdrawn: facts.withdrawn,
    ComplaintRejected: facts.rejected,
}


def hear(case: Case | None, message: Envelope[Any], now: datetime = NOW) -> Decision[Case]:
    """What the case of COMPLAINT makes of an event, with words at hand should it have to go to an office above."""
    data: Event = message.data
    if isinstance(data, ComplaintLinked):
        learn: facts.Learn = facts.linked if data.linked_to == COMPLAINT else facts.joined
    else:
        learn = LEARN[type(data)]
    return domain.hearing(PROCEDURE, learn)(case, message, now, "sealed words")


def taken(decision: Decision[Case]) -> Case:
    assert decision.case is not None
    return decision.case


def command(data: Any = None, actor: Person | None = HEAD) -> Command[Any]:
    return Command(f"http:{uuid4()}", COMPLAINT, POLRES, data, actor)


# How a position is reached from the one named, by commands alone.
WAYS: dict[Position, tuple[Position, Callable[[Case], Decision[Case]]]] = {
    "clarifying": ("received", lambda case: desk.check(PROCEDURE, case, command(desk.Checked("clarify")), LATER)),
    "complete": ("received", lambda case: desk.check(PROCEDURE, case, command(desk.Checked("complete")), LATER)),
    "examination": ("complete", lambda case: desk.examine(PROCEDURE, case, command("examiner-1"), LATER, UNITS)),
    "archived": (
        "complete",
        lambda case: desk.conclude(PROCEDURE, case, command(desk.Ending("archived", "sealed")), LATER),
    ),
    "concluded": (
        "examination",
        lambda case: desk.conclude(PROCEDURE, found(case), command(desk.Ending("proven", "sealed")), LATER),
    ),
    "returned": ("received", lambda case: desk.give_back(PROCEDURE, case, command("sealed"), LATER)),
    "joined": (
        "received",
        lambda case: desk.join(PROCEDURE, taken(hear(case, linked(COMPLAINT, EARLIER))), command(), LATER, EARLIER),
    ),
}


def found(case: Case) -> Case:
    """The case with a finding of its examiner."""
    return taken(desk.find(PROCEDURE, case, command("sealed", EXAMINER), LATER))


def reached(position: Position, **told: Any) -> Case:
    if position == "received":
        return taken(hear(None, classified(**told)))
    earlier, move = WAYS[position]
    return taken(move(reached(earlier, **told)))


def in_position(position: Position, **told: Any) -> Case:
    case = reached(position, **told)
    assert case.position == position
    assert case.status == position
    assert (case.due is not None) == (position in OPEN)
    return case
