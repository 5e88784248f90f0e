"""Invented complaints, people and messages for the tests of investigation."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from services.investigation import facts
from services.investigation.case import Case
from services.investigation.known import Found, FoundDetective
from services.investigation.main import load_procedure
from services.investigation.settle import hearing
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Person
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

POLRES = "polres-sukamaju"
COMPLAINT = "01900000-0000-7000-8000-000000000001"
EARLIER = "01900000-0000-7000-8000-000000000002"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PROCEDURE = load_procedure(Path("services/investigation/procedure.toml"))

DEWI = Person("dewi", frozenset({"detective"}), frozenset({POLRES, "Pidum"}))
HEAD = Person("head-pidum", frozenset({"unit_head"}), frozenset({POLRES, "Pidum"}))
CHIEF = Person("chief", frozenset({"chief"}), frozenset({POLRES}))
OPERATOR = Person("operator", frozenset({"call_operator"}), frozenset({POLRES}))
CREW = Person("crew-1", frozenset({"patrol"}), frozenset({POLRES, "Samapta", "samapta-1"}))

FOUND = Found(True, "samapta-1", True, FoundDetective("dewi", "Pidum", "sealed notice"))
NOBODY_THERE = Found(True, None, True, None)


def at(days: float = 0, **more: float) -> datetime:
    return NOW + timedelta(days=days, **more)


def report(**values: Any) -> Report:
    known = {"register_number": "LP-1", "channel": "web", "identity_level": "claimed", "received_at": NOW}
    return Report(**{**known, "sealed": Sealed(narrative="sealed narrative"), **values})


def classification(**values: Any) -> Classification:
    known = {
        "category": "assault",
        "urgency": "P3",
        "tracks": ("investigation",),
        "mediation": "restorative_only",
        "units": ("Pidum",),
        "confidence": 1.0,
    }
    return Classification(**{**known, **values})


def envelope(data: Event, sequence: int = 2, **values: Any) -> Envelope[Any]:
    known = {"id": str(uuid4()), "type": data.wire, "source": "test", "subject": COMPLAINT, "time": NOW}
    return Envelope[Any](**{**known, "sequence": sequence, "polres": POLRES, "lane": "normal", "data": data, **values})


def classified(
    sequence: int = 2, provisional: bool = False, about: Report | None = None, **values: Any
) -> Envelope[Any]:
    data = ComplaintClassified(
        report=about or report(), classification=classification(**values), provisional=provisional
    )
    return envelope(data, sequence)


def reclassified(
    sequence: int = 3, reason: str = "officer_decision", about: Report | None = None, **values: Any
) -> Envelope[Any]:
    moved = classification(**values)
    data = ComplaintReclassified(
        report=about or report(), classification=moved, previous=classification(), reason=reason
    )
    return envelope(data, sequence)


def supplemented(id_: str = "supplement-1", sequence: int = 2) -> Envelope[Any]:
    return envelope(ComplaintSupplemented(supplement=id_, sealed=Sealed(narrative="sealed addition")), sequence)


def withdrawn(sequence: int = 2) -> Envelope[Any]:
    return envelope(ComplaintWithdrawn(), sequence)


def found_out(*names: str, sequence: int = 5) -> Envelope[Any]:
    return envelope(ConductConflictFound(names=names), sequence)


def rejected(sequence: int = 3) -> Envelope[Any]:
    return envelope(ComplaintRejected(reason="false_report", appeal_until=at(14), officer="verifier-1"), sequence)


def linked(later: str = EARLIER, to: str = COMPLAINT, sequence: int = 3, about: Report | None = None) -> Envelope[Any]:
    data = ComplaintLinked(linked_to=to, officer="verifier-1", report=about or report(register_number="LP-2"))
    return envelope(data, sequence, subject=later)


LEARN: dict[type[Event], facts.Learn] = {
    ComplaintClassified: facts.classified,
    ComplaintReclassified: facts.reclassified,
    ComplaintSupplemented: facts.supplemented,
    ComplaintWithdrawn: facts.withdrawn,
    ComplaintRejected: facts.rejected,
    ConductConflictFound: facts.named,
}


class Decided(NamedTuple):
    """A decision as tests look at it."""

    case: Any
    events: tuple[Any, ...]


def act(decide: Callable[..., Decision[Case]], case: Case, asked: Command[Any], now: datetime, *known: Any) -> Decided:
    """The decision on a command under the sample procedure."""
    decision = decide(PROCEDURE, case, asked, now, *known)
    return Decided(decision.case, decision.events)


def hear(case: Case | None, message: Envelope[Any], now: datetime = NOW, found: Found = FOUND) -> Decided:
    """The decision on an event, as the consumer would have it made of the case of COMPLAINT."""
    learn: facts.Learn
    if isinstance(message.data, ComplaintLinked):
        learn = facts.linked if message.data.linked_to == COMPLAINT else facts.joined
    else:
        learn = LEARN[type(message.data)]
    decision = hearing(PROCEDURE, learn)(case, message, now, found)
    return Decided(decision.case, decision.events)


def wake(case: Case, now: datetime, found: Found = FOUND) -> Decided:
    """The decision when a timer has run out."""
    decision = hearing(PROCEDURE, facts.nothing_new)(case, command(None), now, found)
    return Decided(decision.case, decision.events)


def heard(*messages: Envelope[Any], now: datetime = NOW, found: Found = FOUND) -> Any:
    """The case after these events."""
    case: Case | None = None
    for message in messages:
        case = hear(case, message, now, found).case
    assert case is not None
    return case


def command(data: Any, actor: Person | None = None) -> Command[Any]:
    return Command(str(uuid4()), COMPLAINT, POLRES, data, actor)


def case_at(position: str, **values: Any) -> Any:
    """An open case of detective Dewi that stands at a position."""
    case = heard(classified(**values))
    return replace(case, position=position)


def wires(events: Iterable[Event]) -> list[str]:
    return [event.wire for event in events]
