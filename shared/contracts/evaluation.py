"""What evaluation says."""

from typing import ClassVar

from shared.contracts.envelope import Event


class ComplaintReopenRequested(Event):
    """The reporter is not content with how the complaint ended and asks to open it again."""

    wire: ClassVar[str] = "complaint.reopen_requested.v1"


SAYS: tuple[type[Event], ...] = (ComplaintReopenRequested,)
