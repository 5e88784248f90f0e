"""What a test does at the classifiers' desk: complaints come in, officers ask, the queue is read."""

from typing import Any

import httpx
from uuid6 import uuid7

from shared import telemetry
from shared.contracts.envelope import Event, Lane
from shared.contracts.verification import ComplaintVerified
from tests.services.classification.samples import GIBBERISH, sealed_report
from tests.support.room import Running, until

Headers = dict[str, str]
ABSENT = {
    "type": "urn:aduan:problem:not_found",
    "title": "Not Found",
    "status": 404,
    "detail": "There is no such complaint.",
}


async def tell(
    classification: Running, text: str, subject: str | None = None, lane: Lane = "normal", **changes: Any
) -> str:
    """A complaint that tells this was verified. Returns its id."""
    subject = subject or str(uuid7())
    report = sealed_report(classification.vault, subject, text, **changes)
    await classification.hear(ComplaintVerified(report=report), subject, lane=lane, sequence=2)
    return subject


async def waiting(classification: Running, officer: Headers, text: str = GIBBERISH, **changes: Any) -> str:
    """A complaint that stands in the review queue."""
    subject = await tell(classification, text, **changes)
    await until(lambda: row(classification, subject), f"{subject} taken in")
    return subject


async def row(classification: Running, subject: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await classification.room.store().collection.find_one({"_id": subject})
    return found


async def settled(classification: Running, event: type[Event], subject: str) -> dict[str, Any]:
    """The stored complaint once what it says has left its outbox too."""
    await classification.says(event, subject)

    async def published() -> dict[str, Any] | None:
        found = await row(classification, subject)
        return found if found and not found["outbox"] else None

    found: dict[str, Any] = await until(published, f"outbox of {subject} empty")
    return found


def told(classification: Running, event: type[Event], subject: str) -> int:
    """How many such events it has said of a complaint. The same one may go out twice, with the same id."""
    return len({said.id for said in classification.of(event, subject)})


def handled(wire: str, outcome: str = "done", lane: str = "normal") -> float:
    """How many messages of this type ended so, since this process runs."""
    return float(telemetry.MESSAGES.labels(f"classification.{lane}", wire, outcome)._value.get())


async def ask(
    classification: Running, officer: Headers, subject: str, act: str, body: dict[str, Any], **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await classification.http.post(f"/complaints/{subject}/{act}", json=body, headers=officer | named)


async def queue(classification: Running, officer: Headers) -> list[dict[str, Any]]:
    response = await classification.http.get("/worklist", params={"limit": 200}, headers=officer)
    assert response.status_code == 200, response.text
    listed: list[dict[str, Any]] = response.json()
    return listed


def fields(response: httpx.Response) -> list[str]:
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return [error["field"] for error in response.json()["errors"]]


async def listed(classification: Running, officer: Headers, subject: str) -> bool:
    return subject in [entry["complaint"] for entry in await queue(classification, officer)]
