"""What evaluation says."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.complaint import Fact, Sealed
from shared.contracts.envelope import Event

FindingSource = Literal["rule", "person"]


class SurveyScores(Fact):
    """The nine elements of the public service survey (SKM), each from 1 (bad) to 4 (good)."""

    u1: int = Field(ge=1, le=4, description="requirements")
    u2: int = Field(ge=1, le=4, description="procedure")
    u3: int = Field(ge=1, le=4, description="time")
    u4: int = Field(ge=1, le=4, description="cost")
    u5: int = Field(ge=1, le=4, description="product")
    u6: int = Field(ge=1, le=4, description="competence")
    u7: int = Field(ge=1, le=4, description="conduct")
    u8: int = Field(ge=1, le=4, description="facilities")
    u9: int = Field(ge=1, le=4, description="handling of complaints")


class FeedbackReceived(Event):
    """The reporter answered the survey after the complaint was closed."""

    wire: ClassVar[str] = "feedback.received.v1"
    scores: SurveyScores
    commented: bool = Field(default=False, description="whether there are words beside the scores")


class ComplaintReopenRequested(Event):
    """The reporter is not content with the end and asks to open the complaint again; why is sealed as narrative."""

    wire: ClassVar[str] = "complaint.reopen_requested.v1"
    sealed: Sealed = Sealed()


class FindingRaised(Event):
    """The service falls short somewhere. The subject is the finding, not a complaint."""

    wire: ClassVar[str] = "finding.raised.v1"
    source: FindingSource
    rule: str = Field(description="slug of the rule, or `person`")
    indicator: str = Field(description="slug of what was measured")
    scope: str = Field(description="which unit, category, village or element, as `kind:name`")
    value: float | None = None
    target: float | None = None
    month: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}$")


SAYS: tuple[type[Event], ...] = (FeedbackReceived, ComplaintReopenRequested, FindingRaised)
