"""The page that says to everybody how the office does its work: the open data, to read."""

from fastapi import Request, Response

from services.evaluation import publishing
from services.evaluation.access import Added, AnyMonth
from services.evaluation.board_wordings import GRADES, STAGES
from services.evaluation.domain import month_before, month_of
from services.evaluation.open_data import LEAST
from services.evaluation.pages import pages
from services.evaluation.settings import settings_of
from services.evaluation.shown import Shown, months_until
from shared.http import InRoom

router = pages.router()

_MONTHS = 12


@router.get("/public")
async def public(request: Request, room: InRoom, ledger: Added, month: AnyMonth = None) -> Response:
    """The figures of a month that is over, and month by month. All of it is open data, with what is withheld there."""
    last = month_before(month_of(room.clock(), settings_of(room).zone))
    kept, names = request.app.state.published, months_until(last, _MONTHS)
    chosen = await publishing.published(room, ledger, kept, month or last)
    course = [await publishing.published(room, ledger, kept, name) for name in reversed(names)]
    first = next((n for n, data in enumerate(course) if data.received != 0), len(course) - 1)
    shown = Shown.to(request)
    return pages.show(
        request,
        "public.html",
        chosen=chosen,
        course=course[first:],
        months=shown.months(names if chosen.month in names else [*names, chosen.month]),
        least=LEAST,
        shown=shown,
        stages=STAGES,
        grades=GRADES,
    )
