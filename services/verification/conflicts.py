"""Whom a report turns out to be about: who may not know of it from then on. Pure."""

from dataclasses import replace
from datetime import datetime

from services.verification.case import OPEN, Verification
from services.verification.domain import moved, verified
from shared.contracts.envelope import Command, Decision, Envelope
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.refusals import TooEarly


def named(case: Verification | None, message: Envelope[ConductConflictFound], now: datetime) -> Decision[Verification]:
    """Internal affairs found out whom else it is about. If that is the whole office, nobody here may check it."""
    if case is None:
        raise TooEarly("not_yet_submitted", "The complaint itself has not arrived yet.")
    return _named(case, message.data.names, now)


def tells_of(case: Verification | None, command: Command[tuple[str, ...]], now: datetime) -> Decision[Verification]:
    """A report that rests on another one, as the same incident or perhaps so, is hidden from whom that is about."""
    return _hidden(case, command.data) if case else Decision(None)


def _named(case: Verification, names: tuple[str, ...], now: datetime) -> Decision[Verification]:
    known = tuple(dict.fromkeys((*case.report.conflicts, *names)))
    report = case.report.model_copy(update={"conflicts": known})
    after = _hidden(replace(case, report=report), names).case
    if after is None or after == case:
        return Decision(case)
    if after.status in OPEN and after.polres in names:
        after = moved(after, "verified", "conflict", now)
        return Decision(after, (verified(after),))
    return Decision(after)


def _hidden(case: Verification, names: tuple[str, ...]) -> Decision[Verification]:
    hidden_from = tuple(dict.fromkeys((*case.hidden_from, *names)))
    return Decision(case if hidden_from == case.hidden_from else replace(case, hidden_from=hidden_from))
