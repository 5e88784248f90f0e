"""The complaint as classification keeps it: what is proposed, what is in force, and every decision about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.contracts.classification import Classification
from shared.contracts.complaint import Report, Track, Urgency
from shared.contracts.envelope import Lane, Person

Status = Literal["waiting", "checking", "classified", "returned", "ended"]
Move = Literal["confirm", "change", "return", "end"]
ReturnReason = Literal["mediation_failed", "referral_declined", "not_misconduct", "reopened"]
DecisionReason = Literal[
    "rules", "officer_decision", "mediation_failed", "referral_declined", "not_misconduct", "reopened"
]

# waiting: not classified, an officer decides first. checking: classified by the rules because it could not wait, and an
# officer looks after it. returned: a track gave it back. These stand in the review queue. ended: verification rejected
# it, or joined it with an earlier report, while it stood there.
REVIEWED: tuple[Status, ...] = ("waiting", "checking", "returned")
# Where nothing is proposed any more there is nothing to confirm: a late click must not undo what a colleague changed.
MOVES: Mapping[tuple[Status, Move], Status] = {
    ("waiting", "confirm"): "classified",
    ("waiting", "change"): "classified",
    ("checking", "confirm"): "classified",
    ("checking", "change"): "classified",
    ("checking", "return"): "returned",
    ("waiting", "end"): "ended",
    ("checking", "end"): "ended",
    ("returned", "end"): "ended",
    ("classified", "change"): "classified",
    ("classified", "return"): "returned",
    ("returned", "confirm"): "classified",
    ("returned", "change"): "classified",
    ("returned", "return"): "returned",
    ("ended", "return"): "returned",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules suggest. `cautions` name why an officer should look; the words that led to it are sealed."""

    classification: Classification
    cautions: tuple[str, ...] = ()
    grounds: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the history; `note` is sealed."""

    at: datetime
    reason: DecisionReason
    category: str
    urgency: Urgency
    tracks: tuple[Track, ...]
    officer: str | None = None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Matter:
    """A complaint under classification. `returned` says why it came back from its track, `upheld` is the sequence of
    the word that an appeal against its rejection was upheld: a rejection from before that counts no more.
    """

    polres: str
    lane: Lane
    status: Status
    report: Report
    proposal: Proposal
    in_force: Classification | None
    since: datetime
    provisional: bool
    returned: ReturnReason | None = None
    upheld: int = 0
    history: tuple[Step, ...] = ()

    def visible_to(self, person: Person) -> bool:
        """Whether it is a complaint of the person's Polres, and not about the person or a unit of theirs."""
        return self.polres in person.units and not {person.id, *person.units}.intersection(self.report.conflicts)
