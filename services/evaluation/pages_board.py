"""The evaluators' board: a month's indicators against the targets, the survey, and both as files."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.evaluation import publishing, queries, reading, views
from services.evaluation.access import Added, AnyMonth, Held, OfMonth
from services.evaluation.board_wordings import CALLS, COUNTS, ELEMENTS, GRADES, STAGES
from services.evaluation.dimensions import Dimension
from services.evaluation.domain import month_of
from services.evaluation.pages import pages
from services.evaluation.settings import settings_of
from services.evaluation.shown import Shown, months_until
from services.evaluation.survey import B_FROM
from services.evaluation.words import WORDS
from shared.gate import Acting
from shared.http import InRoom
from shared.room import Room

router = pages.router()

_MONTHS, _TO_CHOOSE_FROM = 6, 24
_COMMENTS = 100
_COMPLAINTS = 200


@router.get("/board")
async def board(request: Request, room: InRoom, person: Acting, ledger: Added, month: AnyMonth = None) -> Response:
    """A month's indicators and survey; the month stands in the address."""
    name = month or _this_month(room)
    before = await ledger.months(room, months_until(name, _MONTHS)[::-1], person)
    shown = Shown.to(request)
    return pages.show(
        request,
        "board.html",
        month=name,
        months=shown.months(months_until(_this_month(room), _TO_CHOOSE_FROM)),
        indicators=views.indicators(before[-1], ledger.targets),
        course=[views.surveys(each) for each in before],
        b_from=float(B_FROM),
        at_least=ledger.targets.rules.element_under_b.at_least,
        shown=shown,
        stages=STAGES,
        counts=COUNTS,
        calls=CALLS,
        elements=ELEMENTS,
        grades=GRADES,
        dimensions=WORDS,
    )


@router.get("/board/comments")
async def comments(request: Request, room: InRoom, person: Acting, month: AnyMonth = None) -> Response:
    """What the reporters wrote with the survey, opened for a reason."""
    found = await queries.commented(room, person, month or _this_month(room))
    written = reading.comments(room.vault, found, _COMMENTS)
    return pages.show(request, "evaluation/comments.html", comments=written, shown=Shown.to(request), elements=ELEMENTS)


@router.get("/board/complaints")
async def complaints(
    request: Request,
    room: InRoom,
    person: Acting,
    targets: Held,
    by: Annotated[Dimension, Query()] = "unit",
    name: Annotated[str | None, Query(max_length=64)] = None,
    month: AnyMonth = None,
) -> Response:
    """The complaints behind a month's figures, of one unit, category, village or channel."""
    chosen = month or _this_month(room)
    found = await queries.complaints(room, person, chosen, {by: name}, _COMPLAINTS)
    return pages.show(
        request,
        "complaints.html",
        month=chosen,
        by=by,
        name=name,
        complaints=[views.record(document.id, document.case, targets) for document in found if document.case],
        most=_COMPLAINTS,
        shown=Shown.to(request),
        stages=STAGES,
        dimensions=WORDS,
    )


@router.get("/board/{month}/csv")
async def as_csv(month: OfMonth, room: InRoom, person: Acting, ledger: Added) -> Response:
    """The month's report as a table."""
    return publishing.as_csv(await publishing.report(room, ledger, month, person))


@router.get("/board/{month}/pdf")
async def as_pdf(month: OfMonth, room: InRoom, person: Acting, ledger: Added) -> Response:
    """The month's report on paper."""
    return await publishing.as_pdf(room, await publishing.report(room, ledger, month, person))


def _this_month(room: Room) -> str:
    return month_of(room.clock(), settings_of(room).zone)
