"""The worklists of mediation and guidance on a page, sorted by what is due."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from services.mediation import dues, queries, views
from services.mediation.acting import InProcedure
from services.mediation.pages_panel import WORDS, pages
from services.mediation.procedure import Procedure
from services.mediation.queries import Listed
from services.mediation.rosters import roster
from shared import live
from shared.contracts.envelope import Person
from shared.contracts.mediation import Settling
from shared.forms import LEFT_OPEN
from shared.gate import Acting
from shared.http import InRoom
from shared.panels import FIRST
from shared.room import Room

router = pages.router()

SHOWN = 100  # matters on a page; those behind them are due later
_COUNTED = 500


class Filters:
    """What a worklist shows, as its address says it; a list that is not this person's gives way to the first of theirs,
    since an address may come from a colleague."""

    def __init__(
        self,
        person: Acting,
        which: Annotated[Listed | None, LEFT_OPEN, Query()] = None,
        kind: Annotated[Settling | None, LEFT_OPEN, Query()] = None,
        late: Annotated[bool | None, LEFT_OPEN, Query()] = None,
    ) -> None:
        self.lists = queries.lists_of(person)
        self.which: Listed = which if which in self.lists else self.lists[0]
        self.kind = kind
        self.late = bool(late)

    async def found(self, room: Room, person: Person) -> queries.Documents:
        return await queries.listed(room, person, self.which, self.kind, self.late, SHOWN)


Filtered = Annotated[Filters, Depends(Filters)]


@router.get("/worklist")
async def worklist(
    request: Request, room: InRoom, person: Acting, procedure: InProcedure, filters: Filtered
) -> Response:
    """The matters that wait; the filters stay in the address."""
    rows = await _rows(room, person, procedure, filters)
    return pages.show(request, "worklist.html", fragment="mediation/rows.html", **rows)


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting, filters: Filtered) -> Response:
    """Tells when the list has changed."""
    return live.list_changes(request, lambda: filters.found(room, person))


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting, procedure: InProcedure) -> Response:
    """What waits, what is late and what comes first, for the desk."""
    which = queries.lists_of(person)[0]
    documents = await queries.listed(room, person, which, None, False, _COUNTED)
    found = [one.case for one in documents if one.case]
    return pages.show(
        request,
        "mediation/summary.html",
        which=which,
        waiting=len(found),
        late=sum(bool(case.reminders) for case in found),
        unassigned=sum(case.mediator is None for case in found),
        first=views.rows(documents[:FIRST]),
        awaited=_awaited(documents[:FIRST], procedure, room.clock()),
        **WORDS,
    )


async def _rows(room: Room, person: Person, procedure: Procedure, filters: Filters) -> dict[str, Any]:
    documents = await filters.found(room, person)
    awaited = _awaited(documents, procedure, room.clock())
    names = await roster(room.mongo).get(
        room.settings.polres, {one.case.mediator.id for one in documents if one.case and one.case.mediator}
    )
    return {
        "rows": views.rows(documents),
        "awaited": awaited,
        "late_count": sum(bool(due and due.late) for due in awaited.values()),
        "officers": {id_: officer.name for id_, officer in names.items()},
        "filters": filters,
        **WORDS,
    }


def _awaited(documents: queries.Documents, procedure: Procedure, now: datetime) -> dict[str, dues.DueView | None]:
    return {one.id: dues.due(one.case, procedure, now) for one in documents if one.case}
