"""What crews and dispatchers do with a sortie, as programs and pages say it, submitted to the case."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from services.investigation import sorties
from services.investigation.acting import sealed, under
from services.investigation.case import PatrolResult
from services.investigation.consumers import till_sent
from services.investigation.finder import Finder
from services.investigation.procedure import Procedure
from shared.contracts.envelope import Lane, Person
from shared.http import Ask
from shared.operation import Outcome
from shared.text import Paragraphs

_URGENT: Final[Lane] = "urgent"


class ClearedScene(BaseModel):
    model_config = ConfigDict(extra="forbid")

    result: PatrolResult
    note: Paragraphs | None = None


async def acknowledge(ask: Ask, person: Person, procedure: Procedure, complaint: str) -> Outcome:
    """The crew has read its orders and is on its way."""
    return await _submit(ask, person, procedure, complaint, sorties.acknowledge)


async def arrive(ask: Ask, person: Person, procedure: Procedure, complaint: str) -> Outcome:
    """The crew is on the scene."""
    return await _submit(ask, person, procedure, complaint, sorties.arrive)


async def clear(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: ClearedScene) -> Outcome:
    """The crew has done its part and is free."""
    report = sorties.Report(body.result, sealed(ask.room, "narrative", complaint, body.note))
    return await _submit(ask, person, procedure, complaint, sorties.clear, report)


async def stand_down(ask: Ask, person: Person, procedure: Procedure, complaint: str) -> Outcome:
    """The patrol is called off, or the search for one ends."""
    return await _submit(ask, person, procedure, complaint, sorties.stand_down)


async def send(ask: Ask, person: Person, procedure: Procedure, complaint: str) -> Outcome:
    """A patrol is looked for once more after the last has left or was called off."""
    gather = Finder(ask.room, procedure).whom(sorties.wanted_again)
    decide = under(procedure, sorties.send)
    return await till_sent(lambda: ask(complaint, None, decide, actor=person, gather=gather, lane=_URGENT))


async def _submit(
    ask: Ask, person: Person, procedure: Procedure, complaint: str, decision: Any, data: sorties.Report | None = None
) -> Outcome:
    return await ask(complaint, data, under(procedure, decision), actor=person, lane=_URGENT)
