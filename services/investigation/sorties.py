"""What a patrol and its dispatchers do with a sortie: acknowledge, arrive, clear, stand down, send again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.investigation import access
from services.investigation.case import Case, Dispatch, PatrolResult, Sortie, SortieState
from services.investigation.known import Found
from services.investigation.patrols import end_sortie, with_dispatch, with_sortie
from services.investigation.procedure import Procedure
from services.investigation.settle import settle
from shared.contracts.envelope import Command, Decision
from shared.contracts.investigation import PatrolArrived
from shared.contracts.refusals import Conflict

CrewMove = Literal["acknowledge", "arrive", "clear"]

MOVES: Mapping[tuple[SortieState, CrewMove], SortieState] = {
    ("sent", "acknowledge"): "acknowledged",
    ("sent", "arrive"): "on_scene",
    ("acknowledged", "arrive"): "on_scene",
    ("on_scene", "clear"): "cleared",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What the crew reports when it leaves. `note` is sealed as narrative."""

    result: PatrolResult
    note: str | None = None


def acknowledge(procedure: Procedure, case: Case | None, command: Command[None], now: datetime) -> Decision[Case]:
    """The crew has read its orders and is on its way."""
    case, dispatch, sortie = _own(case, command, "acknowledge")
    moved = with_sortie(dispatch, replace(sortie, state="acknowledged", acknowledged_at=now))
    return settle(procedure, case, with_dispatch(case, moved), now)


def arrive(procedure: Procedure, case: Case | None, command: Command[None], now: datetime) -> Decision[Case]:
    """The crew is on the scene."""
    case, dispatch, sortie = _own(case, command, "arrive")
    there = replace(sortie, state="on_scene", acknowledged_at=sortie.acknowledged_at or now, arrived_at=now)
    seconds = max(0, int((now - (dispatch.first_sent_at or sortie.sent_at)).total_seconds()))
    event = PatrolArrived(patrol=sortie.patrol, seconds=seconds)
    return settle(procedure, case, with_dispatch(case, with_sortie(dispatch, there)), now, told=(event,))


def clear(procedure: Procedure, case: Case | None, command: Command[Report], now: datetime) -> Decision[Case]:
    """The crew has done its part and is free."""
    case, dispatch, sortie = _own(case, command, "clear")
    left = replace(sortie, state="cleared", ended_at=now, result=command.data.result, note=command.data.note)
    return settle(procedure, case, with_dispatch(case, replace(with_sortie(dispatch, left), over=True)), now)


def stand_down(procedure: Procedure, case: Case | None, command: Command[None], now: datetime) -> Decision[Case]:
    """A dispatcher calls the patrol off, or ends the search for one."""
    case = access.of_dispatcher(case, command.actor)
    if case.dispatch is None or case.dispatch.over:
        raise Conflict("no_dispatch", "No patrol is under way or looked for.")
    ended = replace(end_sortie(case.dispatch, now), search=None, over=True)
    return settle(procedure, case, with_dispatch(case, ended), now)


def send(
    procedure: Procedure, case: Case | None, command: Command[None], now: datetime, found: Found
) -> Decision[Case]:
    """A dispatcher has a patrol looked for once more."""
    return settle(procedure, access.of_dispatcher(case, command.actor), wanted_again(case, command), now, found)


def wanted_again(case: Case | None, command: Command[None]) -> Case:
    """The case in which a dispatch that was over is open again. Raises Absent and Conflict."""
    case = access.of_dispatcher(case, command.actor)
    if case.dispatch is None:
        raise Conflict("no_dispatch", "This case does not ask for a patrol; have its urgency or track changed.")
    if not case.dispatch.over:
        raise Conflict("under_way", "A patrol is under way or looked for already.")
    if case.status not in ("open", "attended"):
        raise Conflict("not_open", "The case is not open.")
    return replace(case, dispatch=replace(case.dispatch, over=False))


def _own(case: Case | None, command: Command[object], move: CrewMove) -> tuple[Case, Dispatch, Sortie]:
    """The case and the sortie of the acting crew. Raises Absent, and Conflict where the move is not allowed."""
    case, person = access.of_crew(case, command.actor)
    sortie = case.dispatch.active if case.dispatch else None
    if case.dispatch is None or sortie is None or not access.speaks_for(person, sortie.patrol):
        raise Conflict("not_sent", "Your patrol is no longer sent to this complaint.")
    if (sortie.state, move) not in MOVES:
        raise Conflict("move_not_allowed", f"A sortie that is {sortie.state} cannot {move}.")
    return case, case.dispatch, sortie
