"""What is kept of one complaint here, and what can be read off it. Sealed words stay sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.classification import Classification
from shared.contracts.complaint import Attachment, MediationRule, Report, Track, Urgency
from shared.contracts.envelope import Lane, Person
from shared.contracts.mediation import FailureReason, Settling
from shared.told import Told

# unclassified: heard of, but not yet said to be ours. elsewhere: on other tracks. joined: led on in an earlier
# complaint. settled: the parties signed, and what they agreed is followed up. closed: all of it was kept, or the
# guidance is done. failed: given back to classification.
Status = Literal["unclassified", "elsewhere", "joined", "rejected", "withdrawn", "open", "settled", "closed", "failed"]
# The first line is of a mediation, the second of a guidance; how they follow each other stands in `moves`.
Position = Literal[
    "preparing", "scheduled", "met", "agreeing", "settled", "kept", "failed",
    "planning", "planned", "visited", "completed",
]  # fmt: skip
Side = Literal["complainant", "respondent"]
Consent = Literal["invited", "agreed", "refused"]
SessionState = Literal["scheduled", "held", "cancelled"]
Cancellation = Literal["party_absent", "party_asked", "officer_absent", "other"]
Compliance = Literal["open", "kept", "broken"]
ReminderKind = Literal["nobody_acted", "session_unrecorded", "point_due"]
Condition = Literal["penalty_within_limit", "first_offence", "victim_consents"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom the matter concerns. `identity` is sealed as settlement."""

    id: str
    side: Side
    consent: Consent
    invited_at: datetime
    identity: str
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting of the parties, or a guidance visit. `place` and `minutes` are sealed as settlement."""

    number: int
    at: datetime
    place: str
    state: SessionState = "scheduled"
    # let_go: the matter left us while the session was still to come.
    cancelled_for: Cancellation | Literal["let_go"] | None = None
    absent: tuple[str, ...] = ()  # parties who were not there
    held_at: datetime | None = None
    minutes: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was agreed, and by when. `text` and `note` are sealed as settlement."""

    number: int
    text: str
    due: datetime
    compliance: Compliance = "open"
    judged_at: datetime | None = None
    officer: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    party: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the parties agree on. `notice` says it to the reporter once all have signed."""

    drafted_at: datetime
    points: tuple[Point, ...]
    notice: str
    signatures: tuple[Signature, ...] = ()
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """The word of the PPA unit on whether this may be settled between the parties. `note` is sealed as settlement."""

    approved: bool
    officer: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A condition of restorative justice that an officer vouches for."""

    condition: Condition
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What the guidance is to bring about. `text` is sealed as settlement."""

    text: str
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended. `note` is sealed as settlement, `notice` for the reporter."""

    at: datetime
    officer: str | None = None
    reason: FailureReason | None = None
    recommended: Track | None = None
    note: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One try to settle the complaint, from when it was given to us (`since`, a sequence) until it is given again."""

    kind: Settling
    since: int
    position: Position
    acted_at: datetime | None = None  # when somebody last did something for it
    approval: Approval | None = None
    confirmations: tuple[Confirmation, ...] = ()
    parties: tuple[Party, ...] = ()
    sessions: tuple[Session, ...] = ()
    agreement: Agreement | None = None
    plan: Plan | None = None
    outcome: Outcome | None = None

    @property
    def next_session(self) -> Session | None:
        return next((session for session in self.sessions if session.state == "scheduled"), None)

    @property
    def agreed(self) -> tuple[Party, ...]:
        """The parties who take part."""
        return tuple(party for party in self.parties if party.consent == "agreed")


@dataclass(frozen=True, slots=True)
class Mediator:
    """The officer who has the matter. `village`: which decided it; None where a person did."""

    id: str
    units: tuple[str, ...]
    at: datetime
    village: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """An officer had the matter from a time on. `officer` is who said so; None where the village decided."""

    mediator: str
    at: datetime
    officer: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Supplement:
    """New material from the reporter. `narrative` is sealed."""

    id: str
    at: datetime
    village: str | None
    attachments: tuple[Attachment, ...]
    narrative: str | None


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """A later report of the same matter. Its sealed parts open under its own complaint id."""

    complaint: str
    at: datetime
    report: Report


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that should have been done by `since` and was not. `number`: of the session or point."""

    kind: ReminderKind
    since: datetime
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The case came into a status."""

    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as mediation knows it: what others said of it, who has it, and the rounds of settling it."""

    polres: str
    lane: Lane
    status: Status = "unclassified"
    # What others said. Whatever the order in which it came, the same is kept.
    sequence: int = 0  # of the newest classification
    given: int = 0  # of the newest that gave the complaint to us afresh
    reinstated: int = 0  # of the newest that undoes a rejection
    report: Report | None = None
    classification: Classification | None = None
    provisional: bool = False
    supplements: tuple[Supplement, ...] = ()
    linked: tuple[LinkedReport, ...] = ()
    joined: Told | None = None
    withdrawn: Told | None = None
    rejected: Told | None = None
    conflicts: tuple[str, ...] = ()
    # What is done here.
    taken_at: datetime | None = None
    mediator: Mediator | None = None
    assignments: tuple[Assignment, ...] = ()
    round: Round | None = None
    past_rounds: tuple[Round, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    turns: tuple[Turn, ...] = ()
    due: datetime | None = None
    forget_at: datetime | None = None

    @property
    def tracks(self) -> tuple[Track, ...]:
        return self.classification.tracks if self.classification else ()

    @property
    def rule(self) -> MediationRule | None:
        return self.classification.mediation if self.classification else None

    @property
    def urgency(self) -> Urgency:
        return self.classification.urgency if self.classification else "P4"

    @property
    def village(self) -> str | None:
        """As the report names it, or else what the reporter added last."""
        added = next((one.village for one in reversed(self.supplements) if one.village), None)
        return (self.report.village if self.report else None) or added

    def visible_to(self, person: Person) -> bool:
        """Whether it is a complaint of the person's Polres that came to us, and not about them or a unit of theirs."""
        named = {person.id, *person.units}.intersection(self.conflicts)
        return self.polres in person.units and not named and self.taken_at is not None


def kind_of(tracks: tuple[Track, ...]) -> Settling | None:
    """How a complaint on these tracks is settled here. Where both are named, the parties are brought together: an
    agreement may hold all that a guidance would advise."""
    return "mediation" if "mediation" in tracks else "guidance" if "guidance" in tracks else None
