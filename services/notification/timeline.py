"""The public timeline of a complaint: what it says when it is read as a whole.

Status and open question are computed from all entries in their order, so it does not matter in which order, or how
often, the events came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ENTRIES_KEPT = 200

Status = Literal[
    "received",
    "clarification",
    "verified",
    "classified",
    "in_progress",
    "rejected",
    "linked",
    "concluded",
    "reopened",
    "withdrawn",
]

# From each status to those that may follow it. An entry that would lead elsewhere is shown, but moves nothing: it came
# from a clock that goes wrong, or from checks that ran on beside the work.
MOVES: Mapping[Status, frozenset[Status]] = {
    "received": frozenset(
        ("clarification", "verified", "classified", "in_progress", "rejected", "linked", "concluded", "withdrawn")
    ),
    "clarification": frozenset(
        ("received", "verified", "classified", "in_progress", "rejected", "linked", "concluded", "withdrawn")
    ),
    "verified": frozenset(
        ("clarification", "classified", "in_progress", "rejected", "linked", "concluded", "withdrawn")
    ),
    "classified": frozenset(("clarification", "in_progress", "rejected", "linked", "concluded", "withdrawn")),
    "in_progress": frozenset(("rejected", "linked", "concluded", "reopened", "withdrawn")),
    "rejected": frozenset(("verified", "reopened", "withdrawn")),
    "linked": frozenset(("reopened", "withdrawn")),
    "concluded": frozenset(("reopened",)),
    "reopened": frozenset(
        ("clarification", "classified", "in_progress", "rejected", "linked", "concluded", "withdrawn")
    ),
    "withdrawn": frozenset(),
}

# Every key that an entry can have, and the status that it leads to; None leaves the status alone.
LEADS_TO: Mapping[str, Status | None] = {
    "received": "received",
    "supplemented": "received",
    "withdrawn": "withdrawn",
    "clarification": "clarification",
    "verified": "verified",
    "rejected": "rejected",
    "linked": "linked",
    "classified": "classified",
    "reopened": "reopened",
    "patrol_dispatched": "in_progress",
    "patrol_arrived": "in_progress",
    "assigned": "in_progress",
    "reassigned": "in_progress",
    "milestone": "in_progress",
    "letter": "in_progress",
    "concluded": "concluded",
    "forwarded": None,
    "reclassified": None,
}

# What the reporter of a linked complaint sees of the earlier one: that it happened and when, never its words.
JOINED = frozenset(
    (
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
        "concluded",
    )
)

_ONCE = frozenset(("received", "withdrawn"))
_ANSWERS = frozenset(("supplemented", "verified", "rejected", "linked", "concluded", "withdrawn"))


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


def status(timeline: Timeline) -> Status:
    """Where the complaint stands. Never goes back because of something that came in late."""
    current: Status | None = None
    for entry in timeline:
        reached = LEADS_TO[entry.key]
        if reached and (current is None or reached in MOVES[current]):
            current = reached
    return current or "received"


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
    if stands == "in_progress":
        letters = [entry.by for entry in timeline if entry.by and entry.key in ("assigned", "reassigned", "letter")]
        return "letter", letters[-1] if letters else None
    if stands == "rejected":
        return "appeal", next(entry.by for entry in reversed(timeline) if entry.key == "rejected")
    return _NEXT.get(stands, "nothing"), None


_NEXT: Mapping[Status, str] = {
    "received": "verification",
    "clarification": "verification",
    "verified": "classification",
    "classified": "assignment",
    "reopened": "assignment",
    "linked": "earlier",
}
