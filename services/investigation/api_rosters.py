"""The rosters over HTTP: an administrator keeps them; a crew tells where it is and whether it is on duty."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, Field

from services.investigation import keeping, queries, rosters
from services.investigation.acting import Limit
from services.investigation.choice import Patrol
from services.investigation.keeping import ROSTER_ID, OfficerCard, OfficerEntry, PatrolEntry, PatrolMove
from shared.contracts.envelope import Person
from shared.gate import Acting
from shared.http import InRoom
from shared.room import Room

router = APIRouter(tags=["rosters"])

RosterId = Annotated[str, Path(pattern=ROSTER_ID)]


class PatrolCard(BaseModel):
    id: str
    call_sign: str
    unit: str
    lat: float
    lon: float
    status: Literal["free", "dispatched", "on_scene", "off_duty"]
    updated_at: AwareDatetime
    retired: bool = Field(description="sent nowhere any more; put again, the patrol is back")


@router.get("/officers")
async def list_officers(room: InRoom, person: Acting, limit: Limit = 50) -> list[OfficerCard]:
    """The detectives and heads of the Polres. What they are kept away from names complaints, so that only the
    administrator who keeps the roster is shown it."""
    cards = await keeping.officers(room, person, limit)
    return cards if "administrator" in person.roles else [card.model_copy(update={"conflicts": ()}) for card in cards]


@router.put("/officers/{officer_id}")
async def put_officer(room: InRoom, person: Acting, officer_id: RosterId, body: OfficerEntry) -> OfficerCard:
    """Puts a detective or head on the roster, or changes the entry."""
    return await keeping.put_officer(room, person, officer_id, body)


@router.delete("/officers/{officer_id}", status_code=204)
async def retire_officer(room: InRoom, person: Acting, officer_id: RosterId) -> None:
    """Gives a detective or head nothing any more, who has nothing left. The name stays, since cases of the past tell
    it."""
    await keeping.retire_officer(room, person, officer_id)


@router.get("/patrols")
async def list_patrols(room: InRoom, person: Acting, limit: Limit = 50) -> list[PatrolCard]:
    """The patrols with their positions and what they are doing."""
    patrols = await rosters.patrols(room.mongo).of([keeping.office(room, person)], limit)
    return await _cards(room, person, patrols)


@router.put("/patrols/{patrol_id}")
async def put_patrol(room: InRoom, person: Acting, patrol_id: RosterId, body: PatrolEntry) -> PatrolCard:
    """Puts a patrol on the roster, or changes the entry."""
    return (await _cards(room, person, [await keeping.put_patrol(room, person, patrol_id, body)]))[0]


@router.delete("/patrols/{patrol_id}", status_code=204)
async def retire_patrol(room: InRoom, person: Acting, patrol_id: RosterId) -> None:
    """Sends a patrol nowhere any more that is not sent anywhere. The call sign stays for cases of the past."""
    await keeping.retire_patrol(room, person, patrol_id)


@router.patch("/patrols/{patrol_id}")
async def move_patrol(room: InRoom, person: Acting, patrol_id: RosterId, body: PatrolMove) -> PatrolCard:
    """Tells where a patrol is and whether it is on duty. A crew tells it of its own patrol only."""
    return (await _cards(room, person, [await keeping.move_patrol(room, person, patrol_id, body)]))[0]


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
            retired=patrol.retired,
        )
        for patrol in patrols
    ]
