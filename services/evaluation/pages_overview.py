"""The chief's overview: how the office stands now, and where; and what is said of it on the desk and beside a case."""

from datetime import date

from fastapi import Request, Response

from services.evaluation import queries, views
from services.evaluation.access import Added, Held
from services.evaluation.board_wordings import ELEMENTS, STAGES
from services.evaluation.domain import month_of
from services.evaluation.finding import OPEN, READERS
from services.evaluation.findings_view import is_late, row
from services.evaluation.pages import pages
from services.evaluation.settings import settings_of
from services.evaluation.shown import Shown, months_until
from services.evaluation.standing import late_of, standing
from shared.contracts.refusals import Absent
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.panels import FIRST

router = pages.router()

_MONTHS = 6
_LATE_SHOWN = 25


@router.get("/overview")
async def overview(request: Request, room: InRoom, person: Acting, ledger: Added) -> Response:
    """Today, what is late, by unit, by village on the map, and the months before."""
    now, zone = room.clock(), settings_of(room).zone
    open_ones = await ledger.open_now(room, person)
    months = await ledger.months(room, months_until(month_of(now, zone), _MONTHS)[::-1], person)
    stands = standing(open_ones, months[-1], ledger.targets, now, zone)
    return pages.show(
        request,
        "overview.html",
        standing=stands,
        late=stands.late[:_LATE_SHOWN],
        open_by_village={part.name: part.open for part in stands.villages},
        course=[views.month(month, ledger.targets) for month in months],
        shown=Shown.to(request),
        stages=STAGES,
    )


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting, ledger: Added) -> Response:
    """For the desk: what is late, and which findings wait for this person. Nothing for whom neither concerns."""
    now, zone, reads = room.clock(), settings_of(room).zone, not READERS.isdisjoint(person.roles)
    found = await queries.findings(room, person, statuses=OPEN)
    # Those that are closed are found by the list that the summary leads to.
    if not (reads or found or await queries.findings(room, person, limit=1)):
        raise Absent
    rows, today = [row(d.id, d.case, d.version, zone) for d in found if d.case], now.astimezone(zone).date()
    open_ones = await ledger.open_now(room, person) if reads else {}
    late = late_of(open_ones, now)
    return pages.show(
        request,
        "evaluation/summary.html",
        findings=len(rows),
        late_findings={each.finding for each in rows if is_late(each, today)},
        own=sorted((each for each in rows if each.owner == person.id), key=lambda each: each.by or date.max)[:FIRST],
        reads=reads,
        open=len(open_ones),
        late=len(late),
        first=late[:FIRST],
        shown=Shown.to(request),
        stages=STAGES,
    )


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, targets: Held) -> Response:
    """A complaint's course held against the targets, and what its reporter said of it."""
    record = await queries.complaint(room, person, complaint_id)
    said = await queries.said_of(room, complaint_id)
    return pages.show(
        request,
        "evaluation/panel.html",
        course=views.record(complaint_id, record, targets),
        surveys=said.surveys if said else (),
        requests=said.requests if said else (),
        shown=Shown.to(request),
        stages=STAGES,
        elements=ELEMENTS,
    )
