"""HTTP: findings, and what is done about them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.evaluation import improving, queries
from services.evaluation.access import Added, FindingId, OfMonth
from services.evaluation.finding import Status
from services.evaluation.findings_view import FindingRow, FindingView, row, whole
from services.evaluation.improving import Closing, PlanBody, Raising
from services.evaluation.measuring import examine
from services.evaluation.queries import FINDINGS
from services.evaluation.settings import settings_of
from shared.gate import Acting
from shared.http import Ask, Asking, InRoom, Reasoned
from shared.operation import Outcome

router = APIRouter(prefix="/findings", tags=["findings"])


@router.post("", status_code=201, dependencies=[Reasoned])
async def raise_finding(body: Raising, person: Acting, ask: Asking, ledger: Added) -> FindingView:
    """Raise a finding."""
    id_, outcome = await improving.raise_finding(ask, person, ledger, body)
    return _shown(ask, id_, outcome)


@router.post("/examinations/{month}")
async def examine_month(month: OfMonth, person: Acting, room: InRoom, ledger: Added) -> list[FindingRow]:
    """Look now for what falls short in a month, as happens by itself every hour. What was raised before stays."""
    improving.of_this_office(person, room)
    ids = await examine(room, ledger, month)
    found = (await room.store(FINDINGS).load(ids)).values()
    return [row(d.id, d.case, d.version, settings_of(room).zone) for d in found if d.case]


@router.get("")
async def findings(
    person: Acting,
    room: InRoom,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> list[FindingRow]:
    """Findings, the newest first. Who is neither evaluator nor chief sees those that they are to put right."""
    found = await queries.findings(room, person, statuses=(status,) if status else (), limit=limit)
    return [row(d.id, d.case, d.version, settings_of(room).zone) for d in found if d.case]


@router.get("/{finding_id}", responses={503: {"description": "The key is not here"}})
async def show(finding_id: FindingId, person: Acting, room: InRoom, response: Response) -> FindingView:
    """A finding with its words, its plan and its history. The ETag is the version to decide on."""
    found, version = await queries.finding(room, person, finding_id)
    response.headers["ETag"] = f'"{version}"'
    return whole(finding_id, found, version, settings_of(room).zone, room.vault)


@router.post("/{finding_id}/plan", dependencies=[Reasoned])
async def plan(finding_id: FindingId, body: PlanBody, person: Acting, ask: Asking) -> FindingView:
    """Say what is done about it, by whom, until when, and when it is measured again."""
    return _shown(ask, finding_id, await improving.plan(ask, person, finding_id, body))


@router.post("/{finding_id}/close", dependencies=[Reasoned])
async def close(finding_id: FindingId, body: Closing, person: Acting, ask: Asking) -> FindingView:
    """End it with a reason."""
    return _shown(ask, finding_id, await improving.close(ask, person, finding_id, body))


def _shown(ask: Ask, id_: str, outcome: Outcome) -> FindingView:
    return whole(id_, outcome.case, outcome.version, settings_of(ask.room).zone, ask.room.vault)
