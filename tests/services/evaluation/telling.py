"""Complaints as the running service hears of them, and reporters who hold their codes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import SecretStr
from uuid6 import uuid7

from services.evaluation.domain import Record
from services.evaluation.facts import fact_of
from services.evaluation.settings import settings_of
from shared import tracking
from shared.contracts.envelope import Envelope
from tests.services.evaluation.samples import investigated
from tests.support.room import Running, until

Headers = dict[str, str]


@dataclass
class Reporter:
    """A reporter with a tracking code."""

    complaint: str = field(default_factory=lambda: str(uuid7()))
    code: str = field(default_factory=lambda: tracking.encode(secrets.token_bytes(10)))

    def lookup(self, key: SecretStr) -> str:
        return tracking.lookup(self.code, key)


async def tell(evaluation: Running, messages: Sequence[Envelope[Any]]) -> None:
    """Publishes the events as their producers would, and waits till each has joined its record."""
    for message in messages:
        body = message.model_dump_json(serialize_as_any=True).encode()
        await evaluation.raw(body, message.type, message.lane, message.id)
    for subject in {message.subject for message in messages}:
        facts = (fact_of(message) for message in messages if message.subject == subject)
        kinds = {fact.kind for fact in facts if fact}

        async def joined(subject: str = subject, kinds: set[str] = kinds) -> bool:
            record = await stored(evaluation, subject)
            return record is not None and kinds <= {fact.kind for fact in record.facts}

        await until(joined, f"the record of {subject} holds {', '.join(sorted(kinds))}")


async def stored(evaluation: Running, complaint: str) -> Record | None:
    record: Record | None = (await evaluation.room.store("records").load([complaint]))[complaint].case
    return record


async def closed(evaluation: Running, **changes: Any) -> Reporter:
    """A reporter whose theft was investigated to its end."""
    reporter = Reporter()
    lookup = reporter.lookup(settings_of(evaluation.room).code_key)
    messages = investigated(reporter.complaint, **changes)
    first = messages[0].model_copy(update={"data": messages[0].data.model_copy(update={"tracking_lookup": lookup})})
    await tell(evaluation, [first, *messages[1:]])
    return reporter


async def answers(evaluation: Running, code: str, *values: int, **more: Any) -> httpx.Response:
    """The survey, answered."""
    body = {"code": code, "scores": {f"u{n}": value for n, value in enumerate(values or (3,) * 9, start=1)}, **more}
    return await evaluation.http.post("/tracking/survey", json=body)


async def objects(evaluation: Running, code: str, reason: str = "Saya belum puas.") -> httpx.Response:
    return await evaluation.http.post("/tracking/reopening", json={"code": code, "reason": reason})


async def got(evaluation: Running, path: str, headers: Headers) -> Any:
    answer = await evaluation.http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()
