"""What a story needs: the services' addresses, people who may act, and eyes for what has come of it."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import aio_pika
import httpx

from deploy.broker import channel_user
from deploy.demo.sealed_command import sealed_command
from deploy.demo.signing_in import CannotSignIn, EmbeddedProvider, SignIn
from deploy.local.layout import OPEN311_CLIENT, ROOT
from deploy.local.state import State
from shared.contracts.envelope import Person
from shared.topology import SUBMISSIONS_EXCHANGE, agency_user, replies_queue

OFFICE = "polres-sukamaju"
_OFFICER = "Officer"  # stands in headers for the token, until somebody has signed in
PATIENCE = 30.0  # seconds that a story waits for one thing to come about


class StoryFailed(Exception):
    """A story did not go on as it should. Says where it stood still."""


@dataclass
class Report:
    """A report that was taken in, as its reporter knows it."""

    id: str
    register_number: str
    tracking_code: str = field(repr=False)


class Stage:
    """The running system, seen from outside."""

    def __init__(self, state: State, sign_in: SignIn | None = None) -> None:
        self._state = state
        # A service closes a connection that is silent for 5 s, and one must not be used at that very moment.
        self._http = httpx.AsyncClient(timeout=30, limits=httpx.Limits(keepalive_expiry=2))
        self._sign_in = sign_in or EmbeddedProvider(state.environment, state.url("identity"))
        self._officers: dict[str, Person] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    def officer(self, name: str, *roles: str, units: tuple[str, ...] = ()) -> dict[str, str]:
        """The headers of an officer of this office who has these roles, and signs in with the first request."""
        person = Person(name, frozenset(roles), frozenset({OFFICE, *units}))
        key = f"{name}: {', '.join(sorted({*roles, *units}))}"
        self._officers[key] = person
        return {_OFFICER: key, "Access-Reason": "handling the case"}

    async def enrol(self) -> None:
        """Puts the sample office's people and patrols on the rosters, as its administrator would."""
        administrator = self.officer("administrator-1", "administrator")
        for service, file in (("investigation", "roster.json"), ("mediation", "village_officers.json")):
            for kind, people in json.loads((ROOT / "deploy" / "samples" / file).read_text()).items():
                for person in people:
                    entry = {name: value for name, value in person.items() if name != "id"}
                    await self.call(service, "PUT", f"/{kind}/{person['id']}", entry, administrator)

    async def call(
        self, service: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """An answer's content. Raises StoryFailed with the problem that a service answered."""
        url = f"{self._state.url(service)}{path}"
        sent = {**(headers or {})} if method == "GET" else {"Idempotency-Key": str(uuid4()), **(headers or {})}
        if officer := sent.pop(_OFFICER, None):
            sent["Authorization"] = f"Bearer {await self._token(officer)}"
        answer = await self._http.request(method, url, json=body, headers=sent)
        if answer.status_code >= 400:
            raise StoryFailed(f"{method} {service}{path} → {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else None

    async def _token(self, officer: str) -> str:
        try:
            return await self._sign_in.token(self._officers[officer])
        except (CannotSignIn, httpx.HTTPError) as error:
            raise StoryFailed(f"{officer} cannot sign in: {error!r}") from error

    async def get(self, service: str, path: str, headers: dict[str, str] | None = None) -> Any:
        return await self.call(service, "GET", path, headers=headers)

    async def post(self, service: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        return await self.call(service, "POST", path, body or {}, headers)

    async def report(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Report:
        receipt = await self.post("intake", path, body, headers)
        return Report(receipt["id"], receipt["register_number"], receipt["tracking_code"])

    async def track(self, report: Report) -> Any:
        """What the reporter sees with the tracking code."""
        return await self.post("notification", "/tracking", {"code": report.tracking_code})

    async def tracked(self, report: Report, *keys: str) -> Any:
        """Waits till the reporter's timeline holds all these entries."""

        async def shown() -> Any:
            try:
                tracking = await self.track(report)
            except StoryFailed:
                return None
            return tracking if set(keys) <= {entry["key"] for entry in tracking["timeline"]} else None

        return await self.until(shown, f"the reporter sees {', '.join(keys)}")

    async def phone_writes(self, number: str, text: str) -> str | None:
        """What a phone gets back at once for an SMS to the office."""
        token = {"Authorization": f"Bearer {self._state.environment['ADUAN_SMS_TOKEN']}"}
        answer = await self.post("sms_gateway", "/inbound", {"from": number, "text": text}, token)
        reply: str | None = answer["text"] if answer else None
        return reply

    async def app_files(self, fields: dict[str, str]) -> Any:
        """What a third party's app is answered when it posts a request to Open311."""
        key = json.loads(self._state.environment["ADUAN_OPEN311_KEYS"])[OPEN311_CLIENT]
        url = f"{self._state.url('intake')}/open311/v2/requests.json"
        answer = await self._http.post(url, data={"api_key": key, **fields})
        if answer.status_code >= 400:
            raise StoryFailed(f"POST open311 → {answer.status_code} {answer.text[:300]}")
        (request,) = answer.json()
        return request

    async def sms(self, number: str) -> list[str]:
        """What reached a phone."""
        token = {"Authorization": f"Bearer {self._state.environment['ADUAN_SMS_TOKEN']}"}
        listed = await self.get("sms_gateway", "/messages", token)
        return [message["text"] for message in listed["messages"] if message["to"] == number]

    async def mails(self, address: str) -> list[str]:
        """What reached a mailbox."""
        listed = await self.get("mailbox", "/messages")
        return [f"{mail['subject']}\n{mail['text'].strip()}" for mail in listed if address in mail["to"]]

    async def until(self, look: Callable[[], Awaitable[Any]], what: str) -> Any:
        """Waits till looking gives something. Raises StoryFailed."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            found = await look()
            if found:
                return found
            if asyncio.get_running_loop().time() > deadline:
                raise StoryFailed(f"not within {PATIENCE:.0f} s: {what}")
            await asyncio.sleep(0.1)

    async def found(self, service: str, path: str, headers: dict[str, str], when: Callable[[Any], bool] = bool) -> Any:
        """Waits till an officer finds the page, and on it what the story waits for."""

        async def look() -> Any:
            try:
                page = await self.get(service, path, headers)
            except StoryFailed:
                return None
            return page if when(page) else None

        return await self.until(look, f"{service}{path}")

    @asynccontextmanager
    async def agency(self, name: str, accepts: str = "*") -> AsyncIterator[None]:
        """The example subscriber as this agency runs it: a process of its own, with its own credentials alone."""
        password = json.loads(self._state.environment["ADUAN_AGENCY_PASSWORDS"])[name]
        parts = urlsplit(self._state.environment["ADUAN_AMQP_URL"])
        place = f"{agency_user(name)}:{password}@{parts.hostname}:{parts.port}"
        environment = {
            "PATH": os.environ["PATH"],
            "AGENCY_NAME": name,
            "AGENCY_AMQP_URL": urlunsplit(parts._replace(netloc=place)),
            "AGENCY_ACCEPTS": accepts,
        }
        program = str(ROOT / "examples" / "agency" / "subscriber.py")
        process = await create_subprocess_exec(
            sys.executable, program, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
        try:
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def submit_over_broker(self, channel: str, reports: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Publishes reports by their commands' ids as a partner channel, with its own restricted user, and reads the
        replies."""
        keys = await self.call("intake", "GET", "/channels/keys")
        commands = [sealed_command(keys, id_, report) for id_, report in reports.items()]
        password = json.loads(self._state.environment["ADUAN_CHANNEL_PASSWORDS"])[channel]
        parts = urlsplit(self._state.environment["ADUAN_AMQP_URL"])
        place = f"{channel_user(channel)}:{password}@{parts.hostname}:{parts.port}"
        replies: list[dict[str, Any]] = []
        async with (
            await aio_pika.connect(urlunsplit(parts._replace(netloc=place))) as connection,
            connection.channel(publisher_confirms=True, on_return_raises=True) as broker,
        ):
            exchange = await broker.get_exchange(SUBMISSIONS_EXCHANGE, ensure=False)
            queue = await broker.get_queue(replies_queue(channel), ensure=False)
            for command in commands:
                body = json.dumps(command).encode()
                await exchange.publish(
                    aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT), f"{channel}.submit.normal"
                )
            async with asyncio.timeout(PATIENCE), queue.iterator() as messages:
                async for message in messages:
                    await message.ack()
                    reply = json.loads(message.body)
                    if reply["command"] in reports:
                        replies.append(reply)
                    if len(replies) == len(commands):
                        break
        return replies
