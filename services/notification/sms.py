"""SMS over an HTTP gateway.

`POST /messages {"reference", "to", "text"}` answers 202 with `{"id"}`; `GET /messages?reference=…` answers
`{"messages": [{"reference", …}]}`. Whatever is neither a clear yes nor a clear no counts as unclear.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from services.notification.carrier import Answer, Letter

_LONGEST_WAIT = timedelta(days=1)
# Refusals that are about us or the moment, not about the message.
_BUSY = {401: "gateway_refuses_us", 403: "gateway_refuses_us", 408: "gateway_slow", 425: "throttled", 429: "throttled"}


class _Known(BaseModel):
    reference: str


class _Found(BaseModel):
    messages: list[_Known]


class SmsGateway:
    """The gateway at a URL. A call takes at most `seconds`."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: SecretStr, seconds: float) -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/messages"
        self._headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        self._seconds = seconds

    async def send(self, letter: Letter) -> Answer:
        content = {"reference": letter.reference, "to": letter.to, "text": letter.text}
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._http.post(self._url, json=content, headers=self._headers)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Answer("busy", "gateway_away")
        except (httpx.HTTPError, TimeoutError):
            return Answer("unclear", "gateway_slow")
        return _answer(response)

    async def knows(self, reference: str) -> bool | None:
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._http.get(self._url, params={"reference": reference}, headers=self._headers)
            if response.status_code != httpx.codes.OK:
                return None
            found = _Found.model_validate_json(response.content)
        except (httpx.HTTPError, TimeoutError, ValidationError):
            return None
        return any(message.reference == reference for message in found.messages)


def _answer(response: httpx.Response) -> Answer:
    status = response.status_code
    if response.is_success:
        return Answer("accepted")
    if status in _BUSY:
        return Answer("busy", _BUSY[status], _retry_after(response.headers.get("Retry-After", "")))
    if response.is_client_error:
        return Answer("refused", f"gateway_{status}")
    return Answer("unclear", f"gateway_{status}", _retry_after(response.headers.get("Retry-After", "")))


def _retry_after(text: str) -> timedelta:
    """The header's seconds or date as a time to wait, never less than nothing nor more than a day."""
    wait = timedelta(0)
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), _LONGEST_WAIT.total_seconds()))
    elif text:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return wait
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)
