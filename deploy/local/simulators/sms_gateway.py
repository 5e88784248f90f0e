"""An SMS gateway: takes messages over HTTP, answers questions about them, sends delivery receipts, hands in what phones
send to the office and sends them the answers.

`python -m deploy.local.simulators.sms_gateway --port 18090 [--callback URL] [--inbound URL] [--dedupe]`, with the token
and the secret in the environment. It keeps what it was given in memory, since it stands for another firm's system; it
can be told to misbehave as real ones do.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal

import httpx
import uvicorn
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from uuid6 import uuid7

Receipts = Literal["normal", "late", "twice", "failed", "never"]


class Outbound(BaseModel):
    """A message to be sent. `reference` is the client's own, by which it can ask later."""

    model_config = ConfigDict(extra="forbid")
    reference: str = Field(min_length=1, max_length=100)
    to: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    text: str = Field(min_length=1, max_length=1600)


class Taken(Outbound):
    id: str
    at: datetime


class Inbound(BaseModel):
    """What a phone sends to the office."""

    model_config = ConfigDict(extra="forbid")
    number: str = Field(alias="from", pattern=r"^\+[1-9][0-9]{6,14}$")
    text: str = Field(max_length=1600)


class Messages(BaseModel):
    messages: list[Taken]


class Behaviour(BaseModel):
    """How it behaves from now on. `busy` and `vanish` count down: so many requests are answered so."""

    model_config = ConfigDict(extra="forbid")
    delay: float = Field(default=0, ge=0, le=120, description="seconds before every answer")
    busy: int = Field(default=0, ge=0, description="answers 429 and takes nothing")
    retry_after: int = Field(default=1, ge=0, description="seconds, said with a 429")
    vanish: int = Field(default=0, ge=0, description="takes the message but never answers")
    refuse: int = Field(default=0, ge=0, description="answers 400 and takes nothing")
    receipts: Receipts = "normal"


@dataclass
class Gateway:
    token: str
    callback: str | None = None
    inbound: str | None = None
    secret: str = ""
    dedupe: bool = False
    behaviour: Behaviour = field(default_factory=Behaviour)
    taken: list[Taken] = field(default_factory=list)
    receipts: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, message: Outbound) -> Taken:
        """Takes a message over, or misbehaves as told."""
        behaviour = self.behaviour
        await asyncio.sleep(behaviour.delay)
        if behaviour.busy > 0:
            behaviour.busy -= 1
            raise HTTPException(429, "slow down", {"Retry-After": str(behaviour.retry_after)})
        if behaviour.refuse > 0:
            behaviour.refuse -= 1
            raise HTTPException(400, "this number is not served")
        known = next((taken for taken in self.taken if taken.reference == message.reference), None)
        if self.dedupe and known:
            return known
        taken = Taken(**message.model_dump(), id=str(uuid7()), at=datetime.now(UTC))
        self.taken.append(taken)
        if self.callback:
            task = asyncio.create_task(self._send_receipts(taken))
            self.receipts.add(task)
            task.add_done_callback(self.receipts.discard)
        if behaviour.vanish > 0:
            behaviour.vanish -= 1
            await asyncio.sleep(120)
        return taken

    async def _send_receipts(self, taken: Taken) -> None:
        how = self.behaviour.receipts
        if how == "never":
            return
        await asyncio.sleep(5 if how == "late" else 0.2)
        status = "failed" if how == "failed" else "delivered"
        body = json.dumps(
            {"reference": taken.reference, "status": status, "at": datetime.now(UTC).isoformat()}
        ).encode()
        for _ in range(2 if how == "twice" else 1):
            await self._hand_in(self.callback or "", body)

    async def carry(self, message: Inbound) -> Taken | None:
        """Hands a phone's message in and sends the answer back to it, if there is one."""
        id_ = str(uuid7())
        body = json.dumps({"id": id_, "from": message.number, "text": message.text}).encode()
        answer = await self._hand_in(self.inbound or "", body)
        if answer is None or not answer.is_success:
            raise HTTPException(502, "the office does not take the message")
        reply = answer.json()["reply"]
        if reply is None:
            return None
        return await self.take(Outbound(reference=f"reply-{id_}", to=message.number, text=reply))

    async def _hand_in(self, url: str, body: bytes) -> httpx.Response | None:
        """Posts until somebody answers, as real ones do."""
        signature = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Signature": signature, "Content-Type": "application/json"}
        async with httpx.AsyncClient(timeout=5) as client:
            for attempt in range(5):
                try:
                    answer = await client.post(url, content=body, headers=headers)
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code < 500:
                    return answer
                await asyncio.sleep(2**attempt)
        return None


def create_gateway(gateway: Gateway) -> FastAPI:
    app = FastAPI(title="SMS gateway")
    Bearer = Annotated[str, Header(alias="Authorization")]

    def check(authorization: str) -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {gateway.token}".encode()):
            raise HTTPException(401, "unknown client")

    @app.post("/messages", status_code=202)
    async def send(message: Outbound, authorization: Bearer = "") -> Taken:
        check(authorization)
        return await gateway.take(message)

    @app.get("/messages")
    async def look_up(reference: str | None = None, authorization: Bearer = "") -> Messages:
        """What was taken: all of it, or what has the client's reference."""
        check(authorization)
        await asyncio.sleep(gateway.behaviour.delay)
        return Messages(messages=[taken for taken in gateway.taken if reference in (None, taken.reference)])

    @app.post("/inbound")
    async def phone_sends(message: Inbound, authorization: Bearer = "") -> Taken | None:
        """A phone writes to the office; the answer is what it gets back."""
        check(authorization)
        return await gateway.carry(message)

    @app.post("/behaviour")
    async def behave(behaviour: Behaviour) -> Behaviour:
        gateway.behaviour = behaviour
        return behaviour

    return app


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--callback", help="where receipts go")
    arguments.add_argument("--inbound", help="where what phones send goes")
    arguments.add_argument("--dedupe", action="store_true", help="take a reference once")
    given = arguments.parse_args()
    secret = os.environ.get("ADUAN_SMS_CALLBACK_SECRET", "")
    gateway = Gateway(os.environ["ADUAN_SMS_TOKEN"], given.callback, given.inbound, secret, given.dedupe)
    uvicorn.run(create_gateway(gateway), host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
