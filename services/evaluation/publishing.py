"""The monthly report and the open data, made of what is stored, as programs and pages hand them out."""

import asyncio

from fastapi import Response

from services.evaluation import queries, views
from services.evaluation.domain import month_of
from services.evaluation.findings_view import row
from services.evaluation.ledger import Ledger
from services.evaluation.open_data import OpenData, Published, open_data
from services.evaluation.report import Report, open_rows, rows
from services.evaluation.report_csv import to_csv
from services.evaluation.report_pdf import to_pdf
from services.evaluation.settings import settings_of
from services.evaluation.shown import Shown
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.room import Room


async def report(room: Room, ledger: Ledger, name: str, person: Person) -> Report:
    """What a month was like, as far as the person may know of it."""
    settings, found = settings_of(room), await queries.findings(room, person, month=name)
    month = await ledger.month(room, name, person)
    return Report(
        office=settings.office,
        month=name,
        made_at=room.clock().astimezone(settings.zone),
        indicators=views.indicators(month, ledger.targets),
        surveys=views.surveys(month),
        findings=[row(d.id, d.case, d.version, settings.zone) for d in found if d.case],
    )


def as_csv(made: Report) -> Response:
    return _file(to_csv(rows(made)), "text/csv", f"evaluasi-{made.month}.csv")


async def as_pdf(room: Room, made: Report) -> Response:
    # Setting pages takes long enough to keep others waiting.
    paper = await asyncio.to_thread(to_pdf, made, Shown(room.settings, "id"))
    return _file(paper, "application/pdf", f"evaluasi-{made.month}.pdf")


async def published(room: Room, ledger: Ledger, kept: Published, name: str) -> OpenData:
    """What everybody may know of a month. Raises Absent while it is not over."""
    now, settings = room.clock(), settings_of(room)
    if name >= month_of(now, settings.zone):
        raise Absent("not_yet", "A month is published once it is over.")
    data = kept.find(name, now)
    if data is None:
        data = open_data(await ledger.month(room, name), ledger.targets, settings.office)
        kept.keep(data, now)
    return data


def open_csv(data: OpenData) -> Response:
    return _file(to_csv(open_rows(data)), "text/csv", f"aduan-{data.month}.csv")


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
