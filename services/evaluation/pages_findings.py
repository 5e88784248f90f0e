"""Findings and what is done about them: the list, one finding, and the forms of evaluators."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from services.evaluation import board_wordings, improving, queries
from services.evaluation.access import Added, AnyMonth, FindingId
from services.evaluation.board_wordings import RULES, STATUSES, STEPS
from services.evaluation.dimensions import UNKNOWN
from services.evaluation.domain import month_of
from services.evaluation.finding import MOVES, Status
from services.evaluation.findings_view import is_late, row, whole
from services.evaluation.improving import Closing, PlanBody, Raising
from services.evaluation.ledger import Ledger
from services.evaluation.settings import settings_of
from services.evaluation.shown import Shown, months_until
from services.evaluation.wordings import REFUSALS
from shared.contracts.envelope import Person
from shared.forms import LEFT_OPEN, FormAsking
from shared.gate import Acting
from shared.http import InRoom
from shared.languages import language_of, marked
from shared.names import categories, villages
from shared.pages import Pages, Sent
from shared.room import Room

pages = Pages("evaluation", {**REFUSALS, "not_found": marked("Temuan itu tidak ada.")})
router = pages.router()

_SHOWN = 200
_TO_CHOOSE_FROM = 12
_NEW = "/actions/new"
Filter = Annotated[Status | None, LEFT_OPEN, Query(alias="status")]


@router.get("/actions")
async def actions(request: Request, room: InRoom, person: Acting, status: Filter = None) -> Response:
    """Findings, the newest first; for whoever is neither evaluator nor chief, those that they are to put right."""
    zone, statuses = settings_of(room).zone, (status,) if status else ()
    found = await queries.findings(room, person, statuses=statuses, limit=_SHOWN)
    rows = [row(d.id, d.case, d.version, zone) for d in found if d.case]
    today = room.clock().astimezone(zone).date()
    return pages.show(
        request,
        "actions.html",
        findings=rows,
        most=_SHOWN,
        late={each.finding for each in rows if is_late(each, today)},
        chosen=status,
        raises="evaluator" in person.roles,
        shown=Shown.to(request),
        statuses=STATUSES,
    )


@router.get(_NEW)
async def new(request: Request, room: InRoom, person: Acting, ledger: Added, month: AnyMonth = None) -> Response:
    """The form on which a finding is raised."""
    return await _form(request, room, person, ledger, Sent(typed={"month": month} if month else {}))


@router.post(_NEW)
async def raise_finding(request: Request, room: InRoom, person: Acting, ask: FormAsking, ledger: Added) -> Response:
    """Raises it and leads to it."""
    raised: list[str] = []

    async def do(body: Raising) -> None:
        id_, _ = await improving.raise_finding(ask, person, ledger, body)
        raised.append(id_)

    async def shown(sent: Sent) -> Response:
        if raised:
            return RedirectResponse(f"/evaluation/actions/{raised[0]}", 303)
        return await _form(request, room, person, ledger, sent)

    return await pages.act(request, Raising, do, shown)


@router.get("/actions/{finding_id}")
async def action(request: Request, finding_id: FindingId, room: InRoom, person: Acting) -> Response:
    """One finding with its course, and what can be done about it."""
    return await _shown(request, room, person, finding_id)


@router.get("/actions/{finding_id}/words")
async def words(request: Request, finding_id: FindingId, room: InRoom, person: Acting) -> Response:
    """What was written about it, opened for a reason."""
    found, version = await queries.finding(room, person, finding_id)
    view = whole(finding_id, found, version, settings_of(room).zone, room.vault)
    return pages.show(request, "evaluation/words.html", finding=view, steps=STEPS)


@router.post("/actions/{finding_id}/plan")
async def plan(request: Request, finding_id: FindingId, person: Acting, ask: FormAsking) -> Response:
    """What is done about it, by whom, until when, and when it is measured again."""

    async def do(body: PlanBody) -> None:
        await improving.plan(ask, person, finding_id, body)

    return await pages.act(request, PlanBody, do, _again(request, ask.room, person, finding_id, "plan"))


@router.post("/actions/{finding_id}/close")
async def close(request: Request, finding_id: FindingId, person: Acting, ask: FormAsking) -> Response:
    """Nothing more is done about it."""

    async def do(body: Closing) -> None:
        await improving.close(ask, person, finding_id, body)

    return await pages.act(request, Closing, do, _again(request, ask.room, person, finding_id, "close"))


def _again(request: Request, room: Room, person: Person, id_: str, form: str) -> Callable[[Sent], Awaitable[Response]]:
    return lambda sent: _shown(request, room, person, id_, replace(sent, form=form))


async def _shown(request: Request, room: Room, person: Person, id_: str, sent: Sent = Sent()) -> Response:
    case, version = await queries.finding(room, person, id_)
    zone = settings_of(room).zone
    found = row(id_, case, version, zone)
    return pages.show(
        request,
        "action.html",
        sent.status,
        fragment="evaluation/finding.html",
        finding=found,
        history=case.history,
        late=is_late(found, room.clock().astimezone(zone).date()),
        decides="evaluator" in person.roles and (found.status, "plan") in MOVES,
        sent=sent,
        planned={**{name: getattr(found, name) or "" for name in ("owner", "by", "measure_on")}, **sent.typed},
        shown=Shown.to(request),
        statuses=STATUSES,
        rules=RULES,
        steps=STEPS,
    )


async def _form(request: Request, room: Room, person: Person, ledger: Ledger, sent: Sent) -> Response:
    shown, this = Shown.to(request), month_of(room.clock(), settings_of(room).zone)
    months = months_until(this, _TO_CHOOSE_FROM)
    scopes = [
        "office:all",
        *(f"unit:{name}" for name in await _units(room, person, ledger, months[:2])),
        *(f"category:{code}" for code, _ in categories(request.app.settings, language_of(request))),
        *(f"village:{code}" for code in villages(request.app.settings)),
    ]
    return pages.show(
        request,
        "action_new.html",
        sent.status,
        sent=sent,
        indicators=board_wordings.indicators(pages.words(request)),
        scopes=[(scope, shown.scope(scope)) for scope in scopes],
        months=shown.months(months),
    )


async def _units(room: Room, person: Person, ledger: Ledger, months: list[str]) -> list[str]:
    """The units that have had a complaint lately."""
    names = {name for month in await ledger.months(room, months, person) for name in month.by["unit"]}
    return sorted(names - {UNKNOWN})
