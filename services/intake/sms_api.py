"""The SMS gateway's door: it hands in each message that it got, and sends the answer's text back as an SMS."""

import hashlib
import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError

from services.intake import sms
from services.intake.access import AtDesk
from services.intake.reports import Strictly
from shared.text import clean

router = APIRouter(prefix="/channels", tags=["gateway"])


class InboundSms(Strictly):
    """A message that somebody sent to the office's number."""

    id: str = Field(min_length=1, max_length=100, description="the gateway's own; the same for a second delivery")
    number: str = Field(alias="from", pattern=r"^\+[1-9][0-9]{6,14}$")
    text: Annotated[str, StringConstraints(max_length=1600), AfterValidator(clean)]


class SmsReply(BaseModel):
    """What the gateway is to send to the number; null for nothing."""

    reply: str | None


async def signed_by_gateway(request: Request, desk: AtDesk) -> bytes:
    """The body of a request that bears the gateway's signature."""
    body = await request.body()
    secret = desk.settings.sms_callback_secret
    given = request.headers.get("X-Signature", "")
    if secret:
        wanted = hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(wanted.encode(), given.lower().encode()):
            return body
    raise HTTPException(401, "The signature is missing or wrong.")


_SIGNED: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Signature",
            "in": "header",
            "description": "HMAC-SHA256 of the body, in hex",
            "required": True,
            "schema": {"type": "string"},
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": InboundSms.model_json_schema()}}},
}


@router.post("/sms", openapi_extra=_SIGNED)
async def receive_sms(body: Annotated[bytes, Depends(signed_by_gateway)], desk: AtDesk) -> SmsReply:
    """Take in an SMS. Delivered a second time it has no second effect, and the same reply if it was the latest."""
    try:
        message = InboundSms.model_validate_json(body)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in errors]) from None
    return SmsReply(reply=await sms.receive(desk, message.id, message.number, message.text))
