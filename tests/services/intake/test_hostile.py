"""What is no report, by the route that anybody may use, on real servers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.services.intake.samples import report
from tests.services.intake.test_service import count, fields
from tests.support.room import Running


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b'{"channel":"web","what":"\xff"}', 422),
        (b'{"channel":"web","what":"\\ud800"}', 422),
        (b'{"channel":"web","what":"x","\\ud800":1}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":NaN,"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":-Infinity,"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":1e999,"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":' + b"9" * 4_000 + b',"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":{"lat":' + b"9" * 5_000 + b',"lon":1}}', 422),
        (b'{"channel":"web","what":"x","where":' + b"[" * 500 + b"]" * 500 + b"}", 422),
        (b'{"channel":"web","what":' + b"[" * 30_000 + b"]" * 30_000 + b"}", 422),
        (b'{"channel":"web","what":"x","what":{"$ne":1}}', 422),
        (b'{"channel":"web","what":"a\\u0000b"}', 422),
        (b'{"channel":"web","what":"' + b"x" * 70_000 + b'"}', 413),
    ],
)
async def test_a_hostile_body_is_a_problem_of_its_sender_and_nothing_is_stored(
    intake: Running, body: bytes, status: int
) -> None:
    before = await count(intake)
    response = await intake.http.post("/complaints", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    assert fields(response) or status == 413
    assert await count(intake) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": {"$ne": ""}}, "what"),
        ({"surprise": 1}, "surprise"),
        ({"reporter": {"nik": 5}}, "reporter.nik"),
        ({"where": {"lat": 1}}, "where"),
        ({"when": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "when"),
        ({"attachments": [f"00000000-0000-4000-8000-{n:012}" for n in range(11)]}, "attachments"),
        ({"attachments": [str(uuid4())]}, "attachments"),
    ],
)
async def test_a_wrong_field_is_named_and_its_value_is_not(
    intake: Running, changes: dict[str, Any], field: str
) -> None:
    before = await count(intake)
    response = await intake.http.post("/complaints", json=report(**changes))
    assert (response.status_code, fields(response)) == (422, [field])
    assert "Canary" not in response.text
    assert await count(intake) == before


async def test_a_body_that_grows_without_end_is_cut_off(intake: Running) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 50_000_000:
            sent += 10_000
            yield b"x" * 10_000

    response = await intake.http.post("/complaints", content=endless(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert sent < 100_000


@pytest.mark.parametrize("given", ["short", "x" * 129, "with space in it", "päßword-1234"])
async def test_a_malformed_idempotency_key_is_refused(intake: Running, given: str) -> None:
    headers = {b"Idempotency-Key": given.encode()}
    response = await intake.http.post("/complaints", json=report(), headers=headers)
    assert (response.status_code, fields(response)) == (422, ["Idempotency-Key"])
