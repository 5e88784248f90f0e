"""Which decision each event leads to, and the door for agencies that answer over the broker.

An agency is known by the routing key, which the broker lets each agency's user write for itself alone, and never by
anything that the sender says. What can be laid to no agency is parked.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aio_pika.abc import AbstractIncomingMessage
from pydantic import ValidationError
from pydantic_core import from_json

from services.referral import facts
from services.referral.agencies import Agency
from services.referral.case import Procedure
from services.referral.courier import send_over_broker
from services.referral.knowledge import Knowledge
from services.referral.letters import Letter
from services.referral.replies import REPLY, Desk, problem_of
from services.referral.settle import hearing
from shared.clock import wake
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import LANES, instant
from shared.contracts.intake import COMMAND_ID, ComplaintSupplemented, ComplaintWithdrawn, FieldProblem, Problem
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.refusals import Invalid, Refusal, TooEarly, Unavailable
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from shared.handlers import On
from shared.retries import ATTEMPT, Receive, first_published
from shared.room import Room
from shared.told import earlier
from shared.topology import AGENCY_REPLIES_EXCHANGE, agency_user

ATTRIBUTE = "cloudEvents:"


def handlers(procedure: Procedure, knowledge: Knowledge) -> Sequence[On]:
    """The events that referral hears."""
    learning: list[tuple[type, facts.Learn]] = [
        (ComplaintClassified, facts.classified),
        (ComplaintReclassified, facts.reclassified),
        (ComplaintLinked, facts.joined),
        (ComplaintSupplemented, facts.supplemented),
        (ComplaintWithdrawn, facts.withdrawn),
        (ComplaintRejected, facts.rejected),
        (ConductConflictFound, facts.named),
    ]
    heard = [On(event, hearing(procedure, learn), knowledge.gather) for event, learn in learning]
    return [*heard, On(ComplaintLinked, hearing(procedure, facts.named, earlier), knowledge.gather, earlier)]


async def wake_cases(procedure: Procedure, knowledge: Knowledge, room: Room) -> int:
    """Lets every case act whose timer has run out."""
    return await wake(room.unit(), hearing(procedure, facts.nothing_new), room.clock(), knowledge.gather)


def receive(desk: Desk, events: Receive) -> Receive:
    """Receives answers of agencies; every other message goes on to `events`."""

    async def receive_any(message: AbstractIncomingMessage) -> None:
        exchange, key = first_published(message)
        if exchange != AGENCY_REPLIES_EXCHANGE:
            await events(message)
            return
        agency = await _sender(desk, key, message.user_id)
        problem = await _problem(desk, agency, message)
        if problem:
            # Told before the answer is acknowledged: a crash in between brings it back, and its problem with it.
            correlation = message.correlation_id or _attribute(message.headers, "id") or message.message_id
            await send_over_broker(desk.room, agency.slug, _letter(desk, message, problem), correlation)

    return receive_any


async def _sender(desk: Desk, key: str, user_id: str | None) -> Agency:
    slug, _, verb_and_lane = key.partition(".")
    found = await desk.knowledge.registry.find(slug)
    if found is None or verb_and_lane not in {f"reply.{lane}" for lane in LANES}:
        raise Invalid("unknown_agency", "The routing key is not that of an agency in the registry.", "routing_key")
    # The broker checks this property against the connection, so one that differs is not the agency's.
    if user_id is not None and user_id != agency_user(slug):
        raise Invalid("wrong_user", "The message was written by another user than the agency's.", "user_id")
    return found[0]


async def _problem(desk: Desk, agency: Agency, message: AbstractIncomingMessage) -> Problem | None:
    """Why nothing came of an answer; None where it is recorded."""
    limit = desk.room.settings.body_limit
    if len(message.body) > limit:
        return Problem(slug="too_large", detail=f"An answer may have {limit} bytes at most.")
    try:
        data = from_json(message.body or b"{}")
    except ValueError:
        body = FieldProblem(field="body", detail="The body is not valid JSON.")
        return Problem(slug="invalid", detail="Some fields are not as they must be.", errors=(body,))
    attributes = {name: _attribute(message.headers, name) for name in ("specversion", "id", "type")}
    try:
        reply = REPLY.validate_python({k: v for k, v in attributes.items() if v is not None} | {"data": data})
    except ValidationError as error:
        return problem_of(error)
    try:
        again = bool(message.redelivered or message.headers.get(ATTEMPT))
        await desk.take_in(agency, reply, redelivered=again)
    except (TooEarly, Unavailable):
        raise
    except Refusal as refusal:
        fields = (FieldProblem(field=f"data.{refusal.field}", detail=refusal.detail),) if refusal.field else ()
        return Problem(slug=refusal.slug, detail=refusal.detail, errors=fields)
    return None


def _letter(desk: Desk, message: AbstractIncomingMessage, problem: Problem) -> Letter:
    told = message.message_id, _attribute(message.headers, "id"), sha256(message.body).hexdigest()
    # The same for the same message, so that a problem that is told twice can be told from two problems.
    id_ = str(uuid5(NAMESPACE_URL, f"problem|{told}|{problem.slug}"))
    answered = _attribute(message.headers, "id")
    known = answered if answered and re.fullmatch(COMMAND_ID, answered) else None
    data = {"reply": known, **problem.model_dump(mode="json")}
    return Letter(id_, "referral.problem.v1", known or "", instant(desk.room.clock()), "normal", data)


def _attribute(headers: Mapping[str, Any], name: str) -> str | None:
    value = headers.get(f"{ATTRIBUTE}{name}")
    return value if isinstance(value, str) else None
