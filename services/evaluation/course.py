"""A complaint's course, read from all its facts in their order: how long each stage took, and when it was closed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from services.evaluation.facts import Fact, Facts
from shared.contracts.complaint import Track

StageName = Literal["verification", "classification", "assignment", "arrival", "first_letter", "settlement"]
STAGES: tuple[StageName, ...] = get_args(StageName)
_Span = tuple[StageName, datetime | None, datetime | None]

# How each track ends. A patrol's work is concluded by whoever investigates.
ENDS: Mapping[str, frozenset[Track]] = {
    "investigation.concluded": frozenset(("investigation", "dispatch")),
    "mediation.settled": frozenset(("mediation",)),
    "guidance.completed": frozenset(("guidance",)),
    "referral.completed": frozenset(("referral",)),
    "internal_affairs.concluded": frozenset(("internal_affairs",)),
}
# What gives a track's work back: an agreement that is broken opens again what was settled.
_GIVEN_BACK: Mapping[str, frozenset[Track]] = {
    "mediation.failed": frozenset(("mediation", "guidance")),
    "referral.declined": frozenset(("referral",)),
    "internal_affairs.returned": frozenset(("internal_affairs",)),
}
REJECTED = "complaint.rejected"
_BEGIN = ("complaint.submitted", "call.logged")
_VERIFIED = ("complaint.verified", REJECTED, "complaint.linked")
_CLASSIFIED = ("complaint.classified",)
_SENT, _ARRIVED = ("patrol.dispatched",), ("patrol.arrived",)
_ASSIGNED = ("investigation.assigned", "mediation.assigned", "referral.accepted", "internal_affairs.registered")
_LETTER = ("investigation.progressed", "internal_affairs.letter_sent")


@dataclass(frozen=True, slots=True)
class Closing:
    """The complaint's work came to an end. `event` is the fact that completed it, `kind` the way."""

    event: str
    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that is over."""

    name: StageName
    began: datetime
    ended: datetime

    @property
    def hours(self) -> float:
        # A clock that goes wrong may let an end precede its beginning.
        return max(0.0, (self.ended - self.began).total_seconds() / 3600)


@dataclass(frozen=True, slots=True)
class Closings:
    """Every time the complaint was closed, and whether it is closed now."""

    all: tuple[Closing, ...]
    closed: bool


def begun(facts: Facts) -> bool:
    """Whether the facts tell how the complaint came in."""
    return any(fact.kind in _BEGIN for fact in facts)


def closings(facts: Facts) -> Closings:
    """Reads when the complaint was closed: once every track that it is on has ended, or by its rejection."""
    tracks, ended = frozenset[Track](), frozenset[Track]()
    found: list[Closing] = []
    rejected = closed = False
    for fact in facts:
        if fact.placing:
            tracks = frozenset(fact.placing.tracks)
            ended = frozenset() if fact.detail == "reopened" else ended & tracks
            rejected = rejected and fact.kind == "complaint.classified"
        elif fact.kind in ENDS and fact.detail != "withdrawn":
            ended |= ENDS[fact.kind]
        elif fact.kind in _GIVEN_BACK:
            ended -= _GIVEN_BACK[fact.kind]
        elif fact.kind in (REJECTED, "complaint.verified"):
            rejected = fact.kind == REJECTED  # verified afterwards: an appeal was heard
        else:
            continue
        done = rejected or (bool(ended) and _work(tracks) <= ended)
        if done and not closed:
            found.append(Closing(fact.event, fact.at, fact.kind))
        closed = done
    return Closings(tuple(found), closed)


def stages(facts: Facts, received: datetime | None, closed: tuple[Closing, ...]) -> Iterator[Stage]:
    """The stages that are over. What happened after a first closing belongs to no stage, but to the reopening."""
    for name, began, ended in _spans(facts, received, closed):
        if began and ended:
            yield Stage(name, began, ended)


def pending(
    facts: Facts, received: datetime | None, closed: tuple[Closing, ...]
) -> Iterator[tuple[StageName, datetime]]:
    """The stages that have begun and are not over, and when each began."""
    for name, began, ended in _spans(facts, received, closed):
        if began and not ended:
            yield name, began


def _spans(facts: Facts, received: datetime | None, closed: tuple[Closing, ...]) -> Iterator[_Span]:
    verified, classified = _first(facts, _VERIFIED), _first(facts, _CLASSIFIED)
    assigned, letter = _first(facts, _ASSIGNED), _first(facts, _LETTER)
    yield "verification", received, verified
    yield "classification", verified, classified
    yield "assignment", received, assigned
    yield "arrival", _first(facts, _SENT), _first(facts, _ARRIVED)
    yield "first_letter", assigned, letter
    yield "settlement", received, closed[0].at if closed else None


def _first(facts: Facts, kinds: tuple[str, ...]) -> datetime | None:
    return next((fact.at for fact in facts if fact.kind in kinds), None)


def last(facts: Facts, kind: str) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.kind == kind), None)


def _work(tracks: frozenset[Track]) -> frozenset[Track]:
    """The tracks that must end: a patrol beside another track ends with it."""
    return tracks - {"dispatch"} or tracks
