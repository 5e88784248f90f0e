"""Sends what is due: claims it, attempts it, records what came of it. Any number of processes may do it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any
from uuid import uuid4

import httpx
from prometheus_client import Counter

from services.notification import delivery, queries
from services.notification.attempt import Carriers, attempt
from services.notification.carrier import Carrier
from services.notification.delivery import Claim, Result
from services.notification.domain import Correspondence
from services.notification.mail import MailServer
from services.notification.message import Message
from services.notification.settings import NotificationSettings, settings_of
from services.notification.sms import SmsGateway
from shared import telemetry
from shared.contracts.envelope import Command, Lane
from shared.contracts.notification import Medium
from shared.operation import Decide, Gather, Operation, Outcome
from shared.room import Room
from shared.store import Document

AT_ONCE = 10  # complaints whose messages one round has under way
RECORD_AGAIN_SECONDS = (0.5, 2.0, 8.0)

ATTEMPTS = Counter("aduan_message_attempts_total", "Attempts to reach a reporter", ["medium", "verdict"])
GIVEN_UP = Counter("aduan_messages_given_up_total", "Messages to reporters that failed for good", ["medium", "reason"])


async def send_due(room: Room, *, lane: Lane, medium: Medium) -> None:
    """One round over what is due in a lane by a medium. When it is stopped it begins no more but finishes what is under
    way, since an attempt whose result is lost costs an inquiry, and a mail its certainty."""
    documents = await queries.due(room, lane, medium, room.clock())
    if not documents:
        return
    stopping = asyncio.Event()
    sending = asyncio.ensure_future(_send(room, medium, documents, stopping))
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        stopping.set()
        await sending
        raise


async def _send(room: Room, medium: Medium, documents: list[Document[Correspondence]], stopping: asyncio.Event) -> None:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def send_in_turn(document: Document[Correspondence], carriers: Carriers) -> None:
        # What is claimed must be attempted at once, before its lease ends; so it is claimed only when its turn comes.
        async with at_once:
            if not stopping.is_set():
                await _send_for(room, carriers, medium, document)

    async with open_carriers(settings_of(room)) as carriers:
        ends = await asyncio.gather(
            *(send_in_turn(document, carriers) for document in documents), return_exceptions=True
        )
    for document, end in zip(documents, ends, strict=True):
        if isinstance(end, BaseException):
            telemetry.log.warning("sending_failed", complaint=document.id, error=type(end).__name__)


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that are trusted. Reading them holds the event loop up for some 20 ms, so it is done once."""
    return httpx.create_ssl_context()


@asynccontextmanager
async def open_carriers(settings: NotificationSettings) -> AsyncIterator[Carriers]:
    """The carriers that the settings name, for as long as the context lasts."""
    carriers: dict[Medium, Carrier] = {}
    seconds = settings.send_seconds
    async with httpx.AsyncClient(verify=_trust(), timeout=seconds, limits=httpx.Limits(max_connections=None)) as http:
        if settings.sms_url:
            carriers["sms"] = SmsGateway(http, settings.sms_url, settings.sms_token, seconds)
        if settings.smtp_host:
            carriers["email"] = MailServer(
                settings.smtp_host,
                settings.smtp_port,
                settings.mail_from,
                seconds=seconds,
                tls=settings.smtp_tls,
                user=settings.smtp_user,
                password=settings.smtp_password,
            )
        yield carriers


async def _send_for(room: Room, carriers: Carriers, medium: Medium, document: Document[Correspondence]) -> None:
    """Claims the due messages of one complaint and attempts those that nobody else has claimed first."""
    if document.case is None:
        return
    claim = str(uuid4())
    decide = partial(_decide, room, document.id, document.case.lane)
    claimed = await decide(f"claim:{claim}", Claim(claim, medium), delivery.claim, partial(queries.wishes, room))
    case: Correspondence = claimed.case
    _note_failures(document.case.messages, case.messages)
    mine = [message for message in case.messages if message.claim == claim and message.status == "attempting"]
    recipients = await room.store().load({message.recipient for message in mine})

    async def settle(message: Message) -> None:
        answer = await attempt(room, carriers, message, recipients[message.recipient].case)
        if answer:
            ATTEMPTS.labels(medium, answer.verdict).inc()
            result = Result(message.id, claim, answer.verdict, answer.reason, answer.wait)
            recorded = await _record(decide, result)
            _note_failures([message], recorded.case.messages)

    ends = await asyncio.gather(*(settle(message) for message in mine), return_exceptions=True)
    for message, end in zip(mine, ends, strict=True):
        if isinstance(end, BaseException):
            # The lease ends by itself, and whoever looks then asks the other side.
            telemetry.log.warning("attempt_lost", message=message.id, error=type(end).__name__)


async def _decide(
    room: Room,
    complaint: str,
    lane: Lane,
    command_id: str,
    data: Any,
    decision: Decide,
    gather: Gather | None = None,
) -> Outcome:
    settings = settings_of(room)
    command = Command(command_id, complaint, settings.polres, data, lane=lane)
    return await room.unit().submit(Operation(command, partial(decision, settings.policy()), complaint, gather))


async def _record(decide: Callable[[str, Any, Decide], Awaitable[Outcome]], result: Result) -> Outcome:
    """Commits a result, trying again while the database is away. Raises what kept it from being committed."""
    name = f"result:{result.message}:{result.claim}"
    for seconds in RECORD_AGAIN_SECONDS:
        try:
            return await decide(name, result, delivery.report)
        except Exception as error:
            telemetry.log.warning("result_not_recorded", message=result.message, error=type(error).__name__)
            await asyncio.sleep(seconds)
    return await decide(name, result, delivery.report)


def _note_failures(before: Iterable[Message], after: Iterable[Message]) -> None:
    statuses = {message.id: message.status for message in before}
    for message in after:
        if message.status == "failed" and statuses.get(message.id, "failed") != "failed":
            GIVEN_UP.labels(message.medium, message.reason).inc()
            telemetry.log.error("message_given_up", message=message.id, medium=message.medium, reason=message.reason)
