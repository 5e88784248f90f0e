"""HTTP: a month's indicators, what the reporters said in it, and the complaints behind the figures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.evaluation import queries, reading, views
from services.evaluation.access import Added, Held, InMonth
from services.evaluation.dimensions import Dimension
from services.evaluation.domain import month_before
from services.evaluation.reading import Comment
from shared.gate import Acting
from shared.http import ComplaintId, InRoom

router = APIRouter()

Named = Annotated[str | None, Query(max_length=64, description="`unknown` for those without one")]


def _only(
    unit: Named = None, category: Named = None, village: Named = None, channel: Named = None
) -> dict[Dimension, str | None]:
    return {"unit": unit, "category": category, "village": village, "channel": channel}


Only = Annotated[dict[Dimension, str | None], Depends(_only)]


@router.get("/indicators", tags=["figures"])
async def indicators(month: InMonth, person: Acting, room: InRoom, ledger: Added) -> views.Indicators:
    """Counts, medians, 90th percentiles and shares in time, whole and by unit, category, village and channel."""
    return views.indicators(await ledger.month(room, month, person), ledger.targets)


@router.get("/indicators/months", tags=["figures"])
async def months(
    until: InMonth,
    person: Acting,
    room: InRoom,
    ledger: Added,
    count: Annotated[int, Query(ge=1, le=24)] = 12,
) -> list[views.MonthView]:
    """Month by month up to the one named, the earliest first."""
    names = [month_before(until, back) for back in reversed(range(count))]
    return [views.month(found, ledger.targets) for found in await ledger.months(room, names, person)]


@router.get("/surveys", tags=["figures"])
async def surveys(month: InMonth, person: Acting, room: InRoom, ledger: Added) -> views.Surveys:
    """The satisfaction index (IKM), whole and broken down."""
    return views.surveys(await ledger.month(room, month, person))


@router.get("/surveys/comments", tags=["figures"], responses={503: {"description": "The key is not here"}})
async def comments(
    month: InMonth,
    person: Acting,
    room: InRoom,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Comment]:
    """What the reporters wrote, opened, the newest first."""
    return reading.comments(room.vault, await queries.commented(room, person, month), limit)


@router.get("/complaints", tags=["records"])
async def complaints(
    month: InMonth,
    person: Acting,
    room: InRoom,
    targets: Held,
    only: Only,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[views.RecordRow]:
    """The complaints behind a month's figures."""
    found = await queries.complaints(room, person, month, only, limit)
    return [views.record(document.id, document.case, targets) for document in found if document.case]


@router.get("/complaints/{complaint_id}", tags=["records"])
async def complaint(complaint_id: ComplaintId, person: Acting, room: InRoom, targets: Held) -> views.RecordRow:
    """One complaint's course."""
    return views.record(complaint_id, await queries.complaint(room, person, complaint_id), targets)
