"""HTTP: what a reporter reads with a tracking code, what the SMS gateway reports, and what staff may see."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from services.notification import delivery, queries, reporter
from services.notification.delivery import Receipt
from services.notification.message import MessageStatus
from services.notification.preferences import Preferences, Quiet
from services.notification.public_timeline import Tracked, Wishes
from services.notification.settings import settings_of
from shared.contracts.complaint import Language
from shared.contracts.envelope import UUID_PATTERN
from shared.contracts.notification import Medium
from shared.gate import Acting, Reach
from shared.http import Asking, ComplaintId, InRoom
from shared.quotas import Calling

router = APIRouter()


class CodeBody(BaseModel):
    """A tracking code as it stands on the receipt, however it was typed."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(max_length=200)
    language: Language | None = Field(default=None, description="the reporter's own where it is missing")


class PreferencesBody(Wishes):
    """A tracking code, and how its holder wants to be told."""

    code: str = Field(max_length=200)

    def preferences(self) -> Preferences:
        quiet = Quiet(self.quiet.start, self.quiet.until) if self.quiet else None
        return Preferences(self.channel, self.language, quiet, self.stopped)


class ReceiptBody(BaseModel):
    """What became of a message that the gateway had taken over."""

    model_config = ConfigDict(extra="forbid")
    reference: str = Field(pattern=UUID_PATTERN)
    status: Literal["delivered", "failed"]
    at: AwareDatetime


class SentMessage(BaseModel):
    """A message to a reporter, without its text and without the address."""

    model_config = ConfigDict(from_attributes=True)
    id: str
    recipient: str = Field(description="the complaint whose reporter it is for")
    medium: Medium
    template: str
    status: MessageStatus
    queued_at: datetime
    due: datetime | None
    settled_at: datetime | None
    attempts: int
    reason: str | None


class SentMessages(BaseModel):
    messages: list[SentMessage]


@router.post("/tracking", tags=["tracking"])
async def track(body: CodeBody, room: InRoom, caller: Calling) -> Tracked:
    """What the holder of a tracking code may know."""
    complaint, case = await reporter.found(room, caller, body.code)
    return await reporter.report(room, complaint, case, body.language)


@router.put("/tracking/preferences", tags=["tracking"])
async def choose(body: PreferencesBody, ask: Asking, caller: Calling) -> Wishes:
    """How the holder of a tracking code wants to be told from now on, in place of what was chosen before. It counts for
    every message that has not been sent yet."""
    complaint, case = await reporter.found(ask.room, caller, body.code)
    return Wishes.model_validate(await reporter.choose(ask, complaint, case, body.preferences()))


async def signed_by_gateway(request: Request, room: InRoom) -> bytes:
    """The body of a request that bears the gateway's signature."""
    body = await request.body()
    secret = settings_of(room).sms_callback_secret
    given = request.headers.get("X-Signature", "")
    if secret:
        wanted = hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(wanted.encode(), given.lower().encode()):
            return body
    raise HTTPException(401, "The signature is missing or wrong.")


_RECEIPT: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Signature",
            "in": "header",
            "description": "HMAC-SHA256 of the body, in hex",
            "required": True,
            "schema": {"type": "string"},
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ReceiptBody.model_json_schema()}}},
}


@router.post("/receipts/sms", status_code=204, tags=["gateway"], openapi_extra=_RECEIPT)
async def receive_receipt(body: Annotated[bytes, Depends(signed_by_gateway)], ask: Asking) -> None:
    """Take note of a delivery receipt. One that comes twice or late changes nothing."""
    try:
        receipt = ReceiptBody.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(_in_body(error)) from None
    complaint = await queries.case_of_message(ask.room, receipt.reference)
    told = Receipt(receipt.reference, receipt.status, receipt.at)
    await ask(complaint, told, delivery.receive_receipt, by="sms gateway")


def _in_body(error: ValidationError) -> Sequence[Any]:
    return [{**e, "loc": ("body", *e["loc"])} for e in error.errors(include_url=False, include_input=False)]


@router.get("/complaints/{complaint}/messages", tags=["staff"])
async def messages_of(
    complaint: ComplaintId, person: Acting, reach: Reach, room: InRoom, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> SentMessages:
    """What was sent about a complaint, when, and how it went; the newest first."""
    case = await queries.seen_by(room, complaint, person, reach)
    seen = await queries.messages_of(room, case, person, limit)
    return SentMessages(messages=[SentMessage.model_validate(message) for message in seen])
