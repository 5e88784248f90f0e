"""What intake hears: what became of a complaint, and the submit commands of partner channels.

Commands come over the broker and are answered on the channel's own reply queue. The channel is known by the routing
key, which the broker lets each channel's user write for itself alone, and never by anything that the sender says. What
cannot be laid to a channel is parked.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aio_pika.abc import AbstractIncomingMessage
from pydantic import ValidationError
from pydantic_core import from_json

from services.intake import outcomes
from services.intake.desk import Desk
from services.intake.reports import ReportBody
from services.intake.submission import IDEMPOTENCY_KEY, Door, asking, take_in
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import LANES, Lane
from shared.contracts.intake import (
    COMMAND_ID,
    ComplaintProblem,
    ComplaintReceipt,
    FieldProblem,
    Problem,
    SubmitComplaint,
)
from shared.contracts.internal_affairs import ConductCaseConcluded, ConductCaseReturned, ConductConflictFound
from shared.contracts.investigation import InvestigationAssigned, InvestigationConcluded
from shared.contracts.mediation import GuidanceCompleted, MediationFailed, MediationSettled
from shared.contracts.referral import ReferralCompleted, ReferralDeclined
from shared.contracts.refusals import Invalid, Refusal, TooEarly, Unavailable
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from shared.handlers import On
from shared.retries import Receive, first_published
from shared.room import Room
from shared.told import earlier
from shared.topology import SUBMISSIONS_EXCHANGE, replies_queue

_ERRORS_NAMED = 20
_NAME_SHOWN = 64  # characters of a field's name, which the sender chose


def handlers(room: Room) -> Sequence[On]:
    """Which decision an event leads to."""
    ends = (InvestigationConcluded, MediationSettled, GuidanceCompleted, ReferralCompleted, ConductCaseConcluded)
    back = (MediationFailed, ReferralDeclined, ConductCaseReturned)
    return (
        On(ComplaintRejected, outcomes.rejected),
        On(ComplaintClassified, outcomes.classified),
        On(ComplaintReclassified, outcomes.classified),
        On(InvestigationAssigned, outcomes.assigned),
        On(ComplaintLinked, outcomes.linked),
        *(On(event, outcomes.ended) for event in ends),
        On(ConductConflictFound, outcomes.named),
        On(ComplaintLinked, outcomes.named, case_id=earlier),
        *(On(event, outcomes.given_back) for event in back),
    )


def receive(desk: Desk, room: Room, events: Receive) -> Receive:
    """Receives submit commands; every other message goes on to `events`."""

    async def receive_any(message: AbstractIncomingMessage) -> None:
        exchange, key = first_published(message)
        if exchange != SUBMISSIONS_EXCHANGE:
            await events(message)
            return
        channel, lane = _channel_and_lane(room, key)
        reply = await _reply(desk, channel, lane, message.body)
        # Told before the command is acknowledged: a crash in between brings it back, and its answer with it.
        await room.bus.send(
            replies_queue(channel),
            reply.model_dump_json().encode(),
            message_id=reply.id,
            type_=reply.type,
            correlation_id=message.correlation_id or reply.command or message.message_id,
        )

    return receive_any


def _channel_and_lane(room: Room, key: str) -> tuple[str, Lane]:
    channel, _, verb_and_lane = key.partition(".")
    for lane in LANES:
        if verb_and_lane == f"submit.{lane}" and channel in room.settings.channels:
            return channel, lane
    raise Invalid("unknown_channel", "The routing key is not that of a channel that this office serves.", "routing_key")


async def _reply(desk: Desk, channel: str, lane: Lane, body: bytes) -> ComplaintReceipt | ComplaintProblem:
    """The receipt once the report is stored, or a problem once it is clear that it never will be."""
    limit = desk.settings.body_limit
    if len(body) > limit:
        problem = Problem(slug="too_large", detail=f"A command may have {limit} bytes at most.")
        return ComplaintProblem(id=_reply_id(channel, body), command=None, data=problem)
    try:
        command = SubmitComplaint.model_validate_json(body)
    except ValidationError as error:
        invalid = _invalid(_fields(error))
        return ComplaintProblem(id=_reply_id(channel, body), command=_command_id(body), data=invalid)
    reply_id = _reply_id(channel, body)
    try:
        content = desk.channel_keys.opened(command.id, command.data)
        # Sealed again, the same report has other bytes.
        reply_id = _reply_id(channel, command.id.encode() + content)
        report = ReportBody.model_validate_json(content)
    except ValidationError as error:
        return ComplaintProblem(id=reply_id, command=command.id, data=_invalid(_fields(error, "data.")))
    except Invalid as refusal:
        return ComplaintProblem(id=reply_id, command=command.id, data=_refused(refusal))
    message_id = f"channel:{uuid5(NAMESPACE_URL, f'{channel}|{command.id}')}"
    door = Door("partner", f"channel:{channel}", lane=lane, channel_name=channel)
    try:
        receipt = await take_in(desk, asking(desk.room, message_id), command.id, report, door)
    except (TooEarly, Unavailable):
        raise
    except Refusal as refusal:
        return ComplaintProblem(id=reply_id, command=command.id, data=_refused(refusal))
    return ComplaintReceipt(id=reply_id, command=command.id, data=receipt)


def _reply_id(channel: str, said: bytes) -> str:
    """The same for the same command, so that an answer that is sent twice can be told from two answers."""
    return str(uuid5(NAMESPACE_URL, f"reply|{channel}|{sha256(said).hexdigest()}"))


def _refused(refusal: Refusal) -> Problem:
    return Problem(slug=refusal.slug, detail=refusal.detail, errors=_blamed(refusal))


def _invalid(errors: tuple[FieldProblem, ...]) -> Problem:
    return Problem(slug="invalid", detail="Some fields are not as they must be.", errors=errors)


def _fields(error: ValidationError, within: str = "") -> tuple[FieldProblem, ...]:
    """What is wrong with which field; never what it held."""
    errors: Sequence[Any] = error.errors(include_input=False, include_context=False, include_url=False)
    return tuple(FieldProblem(field=f"{within}{_name(e['loc'])}", detail=_detail(e)) for e in errors[:_ERRORS_NAMED])


def _blamed(refusal: Refusal) -> tuple[FieldProblem, ...]:
    """The field that a refusal names, by its place in a command instead of in a request."""
    if refusal.field is None:
        return ()
    own = {IDEMPOTENCY_KEY: "id", "data": "data"}
    field = own.get(refusal.field, f"data.{refusal.field}")
    return (FieldProblem(field=field, detail=refusal.detail),)


def _name(location: Sequence[Any]) -> str:
    return ".".join(str(part)[:_NAME_SHOWN] for part in location) or "body"


def _detail(error: Any) -> str:
    if error["type"] == "json_invalid":
        return "The body is not valid JSON."
    return str(error["msg"]).removeprefix("Value error, ")


def _command_id(body: bytes) -> str | None:
    """The id of a command that is otherwise not as it must be, so that its sender knows which one was meant."""
    try:
        content = from_json(body)
    except ValueError:
        return None
    id_ = content.get("id") if isinstance(content, dict) else None
    return id_ if isinstance(id_, str) and re.fullmatch(COMMAND_ID, id_) else None
