"""What a service answers over HTTP: who may, what is wrong, once only, and nothing that was not asked for."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared.contracts.envelope import Person
from shared.service import create_app
from shared.settings import Settings
from tests.shared.proxy import far_database
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, new_id
from tests.support.provider import the_provider
from tests.support.room import Running, running

UUID = "01a20b90-258c-7b18-ba96-7d4e80e681b8"
JSON = {"Content-Type": "application/json"}
SECURE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def it(settings: Settings) -> AsyncIterator[Running]:
    async with running(create_app(small_service(settings)), settings, SERVICE) as started:
        yield started


async def post(it: Running, content: str | bytes, path: str = "/notes", **headers: str) -> httpx.Response:
    """Sends a body that may be any bytes as a verifier."""
    sent = {**it.token("verifier"), "Content-Type": "application/json", **headers}
    return await it.http.post(f"{path}/{new_id()}", content=content, headers=sent)


def check_problem(response: httpx.Response, status: int, field: str | None = None) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) <= {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert problem["type"].startswith("urn:aduan:problem:")
    if field:
        assert field in [error["field"] for error in problem["errors"]]
    assert SECURE.items() <= response.headers.items()
    return problem


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/notes/../../etc/passwd", 404),
        ("GET", "/assets/swagger-ui-dist/%2e%2e/%2e%2e/pyproject.toml", 404),
        ("PUT", f"/notes/{UUID}", 405),
        ("POST", "/notes/not-an-id", 422),
        ("POST", f"/notes/{UUID.upper()}", 422),
        ("POST", f"/notes/{UUID}%00", 422),
        ("POST", f"/refused/{UUID}", 409),
        ("GET", "/mistakes", 500),
    ],
)
async def test_every_error_is_a_problem(it: Running, method: str, path: str, status: int) -> None:
    response = await it.http.request(method, path, headers=it.token("verifier"))
    problem = check_problem(response, status)
    assert "Budi" not in response.text
    assert "Traceback" not in response.text
    if status == 409:
        assert (problem["type"], problem["detail"]) == ("urn:aduan:problem:wrong_state", "This cannot be done now.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("", "body"),
        ("null", "body"),
        ("[]", "body"),
        ('"CANARY"', "body"),
        ('{"text": CANARY', "body"),
        ("\xff\xfe", "body"),
        ("{}", "text"),
        ('{"text": ["CANARY"]}', "text"),
        ('{"text": {"$ne": "CANARY"}}', "text"),
        ('{"text": "\\u0000CANARY"}', "text"),
        ('{"text": "CANARY\\ud800"}', "text"),
        ('{"text": "CANARY\\u001b[2J"}', "text"),
        ('{"text": " \\u200b\\u202e "}', "text"),
        (json.dumps({"text": "CANARY" * 40}), "text"),
        (json.dumps({"text": "a", "story": "CANARY" * 2000}), "story"),
        ('{"text": "a", "slug": "CANARY"}', "slug"),
        ('{"text": "a", "extra": "CANARY"}', "extra"),
        ('{"text": "a", "\\ud800": "CANARY"}', "body"),
        ('{"text": "a", "amount": 777777}', "amount"),
        ('{"text": "a", "amount": 1e400}', "amount"),
        ('{"text": "a", "amount": "CANARY"}', "amount"),
        (f'{{"text": "a", "amount": {"7" * 4000}}}', "amount"),
        ('{"text": "a", "place": {"latitude": NaN}}', "place.latitude"),
        ('{"text": "a", "place": {"latitude": -Infinity}}', "place.latitude"),
        ('{"text": "a", "place": {"latitude": 1, "seen": "CANARY"}}', "place.seen"),
        ('{"text": "a", "place": {"latitude": 1, "extra": "CANARY"}}', "place.extra"),
        ('{"text": "a", "reference": "CANARY"}', "reference"),
        ('{"text": "a", "reference": "zzzzzzzz-258c-7b18-ba96-7d4e80e681b8"}', "reference"),
        ('{"text": "a", "by": {"kind": "CANARY"}}', "by"),
    ],
)
async def test_an_invalid_body_is_refused_by_its_fields_name_and_never_quoted(
    it: Running, body: str, field: str
) -> None:
    response = await post(it, body.encode("latin-1"))
    check_problem(response, 422, field)
    assert not any(quoted in response.text for quoted in ("CANARY", "7777", "zzz", "`z`", "NaN", "-inf"))


@pytest.mark.parametrize(
    "body",
    [
        "[" * 30_000,
        '{"text":' + "[" * 15_000 + "]" * 15_000 + "}",
        '{"text":' + '{"a":' * 8_000 + "1" + "}" * 8_000 + "}",
        '{"text": "a", "amount": ' + "7" * 6000 + "}",
        b'{"text": "\xff"}',
        "{" + ",".join(f'"k{n}": 1' for n in range(5000)) + "}",
    ],
)
async def test_a_body_made_to_break_a_parser_is_refused(it: Running, body: str | bytes) -> None:
    response = await post(it, body)
    check_problem(response, response.status_code)
    assert response.status_code in (400, 422)
    assert len(response.content) < 4000


async def test_text_is_normalised_and_what_is_invisible_is_taken_out(it: Running) -> None:
    response = await post(it, '{"text": "  Bu\\u200bdi\\u202e  e\\u0301\\tb\\r\\nc\\ufeff "}')
    assert response.json()["notes"] == ["Budi é b c"]
    response = await post(it, '{"text": "a", "story": " one\\r\\ntwo\\u2066 "}')
    assert response.json()["notes"] == ["one\ntwo"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
async def test_a_body_of_another_type_is_refused(it: Running, media_type: str) -> None:
    check_problem(await post(it, '{"text": "a"}', **{"Content-Type": media_type}), 422, "body")


async def test_a_body_that_is_too_large_is_refused_while_it_streams(it: Running) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 1
            yield b" " * 1000

    headers = {**it.token("verifier"), "Content-Type": "application/json"}
    check_problem(await it.http.post(f"/notes/{UUID}", content=chunks(), headers=headers), 413)
    assert sent <= 70, "it was not read to its end"
    declared = check_problem(await post(it, b" " * 70_000), 413)
    assert declared["type"] == "urn:aduan:problem:request_entity_too_large"
    check_problem(await it.http.post(f"/refused/{UUID}", content=b" " * 70_000), 413)


@pytest.mark.parametrize("of_a_page", [{"Accept": "text/html,*/*;q=0.8"}, {"HX-Request": "true"}])
async def test_a_form_that_is_too_large_is_answered_once_it_has_come(
    it: Running, monkeypatch: pytest.MonkeyPatch, of_a_page: dict[str, str]
) -> None:
    """Who sends need not read an answer before the end. What never ends is cut off all the same."""
    monkeypatch.setattr("shared.web._READ_ON", 400_000)
    for size, read in ((300_000, 300), (1_000_000, 400)):
        sent = 0

        async def form(size: int = size) -> AsyncIterator[bytes]:
            nonlocal sent
            for _ in range(size // 1000):
                sent += 1
                yield b" " * 1000

        answer = await it.http.post("/large", content=form(), headers={**of_a_page, "Content-Length": str(size)})
        assert (answer.status_code, sent) == (413, read)
        assert "Kiriman ini terlalu besar" in answer.text
        assert ("<html" in answer.text) == ("Accept" in of_a_page)


async def test_a_route_may_take_more_than_others(it: Running) -> None:
    body = json.dumps({"text": "x" * 150_000})
    assert (await it.http.post("/large", content=body, headers=JSON)).json() == {"length": 150_000}
    check_problem(await it.http.post("/large", content=body + " " * 60_000, headers=JSON), 413)


async def test_who_acts_is_asked_before_anything_is_done(it: Running) -> None:
    path, body = f"/notes/{new_id()}", {"text": "a"}
    provider = the_provider()
    claims, revoked = provider.claims("officer-1", ["role:verifier"]), provider.token(Person("revoked"))
    provider.revoke(revoked)
    answers = set()
    for header in (
        {},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": f"Bearer {provider.sign(claims | {'exp': 1})}"},
        {"Authorization": f"Bearer {provider.sign(claims | {'aud': 'another'})}"},
        {"Authorization": f"Bearer {provider.sign(claims, kid='another')}"},
        {"Authorization": f"Bearer {revoked}"},
    ):
        response = await it.http.post(path, json=body, headers=header)
        check_problem(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"
        answers.add(response.text)
    assert len(answers) == 1, "nobody learns what was wrong"
    problem = check_problem(await it.http.post(path, json=body, headers=it.token("chief", "patrol")), 403)
    assert "verifier" in problem["detail"]
    assert (await it.http.post(path, json=body, headers=it.token("verifier"))).json()["notes"] == ["a"]


async def test_a_request_with_the_same_key_takes_effect_once(it: Running) -> None:
    path, verifier = f"/notes/{new_id()}", it.token("verifier")
    key = {"Idempotency-Key": "the-first-key"}
    first = await it.http.post(path, json={"text": "a"}, headers=verifier | key)
    again = await it.http.post(path, json={"text": "a"}, headers=verifier | key)
    assert [first.json(), again.json()] == [
        {"notes": ["a"], "repeated": False},
        {"notes": ["a"], "repeated": True},
    ]
    assert first.headers["etag"] == again.headers["etag"] == '"1"'
    other_person = it.token("verifier", person="officer-2")
    for headers in (other_person | key, verifier | {"Idempotency-Key": "the-second-key"}, verifier):
        assert not (await it.http.post(path, json={"text": "b"}, headers=headers)).json()["repeated"]
    assert not (await it.http.post(f"/open{path[6:]}", json={"text": "c"}, headers=verifier | key)).json()["repeated"]


async def test_a_repeated_request_shows_nothing_to_somebody_who_was_named_in_the_matter_since(it: Running) -> None:
    path, verifier, other = f"/notes/{new_id()}", it.token("verifier"), it.token("verifier", person="officer-2")
    key = {"Idempotency-Key": "before-it-was-known"}
    assert (await it.http.post(path, json={"text": "a"}, headers=other | key)).status_code == 200
    assert (await it.http.post(path, json={"text": "about officer-2"}, headers=verifier)).status_code == 200
    check_problem(await it.http.post(path, json={"text": "a"}, headers=other | key), 404)


async def test_concurrent_requests_with_one_key_take_effect_once(it: Running) -> None:
    path, headers = f"/notes/{new_id()}", {**it.token("verifier"), "Idempotency-Key": "one-key-for-all"}
    answers = await asyncio.gather(*(it.http.post(path, json={"text": "a"}, headers=headers) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert {tuple(answer.json()["notes"]) for answer in answers} == {("a",)}
    assert sum(not answer.json()["repeated"] for answer in answers) == 1


@pytest.mark.parametrize("key", ["short", "CANARY CANARY", "CANARY" * 40, "CANARY'\"<>", "CANARY\xe9é"])
async def test_a_key_that_is_none_is_refused_and_not_quoted(it: Running, key: str) -> None:
    known = [(name.encode(), value.encode()) for name, value in it.token("verifier").items()]
    sent = httpx.Headers([*known, (b"Idempotency-Key", key.encode())])
    response = await it.http.post(f"/notes/{UUID}", json={"text": "a"}, headers=sent)
    check_problem(response, 422, "Idempotency-Key")
    assert "CANARY" not in response.text


async def test_of_two_who_read_the_same_version_one_is_told_to_read_again(it: Running) -> None:
    path, verifier = f"/notes/{new_id()}", it.token("verifier")
    etag = (await it.http.post(path, json={"text": "a"}, headers=verifier)).headers["etag"]
    answers = await asyncio.gather(
        *(it.http.post(path, json={"text": "b"}, headers={**verifier, "If-Match": etag}) for _ in range(2))
    )
    stale, written = sorted(answers, key=lambda answer: -answer.status_code)
    check_problem(stale, 412)
    assert (written.status_code, written.headers["etag"]) == (200, '"2"')
    for nonsense in ("2", "*", 'W/"2"', '"2", "3"', '"-1"', '"99999999999999999999"'):
        headers = {**verifier, "If-Match": nonsense}
        check_problem(await it.http.post(path, json={"text": "c"}, headers=headers), 422, "If-Match")


async def test_what_must_be_unique_is_a_conflict_and_not_quoted(it: Running) -> None:
    await post(it, '{"text": "CANARY"}', "/numbers")
    response = await post(it, '{"text": "CANARY"}', "/numbers")
    check_problem(response, 409)
    assert "CANARY" not in response.text


@pytest.mark.parametrize("traceparent", ["CANARY" * 50, "00-" + "0" * 32, "\xe9", "00-" + "a" * 32 + "-" + "b" * 16])
async def test_a_trace_header_that_is_none_does_no_harm(it: Running, traceparent: str) -> None:
    headers: Any = {**it.token("verifier"), "traceparent": traceparent.encode("latin-1")}
    response = await it.http.post(f"/notes/{new_id()}", json={"text": "a"}, headers=headers)
    assert response.status_code == 200


async def test_without_the_database_the_answer_is_to_come_again(settings: Settings) -> None:
    async with far_database(settings) as (far, cable), running(create_app(small_service(far)), far, SERVICE) as it:
        headers = {**it.token("verifier"), "Idempotency-Key": "asked-once-more"}
        await cable.cut()
        path, body = f"/notes/{new_id()}", {"text": "a"}
        ready, refused = await asyncio.gather(
            it.http.get("/health/ready"), it.http.post(path, json=body, headers=headers)
        )
        assert (ready.status_code, ready.json()["database"]) == (503, False)
        check_problem(refused, 503)
        assert refused.headers["retry-after"] == "5"
        await cable.mend()
        again = await it.http.post(path, json=body, headers=headers)
        assert (again.status_code, again.json()["notes"]) == (200, ["a"])


async def test_while_the_database_is_silent_an_answer_comes_in_time_and_the_request_may_be_repeated(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.ANSWER_SECONDS", 0.2)
    async with far_database(settings) as (far, cable), running(create_app(small_service(far)), far, SERVICE) as it:
        headers = {**it.token("verifier"), "Idempotency-Key": "asked-once-more"}
        path, body = f"/notes/{new_id()}", {"text": "a"}
        cable.freeze()
        refused = await it.http.post(path, json=body, headers=headers)
        assert check_problem(refused, 503)["type"].endswith(":too_slow")
        cable.thaw()
        monkeypatch.setattr("shared.http.ANSWER_SECONDS", 20.0)
        again = await it.http.post(path, json=body, headers=headers)
        assert (again.status_code, again.json()["notes"]) == (200, ["a"])
