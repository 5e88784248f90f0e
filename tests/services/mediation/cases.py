"""Invented complaints, people and messages for the tests of mediation."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid4, uuid5

from services.mediation import agreement, facts, guidance, meetings, opening, parties
from services.mediation.case import Case
from services.mediation.known import Found, FoundMediator, Known
from services.mediation.main import load_procedure
from services.mediation.sessions import Appointment, Held, Minutes
from services.mediation.settle import hearing, woken
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Person
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected

POLRES = "polres-sukamaju"
COMPLAINT = "01900000-0000-7000-8000-000000000001"
EARLIER = "01900000-0000-7000-8000-000000000002"
VILLAGE = "99.01.01.1001"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PROCEDURE = load_procedure(Path("services/mediation/procedure.toml"))

WAYAN = Person("wayan", frozenset({"bhabinkamtibmas"}), frozenset({POLRES}))
OTHER = Person("other", frozenset({"bhabinkamtibmas"}), frozenset({POLRES}))
LEAD = Person("lead", frozenset({"mediation_lead"}), frozenset({POLRES}))
APPROVER = Person("head-ppa", frozenset({"ppa_approver"}), frozenset({POLRES}))

FOUND = Found(True, FoundMediator("wayan", ("Polsek",), "sealed notice"))
NOBODY_THERE = Found(True, None)
KNOWN = Known(None, "sealed place")


def at(days: float = 0, **more: float) -> datetime:
    return NOW + timedelta(days=days, **more)


def report(**values: Any) -> Report:
    known = {"register_number": "LP-1", "channel": "app", "identity_level": "claimed", "received_at": NOW}
    return Report(**{**known, "village": VILLAGE, "sealed": Sealed(narrative="sealed narrative"), **values})


def classification(**values: Any) -> Classification:
    known = {
        "category": "neighbour_dispute",
        "urgency": "P3",
        "tracks": ("mediation",),
        "mediation": "allowed",
        "units": ("Bhabinkamtibmas",),
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
    sequence: int = 3,
    reason: str = "officer_decision",
    about: Report | None = None,
    previous: Classification | None = None,
    **values: Any,
) -> Envelope[Any]:
    data = ComplaintReclassified(
        report=about or report(),
        classification=classification(**values),
        previous=previous or classification(),
        reason=reason,
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


def learnt_by(message: Envelope[Any]) -> facts.Learn:
    """What the consumer has the case of COMPLAINT learn from an event."""
    if isinstance(message.data, ComplaintLinked):
        return facts.linked if message.data.linked_to == COMPLAINT else facts.joined
    return LEARN[type(message.data)]


def hear(case: Case | None, message: Envelope[Any], now: datetime = NOW, found: Found = FOUND) -> Decided:
    """The decision on an event."""
    decision = hearing(PROCEDURE, learnt_by(message))(case, message, now, found)
    return Decided(decision.case, decision.events)


def wake(case: Case, now: datetime) -> Decided:
    """The decision when a timer has run out."""
    decision = woken(PROCEDURE)(case, command(None), now)
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


def act(
    decide: Callable[..., Decision[Case]],
    case: Case,
    data: Any,
    *more: object,
    actor: Person = WAYAN,
    now: datetime = NOW,
    known: Any = KNOWN,
) -> Decided:
    """The decision on what somebody does. `more`: what the decision is bound to beside the procedure."""
    after = () if decide is opening.approve else (known,)
    decision = decide(PROCEDURE, *more, case, command(data, actor), now, *after)
    return Decided(decision.case, decision.events)


def party_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


SARI, JOKO = party_id("sari"), party_id("joko")
APPOINTED = Appointment(at(2), "Balai desa", "sealed place")
DRAFT = agreement.Draft(
    (agreement.Term("sealed point 1", at(10)), agreement.Term("sealed point 2", at(20))), "sealed agreement"
)


def agreed_to_meet(case: Case) -> Any:
    """The case once a party of either side has agreed to take part."""
    for id_, side in ((SARI, "complainant"), (JOKO, "respondent")):
        case = act(parties.invite, case, parties.Invitation(id_, side, "sealed identity")).case  # type: ignore[arg-type]
        case = act(parties.answer, case, parties.Answered(id_, "agreed")).case
    return case


def mediation_at(position: str, **values: Any) -> Any:
    """A mediation of officer Wayan that stands at a position, got there by its moves."""
    case = heard(classified(**values))
    steps = ["preparing", "scheduled", "met", "agreeing", "settled", "kept"]
    if position == "failed":
        return act(agreement.judge, mediation_at("settled"), agreement.Judgement(1, False)).case
    for step in steps[: steps.index(position) + 1]:
        case = _reach(case, step)
    return case


def _reach(case: Any, position: str) -> Any:
    match position:
        case "preparing":
            return agreed_to_meet(case)
        case "scheduled":
            return act(meetings.schedule, case, APPOINTED, "mediation").case
        case "met":
            return act(meetings.hold, case, Held(1), "mediation", now=at(2)).case
        case "agreeing":
            return act(agreement.draft, case, DRAFT, now=at(2)).case
        case "settled":
            case = act(agreement.sign, case, SARI, now=at(2)).case
            return act(agreement.sign, case, JOKO, now=at(2)).case
        case _:
            case = act(agreement.judge, case, agreement.Judgement(1, True), now=at(9)).case
            return act(agreement.judge, case, agreement.Judgement(2, True), now=at(19)).case


def guidance_at(position: str) -> Any:
    """A guidance of officer Wayan that stands at a position, got there by its moves."""
    case = heard(classified(category="noise", tracks=("guidance",)))
    if position in ("planned", "scheduled", "visited", "completed"):
        case = act(guidance.plan, case, "sealed plan").case
    if position in ("scheduled", "visited", "completed"):
        case = act(meetings.schedule, case, APPOINTED, "guidance").case
    if position in ("visited", "completed"):
        case = act(meetings.hold, case, Held(1), "guidance", now=at(2)).case
        case = act(meetings.write_down, case, Minutes(1, "sealed record"), "guidance", now=at(2)).case
    if position == "completed":
        case = act(guidance.complete, case, guidance.Advice("sealed advice"), now=at(2)).case
    return case


def wires(events: Iterable[Event]) -> list[str]:
    return [event.wire for event in events]
