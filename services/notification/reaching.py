"""That an officer has told reporters otherwise whom the last word did not reach. Pure."""

from dataclasses import replace
from datetime import datetime

from services.notification.domain import Correspondence, with_messages
from shared.contracts.envelope import Command, Decision
from shared.contracts.refusals import Absent, Conflict


def nobody_unreached() -> Conflict:
    return Conflict("nobody_unreached", "Everybody has been reached.")


def reached(case: Correspondence | None, command: Command[tuple[str, ...]], now: datetime) -> Decision[Correspondence]:
    """An officer has told the reporters what these messages should have. Raises Absent, or Conflict where there is
    nothing to tell any more."""
    if case is None or command.actor is None or not case.visible_to(command.actor):
        raise Absent
    told = {message.id for message in case.unreached}.intersection(command.data)
    if not told:
        raise nobody_unreached()
    officer = command.actor.id
    messages = (replace(m, told_by=officer) if m.id in told else m for m in case.messages)
    return Decision(with_messages(case, messages))
