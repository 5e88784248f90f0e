"""What on the timeline is news to a reporter, by which template it is told, and what makes it stale."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from services.notification import timeline
from services.notification.statuses import CLOSED, ENDS, HELD
from services.notification.timeline import Entry, Step, Timeline

# Who is told: the complaint's own reporter, or also those whose complaints are linked to it.
TELLS: Mapping[str, Literal["own", "all"]] = {
    "received": "own",
    "clarification": "own",
    "verified": "own",
    "upheld": "all",
    "linked": "own",
    "rejected": "all",
    "rejected_finally": "all",
    "patrol_dispatched": "all",
    "assigned": "all",
    "taken_over": "all",
    "appointment": "own",
    "called_off": "own",
    "letter": "all",
    "moved": "all",
    "concluded": "all",
    "reopened": "all",
    "requested": "own",
}
# Several messages that were held back are told as one, by this template.
DIGEST = "digest"

# Whoever has a complaint says alike that it has it, goes on and is done: a stranger who reads a lock screen must not
# learn from the words whose matter it is, least of all that it is about the police.
_TEMPLATES: Mapping[str, str] = {
    "received": "received",
    "appealed": "requested",
    "reopen_requested": "requested",
    "clarification": "clarification",
    "rejected": "rejected",
    "rejected_finally": "rejected_finally",
    "linked": "linked",
    "patrol_dispatched": "patrol_dispatched",
    "assigned": "assigned",
    "mediator_assigned": "assigned",
    "session": "appointment",
    "session_moved": "appointment",
    "session_cancelled": "called_off",
    "referral_accepted": "taken_over",
    "conduct_registered": "taken_over",
    "letter": "letter",
    "referral_updated": "letter",
    "conduct_letter": "letter",
    "reopened": "reopened",
}

# What a reporter must act on has a message of its own at once; what answers the reporter's own act does not wait for
# what may come after it either.
ASKS = frozenset(("clarification", "appointment", "called_off", "rejected", "rejected_finally"))
AT_ONCE = ASKS | {"received", "requested"}

_HOLDING = frozenset(("assigned", "taken_over", "appointment", "called_off", "patrol_dispatched"))
_ENDED = frozenset(("concluded", "letter"))
_OPEN = _HOLDING | _ENDED | {"verified", "upheld", "moved", "reopened"}
# What an entry takes back of what was not sent yet.
_TAKES_BACK: Mapping[str, frozenset[str]] = {
    "rejected": _OPEN,
    "rejected_finally": _OPEN,
    "linked": _OPEN,
    "verified": frozenset(("rejected",)),
    "reclassified": _HOLDING | {"moved"},
    "reopened": _HOLDING | _ENDED | {"rejected"},
    "session_moved": frozenset(("appointment",)),
    "session_cancelled": frozenset(("appointment",)),
    "mediation_failed": frozenset(("assigned", "appointment", "concluded")),
    "referral_declined": frozenset(("taken_over", "concluded")),
    "conduct_returned": frozenset(("taken_over",)),
    **dict.fromkeys(ENDS, frozenset(("appointment",))),
}


class Worth(NamedTuple):
    """What an entry is worth: the template by which it is told, if it is, and those that it takes back."""

    template: str | None
    takes_back: frozenset[str]


_NOTHING = Worth(None, frozenset())


def worth(lines: Timeline, entry: Entry) -> Worth:
    """What an entry of the timeline is worth."""
    return next(found for other, found in _read(lines) if other == entry)


def is_news(before: Timeline, after: Timeline, entry: Entry) -> bool:
    """Whether the entry says something new. It is overtaken only by what both clock and cause put after it, since one
    service's clock may go wrong."""
    template = worth(after, entry).template
    if template is None:
        return False
    later = [
        found
        for other, found in _read(after)
        if timeline.order(other) > timeline.order(entry) and other.sequence >= entry.sequence
    ]
    if any(template in found.takes_back for found in later):
        return False
    return not any(found.template for found in later) or timeline.status(before) != timeline.status(after)


def _read(lines: Timeline) -> Iterator[tuple[Entry, Worth]]:
    until: set[str] = set()
    for step in timeline.steps(lines):
        key = step.entry.key
        stays = key == "reclassified" and step.after.status != "moved"
        takes_back = frozenset[str]() if stays else _TAKES_BACK.get(key, frozenset())
        yield step.entry, Worth(_template(step, until), takes_back) if step.counts else _NOTHING
        until.add(key)


def _template(step: Step, until: set[str]) -> str | None:
    """Not every step deserves a message: that the checks are passed matters to whoever was asked or objected, that a
    patrol is on its way is told once, and so is a move to others, however many words the services have about it."""
    key, before, after = step.entry.key, step.before.status, step.after.status
    if key == "verified":
        if before == "appealed":
            return "upheld"
        return "verified" if "clarification" in until else None
    if key == "reclassified":
        was_held = before in HELD or before in CLOSED or before == "returned"
        return "moved" if after == "moved" and was_held else None
    if key in ENDS:
        return "letter" if step.after.goes_on else "concluded"
    if key == "patrol_dispatched" and key in until:
        return None
    return _TEMPLATES.get(key)
