"""A one-time code for the reporter: sent at once or not at all. Pure."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from services.notification.domain import Correspondence, with_messages
from services.notification.message import CODE, Message
from shared.contracts.envelope import Decision, Envelope
from shared.contracts.intake import ContactCodeIssued
from shared.contracts.refusals import TooEarly


def send_code(
    case: Correspondence | None, message: Envelope[ContactCodeIssued], now: datetime
) -> Decision[Correspondence]:
    """Queues the code, in place of an earlier one that is not under way yet. One that has expired is not sent."""
    if case is None:
        raise TooEarly("unknown_complaint", "Nothing is known of this complaint yet.")
    issued, own = message.data, message.subject
    id_ = str(uuid5(NAMESPACE_URL, f"{own}:{CODE}:{message.id}"))
    if now >= issued.expires_at or any(known.id == id_ for known in case.messages):
        return Decision(case)
    newer = any(m.template == CODE and m.by and m.by > issued.expires_at for m in case.messages)
    if newer:
        return Decision(case)
    code = Message(
        id=id_,
        recipient=own,
        register_number=case.register_number,
        language=case.wishes.language or case.language,
        medium=issued.medium,
        template=CODE,
        queued_at=now,
        due=now,
        by=issued.expires_at,
        sealed=issued.sealed.notice,
    )
    others = [m for m in case.messages if not (m.template == CODE and m.untried)]
    return Decision(with_messages(case, (*others, code)))
