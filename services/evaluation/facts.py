"""What is kept of an event: when it happened, and the few words in the clear that an indicator asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.complaint import Channel, Track, Urgency
from shared.contracts.envelope import Envelope, instant
from shared.contracts.verification import ComplaintLinked

ERASED = "complaint.erased"
# Of these the first alone counts: when something began. All others are kept, since their number or the last one counts.
FIRST_ALONE = frozenset(
    (
        "complaint.submitted",
        "complaint.supplemented",
        "complaint.appealed",
        "complaint.clarification_requested",
        "patrol.dispatched",
        "patrol.arrived",
        "investigation.progressed",
        "mediation.scheduled",
        "referral.offered",
        "referral.updated",
        "internal_affairs.registered",
        "internal_affairs.letter_sent",
    )
)
NAMED = "names"  # of a report that was linked to the complaint
# The field of an event that is kept as its fact's `detail`.
_DETAILS = ("outcome", "reason", "linked_to", "unit", "kind", "agency", "stage", "letter")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a report says of where it came from. `conflicts` are the persons and units that it is about."""

    register_number: str
    received_at: datetime
    channel: Channel
    village: str | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """What classification decided."""

    category: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One event as it is kept. `kind` is its wire name without the version, `names` whom it says that it is about."""

    event: str
    kind: str
    at: datetime
    sequence: int
    detail: str | None = None
    village: str | None = None
    lookup: str | None = None
    names: tuple[str, ...] = ()
    origin: Origin | None = None
    placing: Placing | None = None


Facts = tuple[Fact, ...]


def order(fact: Fact) -> tuple[datetime, int, str]:
    """By time, then by cause; the id only makes the order the same for everybody."""
    return fact.at, fact.sequence, fact.event


def fact_of(message: Envelope[Any]) -> Fact | None:
    """What is kept of an event; None where no indicator asks for it."""
    kind, data = message.type.rpartition(".")[0], message.data
    if kind == "investigation.progressed" and data.letter is None:
        return None
    detail = next((value for name in _DETAILS if isinstance(value := getattr(data, name, None), str)), None)
    return Fact(
        event=message.id,
        kind=kind,
        at=instant(message.time),
        sequence=message.sequence,
        detail=detail,
        village=getattr(data, "village", None),
        lookup=getattr(data, "tracking_lookup", None),
        names=tuple(getattr(data, "names", ())),
        origin=_origin(getattr(data, "report", None)),
        placing=_placing(getattr(data, "classification", None)),
    )


def later_report(message: Envelope[ComplaintLinked]) -> Fact:
    """What the earlier complaint keeps of a report that was linked to it: whom that one names."""
    return Fact(message.id, NAMED, instant(message.time), message.sequence, names=tuple(message.data.report.conflicts))


def united(facts: Facts, more: Iterable[Fact]) -> Facts:
    """The facts of both, each once, in their order: the same whatever is united first, and however often."""
    kept: dict[str, Fact] = {}
    for fact in sorted((*facts, *more), key=order):
        # Sorted, the first of a kind comes first.
        kept.setdefault(fact.kind if fact.kind in FIRST_ALONE else fact.event, fact)
    return tuple(kept.values())


def _origin(report: Any) -> Origin | None:
    if report is None:
        return None
    return Origin(
        report.register_number, instant(report.received_at), report.channel, report.village, tuple(report.conflicts)
    )


def _placing(classification: Any) -> Placing | None:
    if classification is None:
        return None
    return Placing(classification.category, classification.urgency, classification.tracks, classification.units)
