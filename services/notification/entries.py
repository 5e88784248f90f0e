"""What each event adds to the public timeline of its complaint."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.notification.timeline import Entry, Timeline
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Envelope, Event, instant
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationConcluded,
    InvestigationProgressed,
    PatrolArrived,
    PatrolDispatched,
)
from shared.contracts.verification import (
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintRejected,
    ComplaintVerified,
)


class _Line(NamedTuple):
    key: str
    details: tuple[str, ...] = ()
    by: datetime | None = None
    notice: str | None = None


def entries(message: Envelope[Any]) -> Timeline:
    """The lines that an event adds; none where it tells a reporter nothing."""
    return tuple(
        Entry(
            event=message.id,
            time=instant(message.time),
            sequence=message.sequence,
            key=line.key,
            details=line.details,
            by=instant(line.by) if line.by else None,
            notice=line.notice,
        )
        for line in LINES[type(message.data)](message.data)
    )


def _verified(data: ComplaintVerified) -> list[_Line]:
    return [_Line("forwarded" if data.provisional else "verified")]


def _question(data: ComplaintClarificationRequested) -> list[_Line]:
    return [_Line("clarification", data.missing, data.answer_by, data.sealed.notice)]


def _rejected(data: ComplaintRejected) -> list[_Line]:
    return [_Line("rejected", (data.reason,), data.appeal_until, data.sealed.notice)]


def _reclassified(data: ComplaintReclassified) -> list[_Line]:
    key = "reopened" if data.reason == "reopened" else "reclassified"
    return [_Line(key, data.classification.tracks[:1])]


def _assigned(data: InvestigationAssigned) -> list[_Line]:
    return [_Line("reassigned" if data.previous else "assigned", (), data.letter_due, data.sealed.notice)]


def _progressed(data: InvestigationProgressed) -> list[_Line]:
    lines = [_Line("milestone", (data.milestone,))] if data.milestone else []
    lines += [_Line("letter", (data.letter,))] if data.letter else []
    # The words and the next date belong to the letter where there is one.
    return [*lines[:-1], lines[-1]._replace(by=data.letter_due, notice=data.sealed.notice)] if lines else []


def _concluded(data: InvestigationConcluded) -> list[_Line]:
    return [_Line("concluded", (data.outcome,), None, data.sealed.notice)]


LINES: Mapping[type[Event], Callable[[Any], list[_Line]]] = {
    ComplaintSubmitted: lambda data: [_Line("received")],
    ComplaintSupplemented: lambda data: [_Line("supplemented")],
    ComplaintWithdrawn: lambda data: [_Line("withdrawn")],
    ComplaintVerified: _verified,
    ComplaintClarificationRequested: _question,
    ComplaintRejected: _rejected,
    ComplaintLinked: lambda data: [_Line("linked", (data.linked_to,))],
    ComplaintClassified: lambda data: [_Line("classified", data.classification.tracks[:1])],
    ComplaintReclassified: _reclassified,
    PatrolDispatched: lambda data: [_Line("patrol_dispatched")],
    PatrolArrived: lambda data: [_Line("patrol_arrived")],
    InvestigationAssigned: _assigned,
    InvestigationProgressed: _progressed,
    InvestigationConcluded: _concluded,
}
