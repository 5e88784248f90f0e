"""A report as it comes in. Every field is strictly typed and bounded; whether it is true is for verification to say."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StringConstraints,
    model_validator,
)

from shared.contracts.complaint import Language
from shared.contracts.envelope import UUID_PATTERN
from shared.text import Line, Paragraphs, Slug, clean

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
EARLIEST_YEAR = 1900


def _written(value: Any) -> Any:
    # A bare number would be read as seconds since 1970, which nobody means by it.
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be a date and time with its zone, such as 2026-11-24T19:30:00+07:00")
    return value


def _in_utc(moment: datetime) -> datetime:
    # Looked at before it is converted: the first and last days of the calendar cannot be.
    if not EARLIEST_YEAR <= moment.year <= 9998:
        raise ValueError(f"must be {EARLIEST_YEAR} or later")
    return moment.astimezone(UTC)


def _distinct(ids: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(ids)) < len(ids):
        raise ValueError("must not name the same twice")
    return ids


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]
Latitude = Annotated[float, Strict(), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Strict(), Field(ge=-180, le=180, allow_inf_nan=False)]
Village = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")]
Nik = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 .-]{14,30}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+(][0-9 +()./-]{2,39}$")]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"), AfterValidator(clean)]
AttachmentIds = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=UUID_PATTERN)], ...],
    Field(max_length=50, description="ids that uploads were answered with"),
    AfterValidator(_distinct),
]
PartyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$")]


class Strictly(BaseModel):
    """A part of a request: a field that it does not have is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Strictly):
    """Where it happened, in words, as a village, as a point."""

    text: Line | None = None
    village: Village | None = Field(default=None, description="region code PP.KK.CC.VVVV")
    lat: Latitude | None = None
    lon: Longitude | None = None

    @model_validator(mode="after")
    def _point_is_whole(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon come together")
        return self

    @property
    def is_exact(self) -> bool:
        """Whether it says more than the village, which alone may travel in the clear."""
        return self.text is not None or self.lat is not None


class Reporter(Strictly):
    """Who reports, as far as they say."""

    name: Line | None = None
    nik: Nik | None = Field(default=None, description="population number, 16 digits")
    phone: Phone | None = None
    email: Email | None = None
    address: Line | None = None

    @property
    def is_identified(self) -> bool:
        return bool(self.name or self.nik)


class ReportBody(Strictly):
    """What happened, where and when, told by whom. Without a reporter, the report is anonymous."""

    what: Paragraphs
    where: Place = Place()
    when: Moment | None = None
    in_progress: StrictBool = Field(default=False, description="happening as it is told")
    category_hint: Slug | None = None
    reporter: Reporter = Reporter()
    language: Language = "id"
    attachments: AttachmentIds = ()


class PublicReport(ReportBody):
    """A report that somebody writes themselves."""

    channel: Literal["web", "app"]


class CounterReport(ReportBody):
    """A report that an officer at the counter takes down."""

    conflicts: Annotated[tuple[PartyId, ...], Field(max_length=20), AfterValidator(_distinct)] = Field(
        default=(), description="ids of the officers and units that the report is about; it is hidden from them"
    )
    own_finding: StrictBool = Field(default=False, description="the officer found it: model A, without a reporter")

    @model_validator(mode="after")
    def _finder_is_reporter(self) -> Self:
        if self.own_finding and self.reporter != Reporter():
            raise ValueError("reporter must be absent from an officer's own finding")
        return self


class SupplementBody(Strictly):
    """What the holder of a tracking code adds to the report."""

    code: str = Field(max_length=200, description="tracking code, as it was shown or typed")
    what: Paragraphs | None = None
    where: Place = Place()
    attachments: AttachmentIds = ()

    @model_validator(mode="after")
    def _adds_something(self) -> Self:
        if self.what is None and self.where == Place() and not self.attachments:
            raise ValueError("what, where or attachments must be given")
        return self


class AppealBody(Strictly):
    """Why the holder of a tracking code objects to the rejection of the report."""

    code: str = Field(max_length=200, description="tracking code, as it was shown or typed")
    grounds: Paragraphs


class WithdrawalBody(Strictly):
    """The tracking code of the report to take back."""

    code: str = Field(max_length=200, description="tracking code, as it was shown or typed")
