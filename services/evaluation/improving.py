"""What an evaluator does about a finding, as programs and pages say it, submitted to the finding."""

from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field

from services.evaluation import finding, rules
from services.evaluation.access import MONTH
from services.evaluation.dimensions import DIMENSIONS
from services.evaluation.finding import Close, Observed, Plan, Planning
from services.evaluation.findings_view import PART
from services.evaluation.ledger import Ledger
from services.evaluation.queries import FINDINGS
from services.evaluation.settings import settings_of
from shared.contracts.envelope import Person
from shared.contracts.refusals import Forbidden, Invalid
from shared.http import Ask
from shared.operation import Outcome
from shared.room import Room
from shared.text import Paragraphs

_SCOPE = rf"^({'|'.join((*DIMENSIONS, 'element', 'office'))}):[A-Za-z0-9][A-Za-z0-9 ._-]{{0,63}}$"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Raising(_Body):
    """What somebody found. What can be measured is measured in the month that is named."""

    indicator: str = Field(max_length=64, description=f"one of {', '.join(rules.INDICATORS)}")
    scope: str = Field(pattern=_SCOPE, description="as `unit:Pidum`, `village:99.01.01.1001`, `office:all`")
    month: str | None = Field(default=None, pattern=MONTH)
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


def of_this_office(person: Person, room: Room) -> None:
    """Raises Forbidden for whoever belongs elsewhere."""
    if room.settings.polres not in person.units:
        raise Forbidden("other_office", "You do not belong to this office.")


async def raise_finding(ask: Ask, person: Person, ledger: Ledger, body: Raising) -> tuple[str, Outcome]:
    """A finding is raised; returns its id too, which follows from the request."""
    of_this_office(person, ask.room)
    if body.indicator not in rules.INDICATORS:
        raise Invalid("unknown_indicator", f"Known are {', '.join(rules.INDICATORS)}.", "indicator")
    value = None
    if body.month and body.indicator != rules.OBSERVATION:
        # Other evaluators are shown the value too, so that it is of what everybody may know of.
        month = await ledger.month(ask.room, body.month)
        value = rules.value_of(body.indicator, body.scope, month, ledger.targets)
    id_ = str(uuid5(NAMESPACE_URL, f"finding|{ask.message_id(person)}"))
    words = ask.room.vault.seal(PART, id_, {"text": body.words})
    target = rules.target_of(body.indicator, ledger.targets)
    seen = Observed(body.indicator, body.scope, body.month, value, target, words)
    return id_, await ask(id_, seen, finding.found_by_person, actor=person, collection=FINDINGS)


async def plan(ask: Ask, person: Person, id_: str, body: PlanBody) -> Outcome:
    """It is said what is done about it, by whom, until when, and when it is measured again."""
    zone = settings_of(ask.room).zone
    by, measure_at = (datetime.combine(day, time(), zone) for day in (body.by, body.measure_on))
    action = ask.room.vault.seal(PART, id_, {"text": body.action})
    planning = Planning(Plan(body.owner, by, measure_at, action), zone)
    return await ask(id_, planning, finding.plan, actor=person, collection=FINDINGS)


async def close(ask: Ask, person: Person, id_: str, body: Closing) -> Outcome:
    """It ends with a reason."""
    note = ask.room.vault.seal(PART, id_, {"text": body.note})
    return await ask(id_, Close(note), finding.close, actor=person, collection=FINDINGS)
