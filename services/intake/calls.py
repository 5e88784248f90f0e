"""A call to 110 that is no report: one line in a log, never a case. Pure."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.envelope import Command, Decision, Lane
from shared.contracts.intake import CallKind, CallLogged
from shared.contracts.refusals import Forbidden


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its operator judged it."""

    polres: str
    lane: Lane
    kind: CallKind
    operator: str
    received_at: datetime


def log(case: Call | None, message: Command[CallKind], now: datetime) -> Decision[Call]:
    """Notes a call. A call that is noted already stays as it is."""
    if case is not None:
        return Decision(case)
    if message.actor is None:
        raise Forbidden("operator_missing", "Only an operator can log a call.")
    call = Call(message.polres, message.lane, message.data, message.actor.id, now)
    return Decision(call, (CallLogged(kind=call.kind, operator=call.operator),))
