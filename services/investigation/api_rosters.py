"""The rosters over HTTP: an administrator keeps them; a crew tells where it is and whether it is on duty."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from services.investigation import access, queries, rosters
from services.investigation.acting import Limit
from services.investigation.choice import Officer, Patrol
from shared.contracts.envelope import Person, instant
from shared.contracts.refusals import Absent, Forbidden
from shared.gate import Acting
from shared.http import InRoom
from shared.room import Room
from shared.text import Line, Slug

router = APIRouter(tags=["rosters"])

RosterId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="degrees, WGS 84")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="degrees, WGS 84")]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OfficerEntry(_Body):
    name: Line = Field(description="as reporters are told it")
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{4,28}$", description="of the office")]
    post: Literal["detective", "unit_head"] = "detective"
    units: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    specialities: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    on_leave: bool = False
    conflicts: Lines = Field(
        default=(), description="complaints, registers, categories, villages, authors to keep from"
    )


class OfficerCard(OfficerEntry):
    id: str


class PatrolEntry(_Body):
    call_sign: Line
    unit: Line
    lat: Latitude
    lon: Longitude
    status: Literal["free", "off_duty"] = "free"


class PatrolMove(_Body):
    """Where a patrol is now, or whether it is on duty, or both."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    status: Literal["free", "off_duty"] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "PatrolMove":
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon belong together")
        if self.lat is None and self.status is None:
            raise ValueError("give lat and lon, or status, or both")
        return self


class PatrolCard(BaseModel):
    id: str
    call_sign: str
    unit: str
    lat: float
    lon: float
    status: Literal["free", "dispatched", "on_scene", "off_duty"]
    updated_at: AwareDatetime


@router.get("/officers")
async def list_officers(room: InRoom, person: Acting, limit: Limit = 50) -> list[OfficerCard]:
    """The detectives and heads of the Polres. What they are kept away from names complaints, so that only the
    administrator who keeps the roster is shown it."""
    officers = await rosters.officers(room.mongo).of([_polres(room, person)], limit)
    cards = [OfficerCard.model_validate(officer, from_attributes=True) for officer in officers]
    return cards if "administrator" in person.roles else [card.model_copy(update={"conflicts": ()}) for card in cards]


@router.put("/officers/{officer_id}")
async def put_officer(room: InRoom, person: Acting, officer_id: RosterId, body: OfficerEntry) -> OfficerCard:
    """Puts a detective or head on the roster, or changes the entry."""
    officer = Officer(id=officer_id, polres=_polres(room, person), **body.model_dump())
    await rosters.officers(room.mongo).put(officer)
    return OfficerCard(id=officer_id, **body.model_dump())


@router.get("/patrols")
async def list_patrols(room: InRoom, person: Acting, limit: Limit = 50) -> list[PatrolCard]:
    """The patrols with their positions and what they are doing."""
    patrols = await rosters.patrols(room.mongo).of([_polres(room, person)], limit)
    return await _cards(room, person, patrols)


@router.put("/patrols/{patrol_id}")
async def put_patrol(room: InRoom, person: Acting, patrol_id: RosterId, body: PatrolEntry) -> PatrolCard:
    """Puts a patrol on the roster, or changes the entry."""
    patrol = Patrol(id=patrol_id, polres=_polres(room, person), updated_at=instant(room.clock()), **body.model_dump())
    await rosters.patrols(room.mongo).put(patrol)
    return (await _cards(room, person, [patrol]))[0]


@router.patch("/patrols/{patrol_id}")
async def move_patrol(room: InRoom, person: Acting, patrol_id: RosterId, body: PatrolMove) -> PatrolCard:
    """Tells where a patrol is and whether it is on duty. A crew tells it of its own patrol only."""
    if "administrator" not in person.roles and not access.speaks_for(person, patrol_id):
        raise Forbidden("not_your_patrol", "You are not signed on to that patrol.")
    values = {**body.model_dump(exclude_none=True), "updated_at": instant(room.clock())}
    patrol = await rosters.patrols(room.mongo).change(_polres(room, person), patrol_id, values)
    if patrol is None:
        raise Absent("not_found", "There is no such patrol.")
    return (await _cards(room, person, [patrol]))[0]


def _polres(room: Room, person: Person) -> str:
    if room.settings.polres not in person.units:
        raise Forbidden("other_polres", "You do not belong to this Polres.")
    return room.settings.polres


async def _cards(room: Room, person: Person, patrols: list[Patrol]) -> list[PatrolCard]:
    """The patrols with the status that the cases tell which the person may know of."""
    states = await queries.patrol_states(room, person, [patrol.id for patrol in patrols])
    return [
        PatrolCard(
            id=patrol.id,
            call_sign=patrol.call_sign,
            unit=patrol.unit,
            lat=patrol.lat,
            lon=patrol.lon,
            status=states.get(patrol.id, patrol.status),
            updated_at=patrol.updated_at,
        )
        for patrol in patrols
    ]
