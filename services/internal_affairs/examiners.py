"""The roster of those who may examine, kept by the heads of internal affairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.internal_affairs.case import Case
from shared.contracts.envelope import Command, Person
from shared.mongo import Mongo
from shared.operation import Gather
from shared.room import Room
from shared.rosters import NO, Roster


@dataclass(frozen=True, slots=True)
class Examiner:
    """An officer who may examine. `units` hold the office and every unit served in."""

    id: str
    units: tuple[str, ...]
    retired: bool = False  # given nothing any more


def roster(mongo: Mongo) -> Roster[Examiner]:
    """It is of all desks here: nobody is on it twice."""
    return Roster(mongo, "examiners", Examiner)


async def prepare(mongo: Mongo) -> None:
    """Creates the index; safe to repeat."""
    await roster(mongo).prepare([("units", 1)])


async def of(mongo: Mongo, person: Person) -> list[Examiner]:
    """Who may examine at the desks of the person's units, by id."""
    return await roster(mongo).find({"units": {"$in": sorted(person.units)}, "retired": NO})


def named(room: Room) -> Gather:
    """The step that looks up the units of the examiners that heads name."""

    async def step(asked: Sequence[tuple[Command[str], Case | None]]) -> Sequence[tuple[str, ...] | None]:
        found = [await roster(room.mongo).at(command.data) for command, _ in asked]
        return [None if one is None or one.retired else one.units for one in found]

    return step
