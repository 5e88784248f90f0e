"""Opening what is sealed in a case, for somebody who may read it and says why."""

from services.mediation import contents, queries, rosters
from services.mediation.case import Case
from services.mediation.contents import Contents
from services.mediation.finder import Finder
from shared.contracts.envelope import Person
from shared.room import Room


async def opened(room: Room, finder: Finder, person: Person, complaint: str) -> tuple[Case, Contents]:
    """The case and its sealed words. Raises Absent."""
    _, case = await queries.readable(room, finder, person, complaint)
    return case, await words_of(room, person, complaint, case)


async def words_of(room: Room, person: Person, complaint: str, case: Case) -> Contents:
    """The sealed words of a case that the person may read. That they were read is kept."""
    await rosters.record_reading(room.mongo, complaint, person.id, "contents", room.clock())
    return contents.open_all(room.vault, complaint, case)
