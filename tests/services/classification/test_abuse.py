"""Nonsense at every door, and words that must be found nowhere, on real servers."""

import json
from itertools import product
from pathlib import Path

import httpx
import pytest
from bson import json_util
from uuid6 import uuid7

from services.classification.settings import ClassificationSettings
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.verification import ComplaintVerified
from tests.services.classification.desk import Headers, ask, handled, row, settled, tell, waiting
from tests.services.classification.samples import GIBBERISH, NOISE, sealed_report
from tests.shared.tally import drop_databases
from tests.support.processes import ServiceProcess
from tests.support.room import Running, environment, until
from tests.support.servers import Servers

HUGE = "9" * 5000
VALUES: tuple[str, ...] = (
    *("null", "true", "0", "-1", "1e999", "NaN", "Infinity", HUGE, '""', '" "', '"\\u0000"', '"\\ud800"', '"\\u202e"'),
    *('"' + "x" * 20_000 + '"', '"P1"', '"theft"', '"$ne"', "[]", "[[]]", '["mediation", null]', '[{"$gt": ""}]'),
    *("{}", '{"$ne": null}', '{"$where": "sleep(1000)"}', '{"\\ud800": 1}', '{"note": "note"}', '"\'; DROP TABLE"'),
)
BODIES: tuple[bytes, ...] = (
    *(b"", b"\x00", b"{", b"[]", b"null", b'"x"', b"5", b"{}", b"\xff\xfe\x00", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}"),
    *(b"[" * 20_000, b'{"a":' * 10_000, b'{"note": ' + b"[" * 30_000, b"{" + b" " * 60_000 + b"}", b"x" * 70_000),
    *(b'{"\xed\xa0\x80": 1}', b'{"\\ud800": 1}', b'{"note": "\\udfff"}', b'{"note": NaN}', b'{"category": -Infinity}'),
)
PATHS = ("..", "%00", "0", "x" * 3000, "01a2", "%ed%a0%80", "{}", "$ne", "01A20BA0-9AE2-7F2D-AA65-5A830BEFCA21")


def sane(response: httpx.Response) -> None:
    """A problem that names what is wrong, or an answer; never a failure of ours, and never an echo."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json", response.text
        assert response.json()["status"] == response.status_code
        assert len(response.content) < 4_000
        assert "DROP TABLE" not in response.text


@pytest.mark.parametrize("act", ["confirm", "change", "try"])
async def test_no_value_in_any_field_makes_the_service_fail(
    classification: Running, officer: Headers, act: str
) -> None:
    subject = await waiting(classification, officer)
    names = {"confirm": ("note", "x"), "try": ("text", "in_progress", "category_hint", "x")}.get(
        act, ("category", "urgency", "tracks", "note", "x")
    )
    whole = {"change": {"category": '"jail"', "note": '"Sebab."'}, "try": {"text": '"maling"'}}.get(act, {})
    path = "/try" if act == "try" else f"/complaints/{subject}/{act}"
    headers = officer | {"Content-Type": "application/json", "If-Match": '"999"'}
    for name, value in product(names, VALUES):
        content = "{" + ",".join(f'"{key}":{held}' for key, held in (whole | {name: value}).items()) + "}"
        sane(await classification.http.post(path, content=content.encode(), headers=headers))
    stored = await row(classification, subject)
    assert stored is not None
    assert stored["version"] == 1


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded", "x", ""])
async def test_no_body_makes_the_service_fail(classification: Running, officer: Headers, kind: str) -> None:
    subject = str(uuid7())
    for path, body in product(("/try", f"/complaints/{subject}/confirm", f"/complaints/{subject}/change"), BODIES):
        headers = officer | {"Content-Type": kind}
        sane(await classification.http.post(path, content=body, headers=headers))


async def test_no_path_query_header_or_method_makes_the_service_fail(classification: Running, officer: Headers) -> None:
    http, subject = classification.http, str(uuid7())
    for path in PATHS:
        for act in ("", "/confirm", "/change", "/nonsense"):
            sane(await http.request("POST" if act else "GET", f"/complaints/{path}{act}", json={}, headers=officer))
    for limit in ("0", "-1", "201", "NaN", HUGE, "", "1e2", "\x00", "5;5", "[]", "\u0665"):
        sane(await http.get("/worklist", params={"limit": limit}, headers=officer))
    sane(await http.get("/worklist?limit=1&limit=2&case.status[$ne]=x&%ff=%00", headers=officer))
    for header, value in product(
        ("If-Match", "Idempotency-Key", "traceparent", "Accept", "Authorization", "Content-Encoding"),
        (
            "",
            "*",
            'W/"1"',
            '"-1"',
            '"1", "2"',
            '"999999999999999999999"',
            "\xff\xfe",
            "x" * 5000,
            "00-00-00-00",
            "gzip",
        ),
    ):
        sent = officer | {header: value}
        named = {name.encode(): held.encode("latin-1") for name, held in sent.items()}
        for act in ("confirm", "change"):
            sane(await http.post(f"/complaints/{subject}/{act}", json={}, headers=named))
    for method, path in product(
        ("PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"), ("/worklist", "/try", f"/complaints/{subject}")
    ):
        response = await http.request(method, path, headers=officer)
        assert response.status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"\xff",
        b"[" * 50_000,
        b'{"data": {"report": {"sealed": {"narrative": {"$ne": 1}}}}}',
        b'{"id": "1", "subject": "../..", "data": {}}',
    ],
    ids=["empty", "null", "no text", "deep", "operator", "half"],
)
async def test_a_message_that_is_no_event_is_parked_at_once_and_others_pass(
    classification: Running, officer: Headers, body: bytes
) -> None:
    before = await classification.parked()
    await classification.raw(body, ComplaintVerified.wire)
    subject = await tell(classification, NOISE)
    await classification.says(ComplaintClassified, subject)
    await until(lambda: parked(classification, before + 1), "parked")


async def parked(classification: Running, count: int) -> bool:
    return await classification.parked() == count


# --- words that must be found nowhere --------------------------------------------------------------------------------

# Each is a word of the lexicon or stands beside one, so that it is among the grounds.
CANARIES = ("kenarimerah", "kenaribiru", "kenarihijau")
STORY = f"{CANARIES[0]} dibunuh {CANARIES[0]} di rumahnya, mayatnya dibuang ke sungai."
WORDS = ("bunuh", "mayat", *CANARIES)


async def test_the_words_of_reporters_and_officers_are_stored_and_told_under_their_seals_alone(
    classification: Running, officer: Headers
) -> None:
    killed = await tell(classification, STORY)
    await classification.says(ComplaintClassified, killed)
    unsure = await waiting(classification, officer, f"{CANARIES[0]} {GIBBERISH}")
    for subject, category in ((killed, "assault"), (unsure, "theft")):
        change = {"category": category, "note": f"Menurut {CANARIES[1]}."}
        assert (await ask(classification, officer, subject, "change", change)).status_code == 200
    assert (await classification.http.post("/try", json={"text": STORY}, headers=officer)).status_code == 200
    stored = [await settled(classification, ComplaintReclassified, killed)]
    stored.append(await settled(classification, ComplaintClassified, unsure))
    said = "".join(envelope.model_dump_json() for envelope in classification.said)
    for kept in (json_util.dumps(stored), said):
        assert stored[0]["case"]["report"]["register_number"] in kept  # that the search finds what is in the clear
        assert [word for word in WORDS if word in kept.lower()] == []
    shown = await classification.http.get(f"/complaints/{killed}", headers=officer)
    assert "bunuh" in shown.text
    assert CANARIES[1] in shown.text


async def test_no_word_of_a_reporter_or_an_officer_is_logged_or_measured_whatever_goes_wrong(
    classification: Running, real_servers: Servers, settings: ClassificationSettings, officer: Headers, tmp_path: Path
) -> None:
    log = tmp_path / "classification.log"
    env = environment(real_servers) | {"ADUAN_LOG_LEVEL": "debug", "MONGO_DRIVER": settings.mongo_driver}
    process = ServiceProcess("services.classification.main:app", env, log)
    await process.start()
    try:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, headers=officer, timeout=10) as http:
            metrics = await abused(classification, http)
    finally:
        await process.stop()
        await drop_databases(settings.model_copy(update={"mongo_prefix": env["ADUAN_MONGO_PREFIX"]}))
    written = log.read_text()
    assert "message_failed" in written  # that there was something to be logged
    for kept in (written, metrics):
        assert [word for word in WORDS if word in kept.lower()] == []


async def abused(classification: Running, http: httpx.AsyncClient) -> str:
    """Everything that may put words where they do not belong; with two processes at the queues, each often enough for
    both. Returns the metrics after it."""
    body = json.dumps({"text": CANARIES[2], "note": CANARIES[2], CANARIES[2]: CANARIES[2]})
    for path in (f"/complaints/{uuid7()}/change", f"/complaints/{CANARIES[2]}/change", "/try", f"/{CANARIES[2]}"):
        await http.post(path, content=body, headers={"Content-Type": "application/json", "If-Match": CANARIES[2]})
        await http.post(path, content=body[:-1])
    await http.get("/worklist", params={"limit": CANARIES[2]})
    assert (await http.post("/try", json={"text": STORY})).status_code == 200
    failed = handled(ComplaintVerified.wire, "retried")
    for n in range(20):
        await tell(classification, STORY)
        foreign = sealed_report(classification.vault, str(uuid7()), STORY, village=CANARIES[2])
        await classification.hear(ComplaintVerified(report=foreign, category_hint=CANARIES[2]))
        await classification.raw(json.dumps({"text": STORY, "n": n}).encode(), ComplaintVerified.wire)

    async def both_failed() -> str | None:
        metrics = (await http.get("/metrics")).text
        theirs = 'outcome="retried"' in metrics and 'outcome="parked"' in metrics and 'outcome="done"' in metrics
        return metrics if theirs and handled(ComplaintVerified.wire, "retried") > failed else None

    found: str = await until(both_failed, "both processes had some of each")
    return found
