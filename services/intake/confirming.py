"""The reporter proves to be reachable: a one-time code goes out, and comes back. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.case import Complaint
from services.intake.domain import moved
from services.intake.one_time_code import VALID, OneTimeCode
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision
from shared.contracts.intake import ContactCodeIssued, ContactConfirmed
from shared.contracts.notification import Medium
from shared.contracts.refusals import Absent, Conflict, TooMany

PAUSE = timedelta(minutes=1)
_DAY, PER_DAY = timedelta(days=1), 5


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code on its way out: its HMAC, and itself sealed."""

    medium: Medium
    digest: str
    sealed: str


def issue(case: Complaint | None, message: Command[NewCode], now: datetime) -> Decision[Complaint]:
    """Sends a code, which puts an earlier one out of use. Raises Conflict for a contact that is confirmed, TooMany."""
    status = moved(case, "confirm")
    if case is None:
        raise Absent
    new = message.data
    if new.medium in case.confirmed:
        raise Conflict("confirmed_before", "This is confirmed already.")
    sent = tuple(at for at in case.codes_sent if now - at < _DAY)
    if sent and (wait := PAUSE - (now - sent[-1])) > timedelta(0):
        raise TooMany("A code was sent just now.", max(1, round(wait.total_seconds())))
    if len(sent) >= PER_DAY:
        raise TooMany("No more codes are sent for this report today.", round((sent[0] + _DAY - now).total_seconds()))
    code = OneTimeCode(new.medium, new.digest, now + VALID)
    event = ContactCodeIssued(medium=new.medium, expires_at=code.until, sealed=Sealed(notice=new.sealed))
    return Decision(replace(case, status=status, one_time_code=code, codes_sent=(*sent, now)), (event,))


def confirm(case: Complaint | None, message: Command[str], now: datetime) -> Decision[Complaint]:
    """Compares a code, by its HMAC, with the one that was sent. One that is wrong is counted; how it ended stands in
    the case, since a refusal would leave nothing of it."""
    status = moved(case, "confirm")
    if case is None:
        raise Absent
    code = case.one_time_code
    if code is None or code.confirmed or not code.open(now):
        return Decision(case)
    if not code.is_(message.data):
        return Decision(replace(case, one_time_code=replace(code, tries=code.tries + 1)))
    after = replace(
        case,
        status=status,
        one_time_code=replace(code, confirmed=True),
        confirmed=(*case.confirmed, code.medium),
    )
    return Decision(after, (ContactConfirmed(medium=code.medium),))
