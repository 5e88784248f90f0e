"""The rosters as an administrator keeps them and as crews tell of themselves, for programs and for pages."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.investigation import access, queries, rosters
from services.investigation.choice import Officer, Patrol
from shared.contracts.envelope import Person, instant
from shared.contracts.refusals import Conflict, Forbidden
from shared.room import Room
from shared.rosters import LARGEST, Decide, added, key_of, put, rewritten, standing, taken_off, there
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


class OfficerCard(OfficerEntry):
    id: str
    retired: bool = Field(default=False, description="given nothing any more; put again, the officer is back")


class PatrolName(_Body):
    call_sign: Line
    unit: Line


class NamedPatrol(PatrolName):
    """What an administrator says of a patrol, without where it is, which changes by the minute, and what it does."""

    retired: bool


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


async def officers(room: Room, person: Person, limit: int = LARGEST) -> list[OfficerCard]:
    """The detectives and heads of the Polres, by id."""
    return [_card(found) for found in await rosters.officers(room.mongo).of([office(room, person)], limit)]


async def officer(room: Room, person: Person, id_: str) -> OfficerCard:
    """A detective or head as they stand on the roster. Raises Absent."""
    return _card(there(await rosters.officers(room.mongo).at(key_of(office(room, person), id_))))


async def put_officer(room: Room, person: Person, id_: str, entry: OfficerEntry) -> OfficerCard:
    """Puts a detective or head on the roster, or changes the entry, whatever it was."""
    new = _officer(room, person, id_, entry)
    return _card(await _officer_changed(room, person, id_, lambda before: put(before, new)))


async def add_officer(room: Room, person: Person, id_: str, entry: OfficerEntry) -> None:
    """Puts somebody on the roster who is not on it. Raises Conflict."""
    new = _officer(room, person, id_, entry)
    await _officer_changed(room, person, id_, lambda before: added(before, new))


async def change_officer(room: Room, person: Person, id_: str, entry: OfficerEntry, seen: int) -> None:
    """Changes the entry that somebody saw; whoever had retired is back. Raises Stale where it is another one by now."""
    new = _officer(room, person, id_, entry)
    await _officer_changed(room, person, id_, lambda before: rewritten(before, new, _card, seen))


async def set_leave(room: Room, person: Person, id_: str, on_leave: bool) -> None:
    """Whoever is on leave is given no case."""

    def decide(before: Officer | None) -> tuple[str | None, Officer]:
        return "leave" if on_leave else "back", replace(standing(before), on_leave=on_leave)

    await _officer_changed(room, person, id_, decide)


async def retire_officer(room: Room, person: Person, id_: str) -> None:
    """Gives somebody nothing any more. The name stays, since cases of the past tell it. Raises Absent, and Conflict
    while they have cases that the person may know of: a refusal for any other would tell of it."""
    polres, roster = office(room, person), rosters.officers(room.mongo)
    leaving = there(await roster.at(key_of(polres, id_)))
    if (await queries.loads(room, [polres], [leaving], person))[id_]:
        raise Conflict("has_cases", "The officer has cases; a head gives them to others first.")
    await _officer_changed(room, person, id_, lambda before: taken_off(before, on_leave=True))


async def patrol(room: Room, person: Person, id_: str) -> Patrol:
    """A patrol as it stands on the roster. Raises Absent."""
    return there(await rosters.patrols(room.mongo).at(key_of(office(room, person), id_)))


async def put_patrol(room: Room, person: Person, id_: str, entry: PatrolEntry) -> Patrol:
    """Puts a patrol on the roster, or changes the entry, whatever it was."""
    new = _patrol(room, person, id_, entry)

    def decide(before: Patrol | None) -> tuple[str | None, Patrol]:
        return (None, new) if _is_same(before, new) else put(before, new)

    return await _patrol_changed(room, person, id_, decide)


async def add_patrol(room: Room, person: Person, id_: str, entry: PatrolEntry) -> None:
    """Puts a patrol on the roster that is not on it. Raises Conflict."""
    new = _patrol(room, person, id_, entry)

    def decide(before: Patrol | None) -> tuple[str | None, Patrol]:
        return (None, new) if _is_same(before, new) else added(before, new)

    await _patrol_changed(room, person, id_, decide)


async def name_patrol(room: Room, person: Person, id_: str, name: PatrolName, seen: int) -> None:
    """Changes what a patrol is called and whose it is; one that was taken off is back. Raises Stale where that is
    something else by now."""

    def decide(before: Patrol | None) -> tuple[str | None, Patrol]:
        entry = replace(there(before), retired=False, **name.model_dump())
        return rewritten(before, entry, named, seen)

    await _patrol_changed(room, person, id_, decide)


def named(patrol: Patrol) -> NamedPatrol:
    return NamedPatrol.model_validate(patrol, from_attributes=True)


async def move_patrol(room: Room, person: Person, id_: str, move: PatrolMove) -> Patrol:
    """A patrol is elsewhere, or goes on or off duty. A crew tells it of its own patrol only; where that is it tells by
    the minute, and the audit keeps nothing of it."""
    administers = "administrator" in person.roles
    if not administers and not access.speaks_for(person, id_):
        raise Forbidden("not_your_patrol", "You are not signed on to that patrol.")

    def decide(before: Patrol | None) -> tuple[str | None, Patrol]:
        stood = standing(before)
        after = replace(stood, **move.model_dump(exclude_none=True), updated_at=instant(room.clock()))
        if after.status != stood.status:
            return "on_duty" if after.status == "free" else "off_duty", after
        moved = (after.lat, after.lon) != (stood.lat, stood.lon)
        return "move" if administers and moved else None, after

    return await _patrol_changed(room, person, id_, decide)


async def retire_patrol(room: Room, person: Person, id_: str) -> None:
    """Sends a patrol nowhere any more. Raises Absent, and Conflict while it is sent somewhere that the person may know
    of."""
    await patrol(room, person, id_)
    if await queries.patrol_states(room, person, [id_]):
        raise Conflict("is_sent", "The patrol is sent to a complaint.")
    await _patrol_changed(room, person, id_, lambda before: taken_off(before, status="off_duty"))


async def _officer_changed(room: Room, person: Person, id_: str, decide: Decide[Officer]) -> Officer:
    key = key_of(office(room, person), id_)
    return await rosters.officers(room.mongo).change(key, person, room.clock(), decide)


async def _patrol_changed(room: Room, person: Person, id_: str, decide: Decide[Patrol]) -> Patrol:
    key = key_of(office(room, person), id_)
    return await rosters.patrols(room.mongo).change(key, person, room.clock(), decide)


def _officer(room: Room, person: Person, id_: str, entry: OfficerEntry) -> Officer:
    return Officer(id=id_, polres=office(room, person), **entry.model_dump())


def _patrol(room: Room, person: Person, id_: str, entry: PatrolEntry) -> Patrol:
    return Patrol(id=id_, polres=office(room, person), updated_at=instant(room.clock()), **entry.model_dump())


def _is_same(before: Patrol | None, new: Patrol) -> bool:
    """Whether a patrol is on the roster as it is put there, but for when it was heard of."""
    return before is not None and replace(new, updated_at=before.updated_at) == before


def _card(officer: Officer) -> OfficerCard:
    return OfficerCard.model_validate(officer, from_attributes=True)
