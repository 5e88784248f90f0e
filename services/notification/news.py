"""What on the timeline is news to a reporter, by which template it is told, and what makes it stale."""

from collections.abc import Iterator, Mapping
from typing import Literal

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
    "patrol_dispatched": "all",
    "assigned": "all",
    "taken_over": "all",
    "appointment": "own",
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
    "linked": "linked",
    "patrol_dispatched": "patrol_dispatched",
    "assigned": "assigned",
    "mediator_assigned": "assigned",
    "session": "appointment",
    "session_moved": "appointment",
    "referral_accepted": "taken_over",
    "conduct_registered": "taken_over",
    "letter": "letter",
    "referral_updated": "letter",
    "conduct_letter": "letter",
    "reopened": "reopened",
}

# What a reporter must act on has a message of its own at once; what answers the reporter's own act does not wait for
# what may come after it either.
ASKS = frozenset(("clarification", "appointment", "rejected"))
AT_ONCE = ASKS | {"received", "requested"}

_HOLDING = frozenset(("assigned", "taken_over", "appointment", "patrol_dispatched"))
_ENDED = frozenset(("concluded", "letter"))
_OPEN = _HOLDING | _ENDED | {"verified", "upheld", "moved", "reopened"}
# What an entry takes back of what was not sent yet.
_OUTDATES: Mapping[str, frozenset[str]] = {
    "rejected": _OPEN,
    "linked": _OPEN,
    "verified": frozenset(("rejected",)),
    "reclassified": _HOLDING | {"moved"},
    "reopened": _HOLDING | _ENDED | {"rejected"},
    "session": frozenset(("appointment",)),
    "session_moved": frozenset(("appointment",)),
    "mediation_failed": frozenset(("assigned", "appointment", "concluded")),
    "referral_declined": frozenset(("taken_over", "concluded")),
    "conduct_returned": frozenset(("taken_over",)),
    **dict.fromkeys(ENDS, frozenset(("appointment",))),
}


def outdated(template: str, entry: Entry) -> bool:
    """Whether the entry takes back what the template says."""
    return template in _OUTDATES.get(entry.key, ())


def template_of(lines: Timeline, entry: Entry) -> str | None:
    """By which template an entry of the timeline is worth telling; None where it is not."""
    return next(template for told, template in _templates(lines) if told == entry)


def is_news(before: Timeline, after: Timeline, entry: Entry) -> bool:
    """Whether the entry says something new. It is overtaken only by what both clock and cause put after it, since one
    service's clock may go wrong."""
    template = template_of(after, entry)
    if template is None:
        return False
    later = [
        (other, told)
        for other, told in _templates(after)
        if timeline.order(other) > timeline.order(entry) and other.sequence >= entry.sequence
    ]
    if any(outdated(template, other) for other, _ in later):
        return False
    return not any(told for _, told in later) or timeline.status(before) != timeline.status(after)


def _templates(lines: Timeline) -> Iterator[tuple[Entry, str | None]]:
    until: set[str] = set()
    for step in timeline.steps(lines):
        yield step.entry, _template(step, until) if step.counts else None
        until.add(step.entry.key)


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
