"""What intake says and hears."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.complaint import Attachment, Report, Sealed
from shared.contracts.envelope import Event


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


class CallLogged(Event):
    """A call to 110 that is no report. Its subject is the call, not a complaint."""

    wire: ClassVar[str] = "call.logged.v1"
    kind: Literal["prank", "silent", "dropped", "information"]
    operator: str


SAYS: tuple[type[Event], ...] = (ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn, CallLogged)

HEARS: tuple[str, ...] = ()
