"""HTTP: findings, and what is done about them."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.evaluation import finding, queries, rules
from services.evaluation.access import Held, OfMonth
from services.evaluation.dimensions import DIMENSIONS
from services.evaluation.finding import Close, Finding, Observed, Plan, Planning, Status
from services.evaluation.findings_view import PART, FindingRow, FindingView, row, whole
from services.evaluation.measuring import examine
from services.evaluation.queries import FINDINGS
from services.evaluation.settings import settings_of
from shared.contracts.envelope import UUID_PATTERN
from shared.contracts.refusals import Forbidden, Invalid
from shared.gate import Acting
from shared.http import Ask, Asking, InRoom, Reasoned
from shared.operation import Outcome
from shared.text import Paragraphs

router = APIRouter(prefix="/findings", tags=["findings"])

FindingId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SCOPE = rf"^({'|'.join((*DIMENSIONS, 'element', 'office'))}):[A-Za-z0-9][A-Za-z0-9 ._-]{{0,63}}$"
_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Raising(_Body):
    """What somebody found. What can be measured is measured in the month that is named."""

    indicator: str = Field(max_length=64, description=f"one of {', '.join(rules.INDICATORS)}")
    scope: str = Field(pattern=_SCOPE, description="as `unit:Pidum`, `village:99.01.01.1001`, `office:all`")
    month: str | None = Field(default=None, pattern=_MONTH)
    words: Paragraphs


class PlanBody(_Body):
    """What is done about it. It is measured again on the day named, by the figures of the month before that."""

    action: Paragraphs
    owner: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="person id")
    by: date
    measure_on: date


class Closing(_Body):
    """Why nothing more is done about it."""

    note: Paragraphs


@router.post("", status_code=201, dependencies=[Reasoned])
async def raise_finding(body: Raising, person: Acting, ask: Asking, targets: Held) -> FindingView:
    """Raise a finding."""
    if ask.room.settings.polres not in person.units:
        raise Forbidden("other_office", "You do not belong to this office.")
    if body.indicator not in rules.INDICATORS:
        raise Invalid("unknown_indicator", f"Known are {', '.join(rules.INDICATORS)}.", "indicator")
    value = None
    if body.month and body.indicator != rules.OBSERVATION:
        # Other evaluators are shown the value too, so that it is of what everybody may know of.
        month = await queries.month(ask.room, body.month)
        value = rules.value_of(body.indicator, body.scope, month, targets)
    id_ = str(uuid5(NAMESPACE_URL, f"finding|{ask.message_id(person)}"))
    words = ask.room.vault.seal(PART, id_, {"text": body.words})
    target = rules.target_of(body.indicator, targets)
    seen = Observed(body.indicator, body.scope, body.month, value, target, words)
    return _shown(ask, id_, await ask(id_, seen, finding.found_by_person, actor=person, collection=FINDINGS))


@router.post("/examinations/{month}")
async def examine_month(month: OfMonth, person: Acting, room: InRoom, targets: Held) -> list[FindingRow]:
    """Look now for what falls short in a month, as happens by itself every hour. What was raised before stays."""
    if room.settings.polres not in person.units:
        raise Forbidden("other_office", "You do not belong to this office.")
    ids = await examine(room, targets, month)
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
    found = await queries.findings(room, person, status=status, limit=limit)
    return [row(d.id, d.case, d.version, settings_of(room).zone) for d in found if d.case]


@router.get("/{finding_id}", responses={503: {"description": "The key is not here"}})
async def show(finding_id: FindingId, person: Acting, room: InRoom, response: Response) -> FindingView:
    """A finding with its words, its plan and its history. The ETag is the version to decide on."""
    document = await queries.finding(room, person, finding_id)
    response.headers["ETag"] = f'"{document.version}"'
    case: Finding = document.case  # type: ignore[assignment]  # absent ones were refused
    return whole(finding_id, case, document.version, settings_of(room).zone, room.vault)


@router.post("/{finding_id}/plan", dependencies=[Reasoned])
async def plan(finding_id: FindingId, body: PlanBody, person: Acting, ask: Asking) -> FindingView:
    """Say what is done about it, by whom, until when, and when it is measured again."""
    zone = settings_of(ask.room).zone
    by, measure_at = (datetime.combine(day, time(), zone) for day in (body.by, body.measure_on))
    action = ask.room.vault.seal(PART, finding_id, {"text": body.action})
    planning = Planning(Plan(body.owner, by, measure_at, action), zone)
    outcome = await ask(finding_id, planning, finding.plan, actor=person, collection=FINDINGS)
    return _shown(ask, finding_id, outcome)


@router.post("/{finding_id}/close", dependencies=[Reasoned])
async def close(finding_id: FindingId, body: Closing, person: Acting, ask: Asking) -> FindingView:
    """End it with a reason."""
    note = ask.room.vault.seal(PART, finding_id, {"text": body.note})
    outcome = await ask(finding_id, Close(note), finding.close, actor=person, collection=FINDINGS)
    return _shown(ask, finding_id, outcome)


def _shown(ask: Ask, id_: str, outcome: Outcome) -> FindingView:
    return whole(id_, outcome.case, outcome.version, settings_of(ask.room).zone, ask.room.vault)
