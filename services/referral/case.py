"""A complaint as referral knows it: what others say of it, whom it was offered to, and what agencies must be told."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from services.referral.agencies import Agency
from shared.contracts.classification import Classification
from shared.contracts.complaint import Report, Urgency
from shared.contracts.envelope import Lane, Person
from shared.contracts.referral import ReferralOutcome, ReferralStep
from shared.told import Told

# unclassified: remembered for the day on which it may come to us. elsewhere: not on our track. offered, accepted: an
# agency was asked, or has it. completed: an agency is done. declined: nobody took it, classification decides.
# withdrawn, rejected, linked: it has ended before an agency was done.
Status = Literal[
    "unclassified", "elsewhere", "offered", "accepted", "completed", "declined", "withdrawn", "rejected", "linked"
]
OPEN: tuple[Status, ...] = ("offered", "accepted")

# lapsed: the agency was silent and the next was asked. withdrawn: we took the offer back.
OfferState = Literal["open", "accepted", "declined", "lapsed", "withdrawn", "completed"]
Verb = Literal["accept", "decline", "update", "complete"]
MOVES: dict[tuple[OfferState, Verb], OfferState] = {
    ("open", "accept"): "accepted",
    ("open", "decline"): "declined",
    ("accepted", "decline"): "declined",
    ("accepted", "update"): "accepted",
    ("accepted", "complete"): "completed",
}
HELD: frozenset[OfferState] = frozenset({"open", "accepted"})

DeclineReason = Literal["not_ours", "outside_area", "no_capacity", "insufficient", "duplicate", "other"]
Notice = Literal["offer", "collaboration", "supplement", "reminder", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The deadlines that a Polres may edit. Answers count working hours, completion days of the calendar."""

    answer_within: dict[Urgency, timedelta]
    complete_within: dict[Urgency, timedelta]
    alarms: int
    forget_after: timedelta


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision must know from elsewhere: the registry, and the days on which offices rest."""

    agencies: tuple[Agency, ...] = ()
    closed: frozenset[date] = frozenset()

    def agency(self, slug: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Supplement:
    """What the reporter added; `narrative` is sealed."""

    id: str
    at: datetime
    narrative: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """What decides whom a complaint is offered to. Where it changes, the candidates are looked up anew."""

    category: str
    partners: tuple[str, ...]
    urgency: Urgency
    village: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """An agency that was asked, under a number of its own. `note` is sealed and for officers alone."""

    number: str
    agency: str
    round: int
    attempt: int
    at: datetime
    answer_by: datetime
    state: OfferState = "open"
    reference: str | None = None
    accepted_at: datetime | None = None
    complete_by: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    note: str | None = field(default=None, repr=False)
    officer: str | None = None
    remind_at: datetime | None = None
    alarm_at: datetime | None = None
    alarms: int = 0

    @property
    def held(self) -> bool:
        return self.state in HELD


@dataclass(frozen=True, slots=True)
class Collaborator:
    """An agency that helps the owner, under a number of its own. It may tell how it goes on, and no more."""

    agency: str
    number: str
    at: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class Update:
    """What an agency told on the way; `words` (for the reporter) and `note` (for officers) are sealed."""

    agency: str
    step: ReferralStep
    at: datetime
    words: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Completion:
    """How an agency ended it; `words` and `note` are sealed."""

    agency: str
    outcome: ReferralOutcome
    at: datetime
    words: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice that an agency must get, kept till it has gone out. It is written anew each time from the case.

    `again` marks an offer that the agency asked for once more. `due` is when it is attempted next.
    """

    id: str
    agency: str
    number: str
    notice: Notice
    queued_at: datetime
    due: datetime
    again: bool = False
    attempts: int = 0
    claim: str | None = None
    failure: str | None = None
    reason: str | None = None
    supplement: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """When the case came into a status."""

    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """`sequence` is that of the classification in force; `given_back` that of the one under which nobody took it."""

    polres: str
    lane: Lane
    status: Status = "unclassified"
    sequence: int = 0
    report: Report | None = None
    classification: Classification | None = None
    conflicts: tuple[str, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    withdrawn: Told | None = None
    rejected: Told | None = None
    joined: Told | None = None
    reopened: int = 0
    given_back: int = 0
    scope: Scope | None = None
    round: int = 0
    candidates: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    collaborators: tuple[Collaborator, ...] = ()
    updates: tuple[Update, ...] = ()
    completion: Completion | None = None
    past_completions: tuple[Completion, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    numbers: tuple[str, ...] = ()
    posted: int = 0
    agencies: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    taken_at: datetime | None = None
    due: datetime | None = None
    forget_at: datetime | None = None

    @property
    def holder(self) -> Offer | None:
        """The one offer that stands, answered or not."""
        return next((offer for offer in self.offers if offer.held), None)

    @property
    def urgency(self) -> Urgency:
        return self.classification.urgency if self.classification else "P4"

    def visible_to(self, person: Person) -> bool:
        """Whether it is a referral of the person's Polres, and not about the person or a unit of theirs."""
        named = {person.id, *person.units}.intersection(self.conflicts)
        return self.polres in person.units and self.taken_at is not None and not named
