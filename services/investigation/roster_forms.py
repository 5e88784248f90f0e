"""Forms on which an administrator keeps the rosters."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.investigation.keeping import ROSTER_ID, Latitude, Lines, Longitude, OfficerEntry, PatrolEntry, PatrolMove
from shared.forms import BY_LINE


def _with_point(typed: str) -> str:
    """Indonesians write a decimal comma."""
    return typed.replace(",", ".")


RosterName = Annotated[str, Field(pattern=ROSTER_ID)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OfficerForm(OfficerEntry):
    conflicts: Annotated[Lines, BY_LINE] = ()


class NewOfficerForm(OfficerForm):
    id: RosterName

    def meant(self) -> OfficerEntry:
        """As it is put on the roster."""
        return OfficerEntry(**self.model_dump(exclude={"id"}))


class PlaceForm(_Form):
    lat: Annotated[Latitude, BeforeValidator(_with_point)]
    lon: Annotated[Longitude, BeforeValidator(_with_point)]

    def meant(self) -> PatrolMove:
        """As the roster is told of it."""
        return PatrolMove(lat=self.lat, lon=self.lon)


class NewPatrolForm(PatrolEntry):
    id: RosterName
    lat: Annotated[Latitude, BeforeValidator(_with_point)]
    lon: Annotated[Longitude, BeforeValidator(_with_point)]

    def meant(self) -> PatrolEntry:
        """As it is put on the roster."""
        return PatrolEntry(**self.model_dump(exclude={"id"}))


class LeaveForm(_Form):
    on_leave: bool


class DutyForm(_Form):
    status: Literal["free", "off_duty"]
