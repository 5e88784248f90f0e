"""What internal affairs (Propam, Siwas) says and hears of complaints about the police (Perpol 2/2024)."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Event

ConductOutcome = Literal["proven", "not_proven", "archived"]
ConductStage = Literal["letter", "result"]


class ConductCaseRegistered(Event):
    """The complaint is at the sealed desk of internal affairs. Nothing here says whom it is about."""

    wire: ClassVar[str] = "internal_affairs.registered.v1"
    letter_by: AwareDatetime = Field(description="when the first letter (SP3D) is due")


class ConductLetterSent(Event):
    """A letter on how the complaint stands (SP3D) went to the reporter; its words are in `sealed.notice`."""

    wire: ClassVar[str] = "internal_affairs.letter_sent.v1"
    number: int = Field(ge=1, description="counts the letters of the complaint")
    result_by: AwareDatetime = Field(description="when the result is due")
    sealed: Sealed = Sealed()


class ConductCaseConcluded(Event):
    """The complaint was found true (selesai benar), untrue (selesai tidak benar), or not worth supervision."""

    wire: ClassVar[str] = "internal_affairs.concluded.v1"
    outcome: ConductOutcome
    sealed: Sealed = Sealed()


class ConductCaseReturned(Event):
    """It is no complaint about conduct or service of the police; classification decides where it goes on."""

    wire: ClassVar[str] = "internal_affairs.returned.v1"


class ConductConflictFound(Event):
    """The complaint turned out to be about further persons or units: from now on nobody shows it to them.

    Like a report's `conflicts` it names them by their ids, in the clear, since every service hides it by these.
    """

    wire: ClassVar[str] = "internal_affairs.conflict_found.v1"
    names: tuple[str, ...] = Field(min_length=1, description="ids of persons and units")


class ConductCaseOverdue(Event):
    """The letter or the result that was due did not go out in time."""

    wire: ClassVar[str] = "internal_affairs.overdue.v1"
    stage: ConductStage
    level: int = Field(ge=1, description="counts the alarms of this stage")


SAYS: tuple[type[Event], ...] = (
    ConductCaseRegistered,
    ConductLetterSent,
    ConductCaseConcluded,
    ConductCaseReturned,
    ConductConflictFound,
    ConductCaseOverdue,
)

HEARS: tuple[str, ...] = (
    "complaint.classified.v1",
    "complaint.reclassified.v1",
    "complaint.linked.v1",
    "complaint.supplemented.v1",
    "complaint.withdrawn.v1",
    "complaint.rejected.v1",
    "complaint.erased.v1",
)
