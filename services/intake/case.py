"""A complaint as the front desk keeps it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.intake.course import Course, End, end_of
from services.intake.one_time_code import OneTimeCode
from shared.contracts.complaint import Attachment, Report
from shared.contracts.envelope import Lane, Person
from shared.contracts.notification import Medium

Status = Literal["received", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Supplement:
    """What was added once. Its words went out sealed and are not kept here."""

    id: str
    fingerprint: str
    received_at: datetime
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Appeal:
    """That the reporter appealed. The grounds went out sealed and are not kept here."""

    fingerprint: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """How a request shows in the public list of Open311. The sequences are of the newest words on each matter."""

    service_code: str
    updated_at: datetime
    shown: bool
    village: str | None = None
    status: Literal["open", "closed"] = "open"
    opened: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Handling:
    """Whose work a complaint is: the units of the classification in force, the unit of its detective, and the earlier
    complaint that it goes on in. The sequences are of the newest words on each matter."""

    units: tuple[str, ...] = ()
    classified: int = 0
    detective_unit: str | None = None
    assigned: int = 0
    earlier: str | None = None

    def is_with(self, person: Person) -> bool:
        return not person.units.isdisjoint({*self.units, self.detective_unit})


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: as long as it is not lifted, nothing of the complaint may be erased. `words` are sealed."""

    by: str
    at: datetime
    words: str
    lifted_by: str | None = None
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """What was reported, and the HMACs by which its request and its tracking code are recognised.

    `files` names every attachment of the report and its supplements; None where there is none. `appeal_until` is set
    once verification has rejected the report. `erasing`: it is said to be erased, and is gone in a moment.
    `confirmed`: how the reporter has proven to be reachable.
    """

    polres: str
    lane: Lane
    status: Status
    report: Report
    request: str
    fingerprint: str
    tracking_lookup: str
    files: tuple[str, ...] | None = None
    supplements: tuple[Supplement, ...] = ()
    withdrawn_at: datetime | None = None
    appeal_until: datetime | None = None
    appeal: Appeal | None = None
    listing: Listing | None = None
    handling: Handling = Handling()
    course: Course = field(default_factory=Course)
    holds: tuple[Hold, ...] = ()
    erasing: bool = False
    one_time_code: OneTimeCode | None = None
    codes_sent: tuple[datetime, ...] = ()
    confirmed: tuple[Medium, ...] = ()

    @property
    def village(self) -> str | None:
        """Where it happened: as verification found it, else as the reporter said."""
        return self.course.village or self.report.village

    @property
    def end(self) -> End | None:
        """How it ended; None while somebody still has it."""
        return end_of(self.course, self.withdrawn_at, self.appeal is not None)

    @property
    def held(self) -> bool:
        """Whether it is under a legal hold."""
        return any(hold.lifted_at is None for hold in self.holds)

    def supplement(self, id_: str) -> Supplement | None:
        return next((supplement for supplement in self.supplements if supplement.id == id_), None)

    def visible_to(self, person: Person) -> bool:
        """Whether it is a complaint of the person's Polres, and not about them or a unit of theirs."""
        return (
            not self.erasing
            and self.polres in person.units
            and {person.id, *person.units}.isdisjoint(self.report.conflicts)
        )

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files of the report and of its supplements."""
        added = (attachment for supplement in self.supplements for attachment in supplement.attachments)
        return (*self.report.attachments, *added)
