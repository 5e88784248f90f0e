"""Events of invented complaints, as their producers would say them, and the records that follow."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.evaluation.domain import Record, noting
from services.evaluation.entry import Entry, entry_of, said_in, share_in
from services.evaluation.feedback import Feedback, Request, Survey
from services.evaluation.figures import Month
from services.evaluation.targets import Targets, read_targets
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Track, Urgency
from shared.contracts.envelope import Envelope, Event
from shared.contracts.evaluation import SurveyScores
from shared.contracts.intake import ComplaintSubmitted
from shared.contracts.investigation import InvestigationAssigned, InvestigationConcluded, InvestigationProgressed
from shared.contracts.mediation import MediationAssigned, MediationSettled
from shared.contracts.verification import ComplaintVerified
from tests.support.processes import ROOT

POLRES = "polres-sukamaju"
ZONE = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
MONTH = "2026-03"
TARGETS: Targets = read_targets((ROOT / "services" / "evaluation" / "targets.toml").read_text(encoding="utf-8"))
GOLDEN = (105, 101, 100, 116, 102, 105, 106, 105, 115)
SUBJECT = "019caf3e-5a10-7c3e-9b41-2f6d8e0a7711"


def scores(*values: int) -> SurveyScores:
    return SurveyScores(**{f"u{n}": value for n, value in enumerate(values or (3,) * 9, start=1)})


def report(received: datetime = START, **changes: Any) -> Report:
    return Report(
        **{
            "register_number": "LP/B/1/III/2026/SPKT/POLRES SUKAMAJU",
            "channel": "web",
            "identity_level": "claimed",
            "received_at": received,
            "village": "99.01.01.1001",
            **changes,
        }
    )


def placed(
    category: str = "theft",
    urgency: Urgency = "P3",
    tracks: tuple[Track, ...] = ("investigation",),
    units: tuple[str, ...] = ("Pidum",),
) -> Classification:
    return Classification(
        category=category, urgency=urgency, tracks=tracks, mediation="allowed", units=units, confidence=0.9
    )


def said(event: Event, hours: float = 0, *, sequence: int = 1, subject: str = SUBJECT, id_: str = "") -> Envelope[Any]:
    """The event so many hours after the start."""
    return Envelope[Any](
        id=id_ or str(uuid4()),
        type=event.wire,
        source="test",
        subject=subject,
        time=START + timedelta(hours=hours),
        sequence=sequence,
        polres=POLRES,
        lane="normal",
        data=event,
    )


def submitted(lookup: str | None = None, **changes: Any) -> ComplaintSubmitted:
    return ComplaintSubmitted(report=report(**changes), tracking_lookup=lookup)


def classified(**how: Any) -> ComplaintClassified:
    return ComplaintClassified(report=report(), classification=placed(**how))


def reclassified(reason: str = "officer_decision", **how: Any) -> ComplaintReclassified:
    return ComplaintReclassified(report=report(), classification=placed(**how), previous=placed(), reason=reason)


def assigned(unit: str = "Pidum") -> InvestigationAssigned:
    return InvestigationAssigned(detective="bagus-pranoto", unit=unit, letter_due=START + timedelta(days=3))


def concluded(outcome: Any = "not_a_crime") -> InvestigationConcluded:
    return InvestigationConcluded(outcome=outcome)


def investigated(subject: str = SUBJECT, shift: float = 0, **changes: Any) -> list[Envelope[Any]]:
    """A theft from its receipt to its end: verified after 2 h, classified after 3, assigned after 5, ended after 50."""
    events: list[tuple[Event, float]] = [
        (submitted(received=START + timedelta(hours=shift), **changes), 0),
        (ComplaintVerified(report=report(received=START + timedelta(hours=shift), **changes)), 2),
        (
            ComplaintClassified(
                report=report(received=START + timedelta(hours=shift), **changes), classification=placed()
            ),
            3,
        ),
        (assigned(), 5),
        (InvestigationProgressed(milestone="inquiry_opened"), 10),
        (InvestigationProgressed(letter="A1"), 20),
        (concluded(), 50),
    ]
    return [
        said(event, shift + hours, sequence=sequence, subject=subject)
        for sequence, (event, hours) in enumerate(events, start=1)
    ]


def mediated(subject: str = SUBJECT) -> list[Envelope[Any]]:
    events: list[tuple[Event, float]] = [
        (submitted(), 0),
        (ComplaintVerified(report=report()), 1),
        (classified(category="neighbour_dispute", tracks=("mediation",), units=("Bhabinkamtibmas",)), 2),
        (MediationAssigned(kind="mediation", mediator="bhabin-1"), 3),
        (MediationSettled(points=2), 80),
    ]
    return [said(event, hours, sequence=n, subject=subject) for n, (event, hours) in enumerate(events, start=1)]


def recorded(messages: Sequence[Envelope[Any]]) -> Record:
    """The record after these messages, in this order."""
    note, record = noting(ZONE), None
    for message in messages:
        record = note(record, message, START).case
    assert record is not None
    return record


def entry(record: Record) -> Entry:
    return entry_of(record, TARGETS, ZONE)


def month(
    *records: Record,
    requests: Mapping[str, int] | None = None,
    surveys: Sequence[tuple[str, Survey]] = (),
    name: str = MONTH,
) -> Month:
    """The month of these complaints, which are called c0, c1 and so on, and of what their reporters said in it."""
    found = Month(name)
    for id_, record in ((f"c{n}", record) for n, record in enumerate(records)):
        wishes = (Request("e", START, name),) * (requests or {}).get(id_, 0)
        said_ = Feedback(POLRES, surveys=tuple(survey for about, survey in surveys if about == id_), requests=wishes)
        found.count(entry(record), share_in(name, entry(record), said_in(said_)), 1)
    return found
