"""The public timeline of a complaint: what it says when it is read as a whole.

Status and open question are computed from all entries in their order, so it does not matter in which order, or how
often, the events came in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.notification.statuses import (
    DECIDES,
    ENDS,
    ENDS_SILENTLY,
    GIVES_BACK,
    HELD,
    HELD_BY,
    LEADS_TO,
    MOVES,
    Status,
)

ENTRIES_KEPT = 200

# What the reporter of a linked complaint sees of the earlier one: that it happened and when, never its words.
JOINED = frozenset(
    (
        "verified",
        "appealed",
        "classified",
        "reclassified",
        "reopened",
        "patrol_dispatched",
        "patrol_arrived",
        "assigned",
        "reassigned",
        "milestone",
        "letter",
        "rejected",
        "rejected_finally",
        "concluded",
        "mediator_assigned",
        "mediator_changed",
        "mediation_settled",
        "mediation_failed",
        "guidance_completed",
        "referral_accepted",
        "referral_updated",
        "referral_completed",
        "referral_declined",
        "conduct_registered",
        "conduct_letter",
        "conduct_concluded",
        "conduct_returned",
    )
)

_ONCE = frozenset(("received", "withdrawn"))
_REJECTED = frozenset(("rejected", "rejected_finally"))
_ANSWERS = frozenset(("supplemented", "verified", "linked", "withdrawn")) | _REJECTED | ENDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `details` are slugs, `by` a date that the line names, `notice` words for the reporter
    alone, sealed."""

    event: str
    time: datetime
    sequence: int
    key: str
    details: tuple[str, ...] = ()
    by: datetime | None = None
    notice: str | None = None


Timeline = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a complaint stands: the tracks that it is on, as far as they are known, and those of them that ended."""

    status: Status | None = None
    tracks: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()

    def hears(self, key: str) -> bool:
        """Whether an entry of this kind comes from a track that the complaint is on, or from none."""
        return key not in HELD_BY or not self.tracks or not HELD_BY[key].isdisjoint(self.tracks)

    @property
    def goes_on(self) -> bool:
        """Whether a track is still to end."""
        return bool(self.tracks - self.ended - ENDS_SILENTLY)


@dataclass(frozen=True, slots=True)
class Step:
    """An entry with where the complaint stood before and after it. `counts`: its track still had the complaint."""

    entry: Entry
    before: Standing
    after: Standing
    counts: bool


def order(entry: Entry) -> tuple[datetime, int, str, str]:
    """By time, then by cause; the rest only makes the order the same for everybody."""
    return entry.time, entry.sequence, entry.event, entry.key


def known(timeline: Timeline, entry: Entry) -> bool:
    """Whether the timeline has the entry already, or one that can be there only once."""
    return any(
        old.key == entry.key and (old.event == entry.event or (entry.key in _ONCE and order(old) <= order(entry)))
        for old in timeline
    )


def inserted(timeline: Timeline, entry: Entry) -> Timeline:
    """The timeline with the entry in its place. When it is full, an old line makes room: the reporter's own additions
    first, so that nobody can push the police's steps out of it."""
    if entry.key in _ONCE:
        timeline = tuple(old for old in timeline if old.key != entry.key)
    longer = sorted((*timeline, entry), key=order)
    if len(longer) > ENTRIES_KEPT:
        del longer[next((n for n, old in enumerate(longer) if old.key == "supplemented"), 1)]
    return tuple(longer)


def steps(timeline: Timeline) -> Iterator[Step]:
    """The timeline, read from its beginning."""
    standing = Standing()
    for entry in timeline:
        counts = standing.hears(entry.key)
        after = _after(standing, entry) if counts else standing
        yield Step(entry, standing, after, counts)
        standing = after


def _after(at: Standing, entry: Entry) -> Standing:
    reached = LEADS_TO[entry.key]
    after = at
    if entry.key in DECIDES:
        tracks = frozenset(entry.details)
        # Another category or urgency on the tracks that it is on moves it nowhere.
        if entry.key == "reclassified" and at.status != "returned" and not (at.tracks and tracks.isdisjoint(at.tracks)):
            reached = None
        after = replace(at, tracks=tracks, ended=frozenset() if entry.key == "reopened" else at.ended & tracks)
    elif entry.key in ENDS:
        after = replace(at, ended=at.ended | HELD_BY[entry.key])
        if after.goes_on:
            reached = None
    elif entry.key in GIVES_BACK:
        after = replace(at, ended=at.ended - HELD_BY[entry.key])
    if reached and (at.status is None or reached in MOVES[at.status]):
        return replace(after, status=reached)
    return after


def _standing(timeline: Timeline) -> Standing:
    standing = Standing()
    for step in steps(timeline):
        standing = step.after
    return standing


def status(timeline: Timeline) -> Status:
    """Where the complaint stands. Never goes back because of something that came in late."""
    return _standing(timeline).status or "received"


def question(timeline: Timeline) -> Entry | None:
    """The question that waits for the reporter's answer, if there is one."""
    asked: Entry | None = None
    for entry in timeline:
        if entry.key == "clarification":
            asked = entry
        elif entry.key in _ANSWERS:
            asked = None
    return asked


def earlier_complaint(timeline: Timeline) -> str | None:
    """The complaint through which the reporter is told now, if this one was linked."""
    target: str | None = None
    for entry in timeline:
        if entry.key == "linked":
            target = entry.details[0]
        elif entry.key == "reopened":
            target = None
    return target


def due_next(timeline: Timeline) -> tuple[str, datetime | None]:
    """What the reporter may expect next (a slug), and by when if that is set. `nothing` where all is done."""
    stands = status(timeline)
    asked = question(timeline)
    if asked:
        return "answer", asked.by
    if stands in HELD:
        return _promised(timeline)
    if stands == "rejected":
        decision = next(entry for entry in reversed(timeline) if entry.key in _REJECTED)
        return ("appeal", decision.by) if decision.key == "rejected" else ("nothing", None)
    if stands == "settled":
        kept_by = next(entry.by for entry in reversed(timeline) if entry.key == "mediation_settled")
        return ("agreement", kept_by) if kept_by else ("nothing", None)
    return _NEXT.get(stands, "nothing"), None


def _promised(timeline: Timeline) -> tuple[str, datetime | None]:
    """What whoever has the complaint said last of the next step."""
    now_on = _standing(timeline)
    for step in reversed(list(steps(timeline))):
        entry = step.entry
        promise = _PROMISES.get(entry.key)
        if promise and step.counts and now_on.hears(entry.key) and (entry.by or promise != "letter"):
            return promise, entry.by
    return "letter", None


_PROMISES: Mapping[str, str] = {
    "assigned": "letter",
    "reassigned": "letter",
    "letter": "letter",
    "mediator_assigned": "arrangement",
    "session": "session",
    "session_moved": "session",
    "session_cancelled": "arrangement",
    "referral_offered": "agency_answer",
    "referral_accepted": "agency",
    "conduct_registered": "sp3d",
    "conduct_letter": "result",
}

_NEXT: Mapping[Status, str] = {
    "received": "verification",
    "clarification": "verification",
    "verified": "classification",
    "classified": "assignment",
    "moved": "assignment",
    "returned": "classification",
    "appealed": "objection",
    "reopening": "reopening",
    "reopened": "assignment",
    "linked": "earlier",
}
