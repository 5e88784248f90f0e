"""A service before and after it learns the second version of an event, as processes that run side by side."""

from datetime import datetime
from typing import Any, ClassVar, cast

from fastapi import FastAPI

from shared.contracts import catalogue
from shared.contracts.envelope import Decision, Event
from shared.contracts.referral import ReferralDeclined
from shared.handlers import On
from shared.operation import Message
from shared.service import Cases, Service, create_app
from shared.settings import Settings
from tests.shared.tally import DUE, SERVICE, UNIQUE, Tally, note


class ReferralDeclinedInFull(Event):
    """No agency took the complaint; says which ones were asked."""

    wire: ClassVar[str] = "referral.declined.v2"
    reason: str
    asked: tuple[str, ...]


def note_once(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    """Like any decision here, it goes by the state: what both versions of an event say happens once."""
    said = cast(Any, message.data).reason
    return Decision(case) if case and said in case.notes else note(case, message, now)


def older() -> FastAPI:
    """Knows the first version alone."""
    return _service(On(ReferralDeclined, note_once))


def newer() -> FastAPI:
    """Knows both, as long as both are said."""
    cast(dict[str, type[Event]], catalogue.EVENTS)[ReferralDeclinedInFull.wire] = ReferralDeclinedInFull
    return _service(On(ReferralDeclined, note_once), On(ReferralDeclinedInFull, note_once))


def _service(*handlers: On) -> FastAPI:
    cases = {"tallies": Cases(Tally, (UNIQUE, DUE))}
    return create_app(Service(SERVICE, Settings(), cases, handlers=lambda room: handlers))
