"""The rosters as an administrator keeps them and as crews tell of themselves, for programs and for pages."""

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.investigation import access, rosters
from services.investigation.choice import Officer, Patrol
from shared.contracts.envelope import Person, instant
from shared.contracts.refusals import Absent, Conflict, Forbidden, Stale
from shared.room import Room
from shared.text import Line, Slug

ROSTER_ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"
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


class PatrolName(_Body):
    call_sign: Line
    unit: Line


class PatrolEntry(PatrolName):
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


def office(room: Room, person: Person) -> str:
    """The Polres whose rosters these are. Raises Forbidden for whoever belongs to another."""
    if room.settings.polres not in person.units:
        raise Forbidden("other_polres", "You do not belong to this Polres.")
    return room.settings.polres


def version(shown: BaseModel) -> int:
    """A number for what a form shows, so that whoever sends it changes only what they saw. Where a patrol is changes by
    the minute, and must not count against somebody who corrects its name."""
    return int.from_bytes(sha256(shown.model_dump_json().encode()).digest()[:4])


async def officer(room: Room, person: Person, id_: str) -> OfficerEntry:
    """The entry of a detective or head. Raises Absent."""
    found = (await rosters.officers(room.mongo).get(office(room, person), [id_])).get(id_)
    if found is None:
        raise _absent()
    return OfficerEntry.model_validate(found, from_attributes=True)


async def put_officer(room: Room, person: Person, id_: str, entry: OfficerEntry) -> None:
    """Puts a detective or head on the roster, or changes the entry, whatever it was."""
    await rosters.officers(room.mongo).put(_officer(room, person, id_, entry))


async def add_officer(room: Room, person: Person, id_: str, entry: OfficerEntry) -> None:
    """Puts somebody on the roster who is not on it. Raises Conflict."""
    if not await rosters.officers(room.mongo).add(_officer(room, person, id_, entry)):
        raise _taken()


async def change_officer(room: Room, person: Person, id_: str, entry: OfficerEntry, seen: int) -> None:
    """Changes the entry that somebody saw. Raises Stale where it is another one by now."""
    before = await officer(room, person, id_)
    roster, polres = rosters.officers(room.mongo), office(room, person)
    if version(before) != seen or not await roster.change(polres, id_, entry.model_dump(), before.model_dump()):
        raise _stale()


async def set_leave(room: Room, person: Person, id_: str, on_leave: bool) -> None:
    """Whoever is on leave is given no case."""
    if not await rosters.officers(room.mongo).change(office(room, person), id_, {"on_leave": on_leave}):
        raise _absent()


async def patrol(room: Room, person: Person, id_: str) -> Patrol:
    """A patrol as it stands on the roster. Raises Absent."""
    found = (await rosters.patrols(room.mongo).get(office(room, person), [id_])).get(id_)
    if found is None:
        raise _absent()
    return found


async def put_patrol(room: Room, person: Person, id_: str, entry: PatrolEntry) -> Patrol:
    """Puts a patrol on the roster, or changes the entry, whatever it was."""
    put = _patrol(room, person, id_, entry)
    await rosters.patrols(room.mongo).put(put)
    return put


async def add_patrol(room: Room, person: Person, id_: str, entry: PatrolEntry) -> None:
    """Puts a patrol on the roster that is not on it. Raises Conflict."""
    if not await rosters.patrols(room.mongo).add(_patrol(room, person, id_, entry)):
        raise _taken()


async def name_patrol(room: Room, person: Person, id_: str, name: PatrolName, seen: int) -> None:
    """Changes what a patrol is called and whose it is. Raises Stale where that is something else by now."""
    before = named(await patrol(room, person, id_))
    roster, polres = rosters.patrols(room.mongo), office(room, person)
    if version(before) != seen or not await roster.change(polres, id_, name.model_dump(), before.model_dump()):
        raise _stale()


def named(patrol: Patrol) -> PatrolName:
    """What an administrator says of a patrol, without where it is and what it does."""
    return PatrolName.model_validate(patrol, from_attributes=True)


async def move_patrol(room: Room, person: Person, id_: str, move: PatrolMove) -> Patrol:
    """A patrol is elsewhere, or goes on or off duty. A crew tells it of its own patrol only."""
    if "administrator" not in person.roles and not access.speaks_for(person, id_):
        raise Forbidden("not_your_patrol", "You are not signed on to that patrol.")
    values = {**move.model_dump(exclude_none=True), "updated_at": instant(room.clock())}
    moved = await rosters.patrols(room.mongo).change(office(room, person), id_, values)
    if moved is None:
        raise _absent()
    return moved


def _officer(room: Room, person: Person, id_: str, entry: OfficerEntry) -> Officer:
    return Officer(id=id_, polres=office(room, person), **entry.model_dump())


def _patrol(room: Room, person: Person, id_: str, entry: PatrolEntry) -> Patrol:
    return Patrol(id=id_, polres=office(room, person), updated_at=instant(room.clock()), **entry.model_dump())


def _absent() -> Absent:
    return Absent("not_on_roster", "There is no such entry on the roster.")


def _taken() -> Conflict:
    return Conflict("id_taken", "There is an entry with this id.", "id")


def _stale() -> Stale:
    return Stale("entry_changed", "The entry has changed since you opened it.")
