"""Brings agencies what they must be told, at least once, each agency by itself so that none waits for another.

A notice is claimed, handed over with the broker's confirm or a 2xx, and then taken out of its case. After a crash in
between it goes out again under the same id. Any number of processes may do this.
"""

import asyncio
from typing import Literal
from uuid import uuid4

from aio_pika.exceptions import AMQPError
from prometheus_client import Counter

from services.referral import notices, queries
from services.referral.agencies import Agency
from services.referral.case import Case, Delivery, Known
from services.referral.knowledge import Knowledge
from services.referral.letters import Letter, write
from services.referral.notices import Claim, Result
from services.referral.settings import settings_of
from services.referral.webhooks import Webhooks
from shared import telemetry
from shared.contracts.envelope import Command
from shared.contracts.refusals import Unavailable
from shared.operation import Decide, Operation
from shared.room import Room
from shared.sealing import Unsealable
from shared.topology import referrals_queue

POLL_SECONDS = 0.5
DELIVERIES = Counter("aduan_agency_deliveries_total", "Attempts to tell an agency", ["agency", "outcome"])


async def deliver(knowledge: Knowledge, room: Room) -> None:
    """Runs as long as the service: a round for each agency that has none under way, again and again."""
    rounds: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            agencies = await knowledge.registry.all()
            known = Known(agencies)
            for agency in agencies:
                last = rounds.get(agency.slug)
                if last is None or last.done():
                    rounds[agency.slug] = asyncio.create_task(_round(knowledge, room, agency, known))
            await asyncio.sleep(POLL_SECONDS)
    finally:
        for task in rounds.values():
            task.cancel()
        await asyncio.gather(*rounds.values(), return_exceptions=True)


async def _round(knowledge: Knowledge, room: Room, agency: Agency, known: Known) -> None:
    """Delivers what is due to one agency, the oldest first, until all is out or one fails."""
    try:
        went_on = True
        while went_on:
            went_on = False
            for document in await queries.undelivered(room, agency.slug):
                outcome = await _deliver_next(knowledge, room, agency, document.id, document.case, known)
                if outcome == "failed":
                    return
                went_on = went_on or outcome == "sent"
    except Exception as error:
        telemetry.log.warning("delivery_failed", agency=agency.slug, error=type(error).__name__)


async def _deliver_next(
    knowledge: Knowledge, room: Room, agency: Agency, complaint: str, found: Case | None, known: Known
) -> Literal["sent", "failed", "elsewhere"]:
    """What became of the first notice of a case; `elsewhere` means that another process is at it."""
    if found is None:
        return "elsewhere"
    name = str(uuid4())
    case = await _decide(room, complaint, found, f"claim:{name}", Claim(name, agency.slug), notices.claim)
    mine = next((delivery for delivery in case.deliveries if delivery.claim == name), None)
    if mine is None:
        return "elsewhere"
    failure = await _attempt(knowledge, room, agency, complaint, case, mine, known)
    DELIVERIES.labels(agency.slug, "failed" if failure else "sent").inc()
    if failure:
        telemetry.log.warning("agency_not_told", agency=agency.slug, referral=mine.number, reason=failure)
    result = Result(mine.id, name, failure, ours=agency.transport == "broker")
    await _decide(room, complaint, case, f"told:{name}", result, notices.report)
    return "failed" if failure else "sent"


async def _attempt(
    knowledge: Knowledge, room: Room, agency: Agency, complaint: str, case: Case, mine: Delivery, known: Known
) -> str | None:
    try:
        letter = write(room.vault, complaint, case, mine, known)
    except Unsealable:
        telemetry.log.error("narrative_unreadable", complaint=complaint)
        return "narrative_unreadable"
    if agency.transport == "webhook" and agency.url:
        entry = await knowledge.registry.find(agency.slug)
        return await Webhooks(settings_of(room)).send(agency.url, entry[1], letter) if entry else "no_secret"
    try:
        await send_over_broker(room, agency.slug, letter)
    except (Unavailable, AMQPError) as error:
        return error.slug if isinstance(error, Unavailable) else "no_queue"
    return None


async def send_over_broker(room: Room, agency: str, letter: Letter, correlation_id: str | None = None) -> None:
    """Puts a letter on the agency's queue as a CloudEvent in binary mode. Returns once the broker has confirmed it."""
    await room.bus.send(
        referrals_queue(agency),
        letter.body(),
        message_id=letter.id,
        type_=letter.type,
        correlation_id=correlation_id,
        headers={f"cloudEvents:{name}": value for name, value in letter.attributes().items()},
    )


async def _decide(room: Room, complaint: str, case: Case, id_: str, data: Claim | Result, decision: Decide) -> Case:
    command = Command(id_, complaint, case.polres, data, lane=case.lane)
    outcome = await room.unit().submit(Operation(command, decision, complaint))
    settled: Case = outcome.case
    return settled
