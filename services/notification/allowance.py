"""How many SMS a phone number may get in a day, so that nobody can have a stranger flooded at the Polres's cost.

The case's id is an HMAC of the number with the day: the number itself is kept nowhere.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shared.contracts.envelope import Command, Decision, Lane

_KEPT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The messages that one number got on one day."""

    polres: str
    lane: Lane
    messages: tuple[str, ...]
    expires_at: datetime


def allowance_id(key: bytes, phone: str, day: date) -> str:
    """The same for a number in E.164 and a day, and leads back to neither without the key."""
    return hmac.new(key, f"phone|{phone}|{day.isoformat()}".encode(), hashlib.sha256).hexdigest()


def spend(limit: int, case: Allowance | None, command: Command[str], now: datetime) -> Decision[Allowance]:
    """Counts the message that the command's data names, once however often it is attempted, unless the day is full."""
    if case is None:
        case = Allowance(command.polres, command.lane, (), now + _KEPT)
    elif command.data in case.messages:
        return Decision(case)
    if len(case.messages) >= limit:
        return Decision(case)
    return Decision(replace(case, messages=(*case.messages, command.data)))
