"""A report as the page's form has it: flat fields, a clock of the office, files that were uploaded before."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, NaiveDatetime, ValidationInfo, field_validator

from services.intake.reports import (
    EARLIEST_YEAR,
    AttachmentIds,
    Email,
    Nik,
    Phone,
    Place,
    PublicReport,
    Reporter,
    Strictly,
    Village,
)
from shared.contracts.complaint import Language
from shared.text import Line, Paragraphs, Slug

_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)  # as browsers write it
_WHO = ("name", "nik", "phone", "email", "address")


def _written(value: Any) -> Any:
    if not isinstance(value, str) or not _LOCAL.fullmatch(value):
        raise ValueError("must be a local date and time")
    return value


def _of_our_time(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= 9998:
        raise ValueError(f"must be {EARLIEST_YEAR} or later")
    return moment


class WebReport(Strictly):
    """What somebody typed into the form."""

    what: Paragraphs
    category_hint: Slug | None = None
    in_progress: Literal["yes"] | None = None
    village: Village | None = None
    place: Line | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = Field(
        default=None, validate_default=True
    )
    when: Annotated[NaiveDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)] | None = None
    attachments: AttachmentIds = ()
    name: Line | None = None
    nik: Nik | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: Line | None = None
    who: Literal["anonymous", "named"] = Field(default="anonymous", validate_default=True)

    @field_validator("lon")
    @classmethod
    def _point_is_whole(cls, lon: float | None, known: ValidationInfo) -> float | None:
        if "lat" in known.data and (known.data["lat"] is None) != (lon is None):
            raise ValueError("lat and lon come together")
        return lon

    @field_validator("who")
    @classmethod
    def _says_what_it_chose(cls, who: str, known: ValidationInfo) -> str:
        # What is wrong with one of them is said there.
        if all(name in known.data for name in _WHO) and (who == "named") != any(known.data[name] for name in _WHO):
            raise ValueError("what is told about the reporter contradicts the choice")
        return who

    def report(self, zone: ZoneInfo, language: Language) -> PublicReport:
        """The report as every door takes it."""
        return PublicReport(
            channel="web",
            what=self.what,
            where=Place(text=self.place, village=self.village, lat=self.lat, lon=self.lon),
            # The field takes a moment as text alone.
            when=self.when and self.when.replace(tzinfo=zone).isoformat(),
            in_progress=self.in_progress is not None,
            category_hint=self.category_hint,
            reporter=Reporter(name=self.name, nik=self.nik, phone=self.phone, email=self.email, address=self.address),
            language=language,
            attachments=self.attachments,
        )
