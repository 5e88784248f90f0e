"""How a mediation and a guidance go on: every move that is allowed, and where it leads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.mediation.case import Position, Round
from shared.contracts.mediation import Settling
from shared.contracts.refusals import Conflict

Move = Literal[
    "approve", "confirm", "invite", "answer", "schedule", "move", "cancel", "hold", "minute", "draft", "sign", "settle",
    "judge", "fulfil", "break", "plan", "record", "complete", "fail",
]  # fmt: skip
Moves = Mapping[tuple[Position, Move], Position]

MEDIATION: Moves = {
    ("preparing", "approve"): "preparing",
    ("preparing", "confirm"): "preparing",
    ("preparing", "invite"): "preparing",
    ("preparing", "answer"): "preparing",
    ("preparing", "schedule"): "scheduled",
    ("preparing", "minute"): "preparing",
    ("preparing", "draft"): "agreeing",
    ("preparing", "fail"): "failed",
    ("scheduled", "approve"): "scheduled",
    ("scheduled", "confirm"): "scheduled",
    ("scheduled", "invite"): "scheduled",
    ("scheduled", "answer"): "scheduled",
    ("scheduled", "move"): "scheduled",
    ("scheduled", "minute"): "scheduled",
    ("scheduled", "cancel"): "preparing",
    ("scheduled", "hold"): "met",
    ("scheduled", "fail"): "failed",
    ("met", "approve"): "met",
    ("met", "confirm"): "met",
    ("met", "invite"): "met",
    ("met", "answer"): "met",
    ("met", "schedule"): "scheduled",
    ("met", "minute"): "met",
    ("met", "draft"): "agreeing",
    ("met", "fail"): "failed",
    ("agreeing", "approve"): "agreeing",
    ("agreeing", "confirm"): "agreeing",
    ("agreeing", "schedule"): "scheduled",
    ("agreeing", "minute"): "agreeing",
    ("agreeing", "draft"): "agreeing",
    ("agreeing", "sign"): "agreeing",
    ("agreeing", "settle"): "settled",
    ("agreeing", "fail"): "failed",
    ("settled", "minute"): "settled",
    ("settled", "judge"): "settled",
    ("settled", "fulfil"): "kept",
    ("settled", "break"): "failed",
}

GUIDANCE: Moves = {
    ("planning", "approve"): "planning",
    ("planning", "confirm"): "planning",
    ("planning", "plan"): "planned",
    ("planning", "fail"): "failed",
    ("planned", "approve"): "planned",
    ("planned", "confirm"): "planned",
    ("planned", "plan"): "planned",
    ("planned", "schedule"): "scheduled",
    ("planned", "record"): "planned",
    ("planned", "fail"): "failed",
    ("scheduled", "approve"): "scheduled",
    ("scheduled", "confirm"): "scheduled",
    ("scheduled", "move"): "scheduled",
    ("scheduled", "record"): "scheduled",
    ("scheduled", "cancel"): "planned",
    ("scheduled", "hold"): "visited",
    ("scheduled", "fail"): "failed",
    ("visited", "approve"): "visited",
    ("visited", "confirm"): "visited",
    ("visited", "plan"): "visited",
    ("visited", "schedule"): "scheduled",
    ("visited", "record"): "visited",
    ("visited", "complete"): "completed",
    ("visited", "fail"): "failed",
}

MOVES: Mapping[Settling, Moves] = {"mediation": MEDIATION, "guidance": GUIDANCE}
FIRST: Mapping[Settling, Position] = {"mediation": "preparing", "guidance": "planning"}
ENDS: frozenset[Position] = frozenset({"failed", "kept", "completed"})


def advanced(round_: Round, move: Move, now: datetime) -> Round:
    """The round after a move. Raises Conflict where it is not allowed."""
    position = MOVES[round_.kind].get((round_.position, move))
    if position is None:
        allowed = ", ".join(name for at, name in MOVES[round_.kind] if at == round_.position) or "none"
        raise Conflict(
            "move_not_allowed", f"A {round_.kind} that is {round_.position} cannot {move}; it can: {allowed}."
        )
    return replace(round_, position=position, acted_at=now)
