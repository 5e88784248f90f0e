"""What intake says and hears."""

from typing import ClassVar, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.complaint import Attachment, Fact, Report, Sealed
from shared.contracts.envelope import Event
from shared.contracts.notification import Medium


class ComplaintSubmitted(Event):
    """A report was taken in and its reporter has a receipt."""

    wire: ClassVar[str] = "complaint.submitted.v1"
    report: Report
    category_hint: str | None = Field(default=None, description="the reporter's own choice of category")
    tracking_lookup: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{64}$", description="HMAC of the tracking code, useless without its key"
    )


class ComplaintSupplemented(Event):
    """The reporter added something: an answer to a question, a file, more words (sealed as narrative)."""

    wire: ClassVar[str] = "complaint.supplemented.v1"
    supplement: str = Field(description="id of the supplement")
    village: str | None = None
    attachments: tuple[Attachment, ...] = ()
    sealed: Sealed


class ComplaintWithdrawn(Event):
    """The reporter takes the report back."""

    wire: ClassVar[str] = "complaint.withdrawn.v1"


class ComplaintAppealed(Event):
    """The reporter objects to the rejection; the grounds are sealed as narrative."""

    wire: ClassVar[str] = "complaint.appealed.v1"
    sealed: Sealed


class ComplaintErased(Event):
    """Whatever is personal in the complaint is destroyed, in every service. What stays is that there was one."""

    wire: ClassVar[str] = "complaint.erased.v1"
    reason: Literal["retention", "request"]
    register_number: str
    officer: str | None = Field(default=None, description="person id; None where its time of retention was over")


CallKind = Literal["prank", "wrong_number", "silent", "dropped", "information"]


class CallLogged(Event):
    """A call to 110 that is no report. Its subject is the call, not a complaint."""

    wire: ClassVar[str] = "call.logged.v1"
    kind: CallKind
    operator: str


class ContactCodeIssued(Event):
    """The reporter wants to prove to be reachable; the one-time code to send is sealed as notice."""

    wire: ClassVar[str] = "complaint.contact_code_issued.v1"
    medium: Medium
    expires_at: AwareDatetime
    sealed: Sealed


class ContactConfirmed(Event):
    """The reporter has proven to read what is sent to the phone or mailbox that the report names."""

    wire: ClassVar[str] = "complaint.contact_confirmed.v1"
    medium: Medium


R = TypeVar("R", bound=BaseModel)

COMMAND_ID = r"^[A-Za-z0-9._~:-]{1,128}$"


class SubmitComplaint(BaseModel):
    """What a partner channel asks: take in the report that is sealed in `data`. The same `id` again gets the same
    receipt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(pattern=COMMAND_ID, description="the channel's own id of the command")
    type: Literal["complaint.submit.v1"]
    data: str = Field(description="the report as a compact JWE, sealed to intake's key and for this id")


class Receipt(Fact):
    """What a reporter gets. The tracking code is shown here and nowhere else."""

    id: str = Field(description="complaint id")
    register_number: str
    tracking_code: str
    received_at: AwareDatetime


class ComplaintReceipt(Fact):
    """A partner channel's report was taken in."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    type: Literal["complaint.receipt.v1"] = "complaint.receipt.v1"
    source: Literal["intake"] = "intake"
    command: str = Field(description="id of the command that this answers")
    data: Receipt


class FieldProblem(Fact):
    """A field and what is wrong with it; never what it held."""

    field: str
    detail: str


class Problem(Fact):
    """Why a command was refused. The same command again would be refused again."""

    slug: str
    detail: str
    errors: tuple[FieldProblem, ...] = ()


class ComplaintProblem(Fact):
    """A partner channel's command was refused and nothing of it was stored."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    type: Literal["complaint.problem.v1"] = "complaint.problem.v1"
    source: Literal["intake"] = "intake"
    command: str | None = Field(description="id of the command that this answers; None where it had none to be read")
    data: Problem


SAYS: tuple[type[Event], ...] = (
    ComplaintSubmitted,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    ComplaintAppealed,
    ComplaintErased,
    CallLogged,
    ContactCodeIssued,
    ContactConfirmed,
)

# That a report was rejected, since its reporter may appeal; the others for the public list of Open311, and to know
# whether the complaint has ended. Its own word that it is erased: a database that was restored hears it again.
HEARS: tuple[str, ...] = (
    "complaint.rejected.v1",
    "complaint.linked.v1",
    "complaint.classified.v1",
    "complaint.reclassified.v1",
    "investigation.assigned.v1",
    "investigation.concluded.v1",
    "mediation.settled.v1",
    "guidance.completed.v1",
    "referral.completed.v1",
    "internal_affairs.conflict_found.v1",
    "internal_affairs.concluded.v1",
    "mediation.failed.v1",
    "referral.declined.v1",
    "internal_affairs.returned.v1",
    "complaint.erased.v1",
)
