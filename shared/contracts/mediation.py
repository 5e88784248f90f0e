"""What mediation says and hears: of mediation between parties, and of guidance (pembinaan)."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.complaint import Sealed, Track
from shared.contracts.envelope import Event

Settling = Literal["mediation", "guidance"]
FailureReason = Literal[
    "consent_refused", "party_absent", "no_agreement", "agreement_broken", "not_suitable", "guidance_refused"
]


class MediationAssigned(Event):
    """A Bhabinkamtibmas has the matter. `sealed.notice` names the officer to the reporter."""

    wire: ClassVar[str] = "mediation.assigned.v1"
    kind: Settling
    mediator: str = Field(description="person id")
    village: str | None = Field(default=None, description="region code of the village that decided who has it")
    previous: str | None = Field(default=None, description="the officer who had it before")
    sealed: Sealed = Sealed()


class MediationScheduled(Event):
    """A session of the parties, or a guidance visit, has its time; its place is in `sealed.notice`."""

    wire: ClassVar[str] = "mediation.scheduled.v1"
    kind: Settling
    session: int = Field(ge=1, description="counts the sessions of the complaint")
    at: AwareDatetime
    moved_from: AwareDatetime | None = Field(default=None, description="the time that the session had before")
    sealed: Sealed = Sealed()


class MediationCancelled(Event):
    """A session or visit that had been set does not take place; another may be set later."""

    wire: ClassVar[str] = "mediation.cancelled.v1"
    kind: Settling
    session: int = Field(ge=1)
    at: AwareDatetime = Field(description="when it would have been")


class MediationSettled(Event):
    """The parties signed an agreement; what they agreed is in `sealed.notice`."""

    wire: ClassVar[str] = "mediation.settled.v1"
    points: int = Field(ge=1, description="how many points were agreed")
    kept_by: AwareDatetime | None = Field(default=None, description="the last date that a point is to be kept by")
    sealed: Sealed = Sealed()


class MediationFailed(Event):
    """The matter was not settled; classification decides where the complaint goes on."""

    wire: ClassVar[str] = "mediation.failed.v1"
    recommended: Track
    reason: FailureReason | None = None


class GuidanceCompleted(Event):
    """The guidance is done; what was agreed or advised is in `sealed.notice`."""

    wire: ClassVar[str] = "guidance.completed.v1"
    visits: int = Field(ge=1)
    sealed: Sealed = Sealed()


SAYS: tuple[type[Event], ...] = (
    MediationAssigned,
    MediationScheduled,
    MediationCancelled,
    MediationSettled,
    MediationFailed,
    GuidanceCompleted,
)

HEARS: tuple[str, ...] = (
    "complaint.classified.v1",
    "complaint.reclassified.v1",
    "complaint.linked.v1",
    "complaint.supplemented.v1",
    "complaint.withdrawn.v1",
    "complaint.rejected.v1",
    "internal_affairs.conflict_found.v1",
    "complaint.erased.v1",
)
