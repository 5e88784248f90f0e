"""Whether a complaint has come to its end, and how: what may be erased, and when, hangs on it. Pure.

The same is read however the events arrive: of each who can end it, the word that was said last by cause counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Envelope, instant

By = Literal["verification", "investigation", "mediation", "guidance", "referral", "internal_affairs"]

REJECTED, LINKED, WITHDRAWN = "rejected", "linked", "withdrawn"
# Who may end a complaint by an event, and the outcome where the event does not name one.
_ENDS: Mapping[str, tuple[By, str]] = {
    "complaint.rejected.v1": ("verification", REJECTED),
    "complaint.linked.v1": ("verification", LINKED),
    "investigation.concluded.v1": ("investigation", "concluded"),
    "mediation.settled.v1": ("mediation", "settled"),
    "guidance.completed.v1": ("guidance", "guided"),
    "referral.completed.v1": ("referral", "referred"),
    "internal_affairs.concluded.v1": ("internal_affairs", "concluded"),
}
# Who gives a complaint back: what they had ended is open again.
_GIVES_BACK: Mapping[str, tuple[By, ...]] = {
    "mediation.failed.v1": ("mediation", "guidance"),
    "referral.declined.v1": ("referral",),
    "internal_affairs.returned.v1": ("internal_affairs",),
}


@dataclass(frozen=True, slots=True)
class Word:
    """The last that somebody said of the end; without an `outcome` it is open again. `final`: no appeal undoes it."""

    by: By
    sequence: int
    at: datetime
    outcome: str | None = None
    linked_to: str | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """How and when a complaint ended. Each track has its outcome; `linked_to` leads it on where it was linked."""

    at: datetime
    outcomes: tuple[str, ...]
    linked_to: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What others said: the newest classification, since when it counts (`begun`), and each one's last word. `village`
    is the one that verification found, which may be another than the reporter chose."""

    sequence: int = 0
    category: str | None = None
    urgency: Urgency | None = None
    village: str | None = None
    tracks: tuple[Track, ...] = ()
    begun: int = 0
    words: tuple[Word, ...] = ()

    def word_of(self, by: By) -> Word | None:
        return next((word for word in self.words if word.by == by), None)


def placed(course: Course, message: Envelope[ComplaintClassified] | Envelope[ComplaintReclassified]) -> Course:
    """Classification decided. What ended before it was opened again counts no more."""
    said = message.data.classification
    if getattr(message.data, "reason", None) == "reopened":
        course = replace(course, begun=max(course.begun, message.sequence))
    if message.sequence <= course.sequence:
        return course
    return replace(
        course,
        sequence=message.sequence,
        category=said.category,
        urgency=said.urgency,
        village=message.data.report.village,
        tracks=said.tracks,
    )


def told(course: Course, message: Envelope[Any]) -> Course:
    """Somebody ended it, or gives back what they had."""
    if message.type in _ENDS:
        by, outcome = _ENDS[message.type]
        outcome = getattr(message.data, "outcome", None) or outcome
        linked_to, final = getattr(message.data, "linked_to", None), getattr(message.data, "final", False)
        words = [Word(by, message.sequence, instant(message.time), outcome, linked_to, final)]
    else:
        words = [Word(by, message.sequence, instant(message.time)) for by in _GIVES_BACK[message.type]]
    for word in words:
        before = course.word_of(word.by)
        if before is None or word.sequence > before.sequence:
            others = [other for other in course.words if other.by != word.by]
            course = replace(course, words=tuple(sorted((*others, word), key=lambda word: word.by)))
    return course


def end_of(course: Course, withdrawn_at: datetime | None, appealed: bool) -> End | None:
    """The end that stands; None while somebody still has the complaint."""
    judged = course.word_of("verification")
    if judged and judged.outcome == LINKED:
        return End(judged.at, (LINKED,), judged.linked_to)
    # An appeal is open till the second rejection, which is final, or till every track has ended.
    if judged and judged.outcome == REJECTED and (judged.final or not appealed):
        return End(judged.at, (REJECTED,))
    tracks = {"investigation" if track == "dispatch" else track for track in course.tracks}
    if "dispatch" in course.tracks and "investigation" not in course.tracks and len(tracks) > 1:
        # A patrol beside another track ends with it.
        tracks.discard("investigation")
    if withdrawn_at:
        # Only a complaint offence ends because it is taken back, and an examination of conduct may go on: of these,
        # whoever has them says when they are over.
        tracks &= {"investigation", "internal_affairs"}
    ends = [word for word in course.words if word.by in tracks and word.outcome and word.sequence > course.begun]
    if {word.by for word in ends} != tracks or not (tracks or withdrawn_at):
        return None
    moments = [word.at for word in ends] + ([withdrawn_at] if withdrawn_at else [])
    outcomes = {word.outcome for word in ends if word.outcome} | ({WITHDRAWN} if withdrawn_at else set())
    return End(max(moments), tuple(sorted(outcomes)))
