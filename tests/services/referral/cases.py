"""Invented complaints, agencies and messages for the tests of referral."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from services.referral import answers, facts
from services.referral.agencies import Agency, Hours
from services.referral.answers import Answer
from services.referral.case import Case, Known
from services.referral.settings import load_procedure
from services.referral.settle import hearing
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Person
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

POLRES = "polres-sukamaju"
COMPLAINT = "01900000-0000-7000-8000-000000000001"
EARLIER = "01900000-0000-7000-8000-000000000002"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # a Tuesday, 15:00 in Jakarta
PROCEDURE = load_procedure(Path("services/referral/procedure.toml"))
OFFICER = Person("officer-1", frozenset({"referral_officer"}), frozenset({POLRES}))


def agency(slug: str, *partners: str, **values: Any) -> Agency:
    return Agency(**{"slug": slug, "polres": POLRES, "name": slug.title(), "partners": partners, **values})


OFFICE = Hours((0, 1, 2, 3, 4), time(8), time(16))
DAMKAR = agency("damkar", "Damkar", order=10)
BPBD = agency("bpbd", "BPBD", order=20)
PLN, PLN_UP3 = agency("pln", "PLN", order=30), agency("pln-up3", "PLN", order=40)
DINSOS = agency("dinsos", "Dinsos", order=50, hours=OFFICE)
KNOWN = Known((DAMKAR, BPBD, PLN, PLN_UP3, DINSOS), frozenset({date(2026, 12, 25)}))
FIRE = ("Damkar", "BPBD", "Basarnas")


def at(**later: float) -> datetime:
    return NOW + timedelta(**later)


def report(**values: Any) -> Report:
    known = {"register_number": "LP-1", "channel": "web", "identity_level": "claimed", "received_at": NOW}
    return Report(**{**known, "sealed": Sealed(narrative="sealed narrative"), **values})


def classification(**values: Any) -> Classification:
    known = {
        "category": "fire_or_disaster",
        "urgency": "P1",
        "tracks": ("referral",),
        "mediation": "never",
        "units": ("Samapta",),
        "partners": FIRE,
        "confidence": 1.0,
    }
    return Classification(**{**known, **values})


def envelope(data: Event, sequence: int = 2, **values: Any) -> Envelope[Any]:
    known = {"id": str(uuid4()), "type": data.wire, "source": "test", "subject": COMPLAINT, "time": NOW}
    return Envelope[Any](**{**known, "sequence": sequence, "polres": POLRES, "lane": "normal", "data": data, **values})


def classified(sequence: int = 2, about: Report | None = None, **values: Any) -> Envelope[Any]:
    return envelope(ComplaintClassified(report=about or report(), classification=classification(**values)), sequence)


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
    return envelope(ComplaintRejected(reason="false_report", appeal_until=at(days=14), officer="verifier-1"), sequence)


def linked(to: str = EARLIER, sequence: int = 3) -> Envelope[Any]:
    return envelope(ComplaintLinked(linked_to=to, officer="verifier-1", report=report()), sequence)


LEARN: dict[type[Event], facts.Learn] = {
    ComplaintClassified: facts.classified,
    ComplaintReclassified: facts.reclassified,
    ComplaintLinked: facts.joined,
    ComplaintSupplemented: facts.supplemented,
    ComplaintWithdrawn: facts.withdrawn,
    ComplaintRejected: facts.rejected,
    ConductConflictFound: facts.named,
}


class Decided(NamedTuple):
    """A decision as tests look at it."""

    case: Any
    events: tuple[Any, ...]


def hear(case: Case | None, message: Envelope[Any], now: datetime = NOW, known: Known = KNOWN) -> Decided:
    """The decision on an event, as the consumer would have it made of the case of COMPLAINT."""
    decision = hearing(PROCEDURE, LEARN[type(message.data)])(case, message, now, known)
    return Decided(decision.case, decision.events)


def heard(*messages: Envelope[Any], now: datetime = NOW, known: Known = KNOWN) -> Any:
    """The case after these events."""
    case: Case | None = None
    for message in messages:
        case = hear(case, message, now, known).case
    return case


def wake(case: Case, now: datetime, known: Known = KNOWN) -> Decided:
    """The decision when a timer has run out."""
    decision = hearing(PROCEDURE, facts.nothing_new)(case, command(None), now, known)
    return Decided(decision.case, decision.events)


def command(data: Any, actor: Person | None = None) -> Command[Any]:
    return Command(str(uuid4()), COMPLAINT, POLRES, data, actor)


def answer(case: Case, verb: Any, now: datetime = NOW, known: Known = KNOWN, **said: Any) -> Decided:
    """What comes of an answer of the agency that has the complaint, or of another one that is named."""
    holder = case.holder
    about = {"agency": holder.agency if holder else "", "number": holder.number if holder else ""}
    decision = answers.answer(PROCEDURE, case, command(Answer(**{**about, "verb": verb, **said})), now, known)
    return Decided(decision.case, decision.events)


def direct(decision: Callable[..., Decision[Case]], case: Case, data: Any = None, now: datetime = NOW) -> Decided:
    """What comes of an officer's command."""
    made = decision(PROCEDURE, case, command(data, OFFICER), now, KNOWN)
    return Decided(made.case, made.events)


def told(case: Case) -> list[tuple[str, str]]:
    """Which agency still has to be told what."""
    return [(delivery.agency, delivery.notice) for delivery in case.deliveries]


def delivered(case: Case) -> Any:
    """The case once everything has gone out."""
    return replace(case, deliveries=())


def accepted(**values: Any) -> Any:
    """A case that the fire brigade has."""
    return delivered(answer(delivered(heard(classified(**values))), "accept").case)


def wires(events: Iterable[Event]) -> list[str]:
    return [event.wire for event in events]
