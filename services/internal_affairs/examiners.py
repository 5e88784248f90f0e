"""The roster of those who may examine, kept by the heads of internal affairs: a plain collection beside the cases."""

from collections.abc import Sequence

from pydantic import BaseModel

from services.internal_affairs.case import Case
from shared.contracts.envelope import Command, Person
from shared.mongo import Mongo
from shared.operation import Gather
from shared.room import Room

COLLECTION = "examiners"
LARGEST = 500  # entries that are read at once


class Examiner(BaseModel):
    """An officer who may examine. `units` hold the office and every unit served in."""

    id: str
    units: tuple[str, ...]


async def prepare(mongo: Mongo) -> None:
    """Creates the index; safe to repeat."""
    await mongo[COLLECTION].create_index([("units", 1)])


async def put(mongo: Mongo, examiner: Examiner) -> None:
    await mongo[COLLECTION].replace_one({"_id": examiner.id}, {"units": list(examiner.units)}, upsert=True)


async def remove(mongo: Mongo, examiner: str) -> None:
    await mongo[COLLECTION].delete_one({"_id": examiner})


async def of(mongo: Mongo, person: Person) -> list[Examiner]:
    """The examiners of the person's units, by id."""
    found = mongo[COLLECTION].find({"units": {"$in": sorted(person.units)}}).sort([("_id", 1)]).limit(LARGEST)
    return [Examiner(id=row["_id"], units=row["units"]) for row in await found.to_list(LARGEST)]


async def units_of(mongo: Mongo, examiner: str) -> tuple[str, ...] | None:
    """None where there is no such examiner."""
    row = await mongo[COLLECTION].find_one({"_id": examiner})
    return tuple(row["units"]) if row else None


def named(room: Room) -> Gather:
    """The step that looks up the units of the examiners that heads name."""

    async def step(asked: Sequence[tuple[Command[str], Case | None]]) -> Sequence[tuple[str, ...] | None]:
        return [await units_of(room.mongo, command.data) for command, _ in asked]

    return step
