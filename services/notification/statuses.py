"""The statuses of a complaint as its reporter sees it, and what each line of the timeline does to them."""

from collections.abc import Mapping
from typing import Literal

from shared.contracts.complaint import Track

Status = Literal[
    "received",
    "clarification",
    "verified",
    "classified",
    "in_progress",
    "referred",
    "with_internal_affairs",
    "returned",
    "moved",
    "rejected",
    "appealed",
    "linked",
    "concluded",
    "settled",
    "guided",
    "completed",
    "reopening",
    "reopened",
    "withdrawn",
]


def _any(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_BEFORE = _any("received", "clarification", "verified", "classified")
HELD = _any("in_progress", "referred", "with_internal_affairs")
CLOSED = _any("concluded", "settled", "guided", "completed")
_OUT = _any("rejected", "linked", "withdrawn")

# From each status to those that may follow it. An entry that would lead elsewhere is shown, but moves nothing: it came
# from a clock that goes wrong, or from checks that ran on beside the work.
MOVES: Mapping[Status, frozenset[Status]] = {
    "received": (_BEFORE - {"received"}) | HELD | _OUT | CLOSED,
    "clarification": (_BEFORE - {"clarification"}) | HELD | _OUT | CLOSED,
    "verified": HELD | _any("clarification", "classified") | _OUT | CLOSED,
    "classified": HELD | _any("clarification", "returned", "moved") | _OUT | CLOSED,
    "moved": HELD | _any("clarification", "returned") | _OUT | CLOSED,
    "returned": HELD | _any("moved", "reopened") | _OUT,
    "in_progress": _any("referred", "with_internal_affairs", "returned", "moved", "reopened") | _OUT | CLOSED,
    "referred": _any("returned", "moved", "reopened") | _OUT | CLOSED,
    "with_internal_affairs": _any("returned", "moved", "reopened") | _OUT | CLOSED,
    "rejected": _any("appealed", "verified", "reopening", "reopened", "withdrawn"),
    "appealed": _any("clarification", "verified", "reopened") | _OUT,
    "linked": _any("reopened", "withdrawn"),
    "concluded": _any("moved", "reopening", "reopened"),
    # An agreement may be broken.
    "settled": _any("returned", "moved", "reopening", "reopened"),
    "guided": _any("moved", "reopening", "reopened"),
    "completed": _any("moved", "reopening", "reopened"),
    "reopening": _any("reopened") | _OUT,
    "reopened": HELD | _any("clarification", "classified", "returned", "moved") | _OUT | CLOSED,
    "withdrawn": _any(),
}

# Every key that an entry can have, and the status that it leads to; None leaves the status alone.
LEADS_TO: Mapping[str, Status | None] = {
    "received": "received",
    "supplemented": "received",
    "withdrawn": "withdrawn",
    "appealed": "appealed",
    "clarification": "clarification",
    "verified": "verified",
    "forwarded": None,
    "rejected": "rejected",
    "rejected_finally": "rejected",
    "linked": "linked",
    "classified": "classified",
    "reclassified": "moved",
    "reopened": "reopened",
    "patrol_dispatched": "in_progress",
    "patrol_arrived": "in_progress",
    "assigned": "in_progress",
    "reassigned": "in_progress",
    "milestone": "in_progress",
    "letter": "in_progress",
    "concluded": "concluded",
    "mediator_assigned": "in_progress",
    "mediator_changed": "in_progress",
    "session": "in_progress",
    "session_moved": "in_progress",
    "session_cancelled": "in_progress",
    "mediation_settled": "settled",
    "mediation_failed": "returned",
    "guidance_completed": "guided",
    "referral_offered": "in_progress",
    "referral_accepted": "referred",
    "referral_updated": "referred",
    "referral_completed": "completed",
    "referral_declined": "returned",
    "conduct_registered": "with_internal_affairs",
    "conduct_letter": "with_internal_affairs",
    "conduct_concluded": "concluded",
    "conduct_returned": "returned",
    "feedback": None,
    "reopen_requested": "reopening",
}

# Entries that set the tracks, which are their details.
DECIDES = frozenset(("classified", "reclassified", "reopened"))

_SETTLING: frozenset[Track] = frozenset(("mediation", "guidance"))
_REFERRAL: frozenset[Track] = frozenset(("referral",))
_INTERNAL: frozenset[Track] = frozenset(("internal_affairs",))

# Whose word an entry is. Once the complaint has left all of these tracks, it comes too late to move anything. Steps of
# an investigation and patrols are not among them: they were taken, whoever has the complaint now.
HELD_BY: Mapping[str, frozenset[Track]] = {
    "concluded": frozenset(("investigation", "dispatch")),
    "mediator_assigned": _SETTLING,
    "mediator_changed": _SETTLING,
    "session": _SETTLING,
    "session_moved": _SETTLING,
    "session_cancelled": _SETTLING,
    "mediation_settled": _SETTLING,
    "mediation_failed": _SETTLING,
    "guidance_completed": _SETTLING,
    "referral_offered": _REFERRAL,
    "referral_accepted": _REFERRAL,
    "referral_updated": _REFERRAL,
    "referral_completed": _REFERRAL,
    "referral_declined": _REFERRAL,
    "conduct_registered": _INTERNAL,
    "conduct_letter": _INTERNAL,
    "conduct_concluded": _INTERNAL,
    "conduct_returned": _INTERNAL,
}

# A complaint on several tracks is closed when the last of them ends. A patrol ends without a word.
ENDS = frozenset(("concluded", "mediation_settled", "guidance_completed", "referral_completed", "conduct_concluded"))
GIVES_BACK = frozenset(("mediation_failed", "referral_declined", "conduct_returned"))
ENDS_SILENTLY: frozenset[Track] = frozenset(("dispatch",))
