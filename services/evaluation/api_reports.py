"""HTTP: the monthly report, and the open data that everybody may read."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response

from services.evaluation import queries, views
from services.evaluation.access import Held, OfMonth
from services.evaluation.domain import month_of
from services.evaluation.findings_view import row
from services.evaluation.open_data import OpenData, Published, open_data
from services.evaluation.report import Report, open_rows, rows
from services.evaluation.report_csv import to_csv
from services.evaluation.report_pdf import to_pdf
from services.evaluation.settings import settings_of
from services.evaluation.targets import Targets
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.gate import Acting
from shared.http import InRoom
from shared.room import Room

router = APIRouter()

_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/reports/{month}", tags=["reports"])
async def report(month: OfMonth, person: Acting, room: InRoom, targets: Held) -> Report:
    """The monthly report: indicators, survey, findings."""
    return await _report(room, targets, month, person)


@router.get("/reports/{month}/csv", tags=["reports"], response_class=Response, responses=_CSV)
async def report_csv(month: OfMonth, person: Acting, room: InRoom, targets: Held) -> Response:
    """The report's figures, one a row."""
    return _file(to_csv(rows(await _report(room, targets, month, person))), "text/csv", f"evaluasi-{month}.csv")


@router.get("/reports/{month}/pdf", tags=["reports"], response_class=Response, responses=_PDF)
async def report_pdf(month: OfMonth, person: Acting, room: InRoom, targets: Held) -> Response:
    """The report on paper, in Indonesian."""
    made = await _report(room, targets, month, person)
    # Setting pages takes long enough to keep others waiting.
    return _file(await asyncio.to_thread(to_pdf, made), "application/pdf", f"evaluasi-{month}.pdf")


@router.get("/open-data/{month}", tags=["open data"])
async def published(month: OfMonth, room: InRoom, targets: Held, request: Request) -> OpenData:
    """The figures of a month that is over, for everybody; small counts are withheld."""
    return await _published(room, targets, month, request)


@router.get("/open-data/{month}/csv", tags=["open data"], response_class=Response, responses=_CSV)
async def published_csv(month: OfMonth, room: InRoom, targets: Held, request: Request) -> Response:
    """The same, one figure a row."""
    data = await _published(room, targets, month, request)
    return _file(to_csv(open_rows(data)), "text/csv", f"aduan-{month}.csv")


async def _report(room: Room, targets: Targets, name: str, person: Person) -> Report:
    month, settings = await queries.month(room, name, person), settings_of(room)
    found = await queries.findings(room, person, month=name)
    return Report(
        office=settings.office,
        month=name,
        made_at=room.clock().astimezone(settings.zone),
        indicators=views.indicators(month, targets),
        surveys=views.surveys(month),
        findings=[row(d.id, d.case, d.version, settings.zone) for d in found if d.case],
    )


async def _published(room: Room, targets: Targets, name: str, request: Request) -> OpenData:
    now, settings = room.clock(), settings_of(room)
    if name >= month_of(now, settings.zone):
        raise Absent("not_yet", "A month is published once it is over.")
    kept: Published = request.app.state.published
    data = kept.find(name, now)
    if data is None:
        data = open_data(await queries.month(room, name), targets, settings.office)
        kept.keep(data, now)
    return data


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
