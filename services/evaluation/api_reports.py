"""HTTP: the monthly report, and the open data that everybody may read."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.evaluation import publishing
from services.evaluation.access import Added, OfMonth
from services.evaluation.open_data import OpenData
from services.evaluation.report import Report
from shared.gate import Acting
from shared.http import InRoom

router = APIRouter()

_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/reports/{month}", tags=["reports"])
async def report(month: OfMonth, person: Acting, room: InRoom, ledger: Added) -> Report:
    """The monthly report: indicators, survey, findings."""
    return await publishing.report(room, ledger, month, person)


@router.get("/reports/{month}/csv", tags=["reports"], response_class=Response, responses=_CSV)
async def report_csv(month: OfMonth, person: Acting, room: InRoom, ledger: Added) -> Response:
    """The report's figures, one a row."""
    return publishing.as_csv(await publishing.report(room, ledger, month, person))


@router.get("/reports/{month}/pdf", tags=["reports"], response_class=Response, responses=_PDF)
async def report_pdf(month: OfMonth, person: Acting, room: InRoom, ledger: Added) -> Response:
    """The report on paper, in Indonesian."""
    return await publishing.as_pdf(room, await publishing.report(room, ledger, month, person))


@router.get("/open-data/{month}", tags=["open data"])
async def published(month: OfMonth, room: InRoom, ledger: Added, request: Request) -> OpenData:
    """The figures of a month that is over, for everybody; small counts are withheld."""
    return await publishing.published(room, ledger, request.app.state.published, month)


@router.get("/open-data/{month}/csv", tags=["open data"], response_class=Response, responses=_CSV)
async def published_csv(month: OfMonth, room: InRoom, ledger: Added, request: Request) -> Response:
    """The same, one figure a row."""
    data = await publishing.published(room, ledger, request.app.state.published, month)
    return publishing.open_csv(data)
