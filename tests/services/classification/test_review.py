"""Officers at the review queue, over HTTP on real servers."""

import asyncio
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from uuid6 import uuid7

from services.classification import queries
from services.classification.case import REVIEWED
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Person
from shared.contracts.mediation import MediationFailed
from tests.services.classification.desk import (
    ABSENT,
    Headers,
    ask,
    fields,
    listed,
    queue,
    row,
    settled,
    tell,
    told,
    waiting,
)
from tests.services.classification.samples import GIBBERISH, KILLING, NOISE, POLRES
from tests.support.room import Running, until

# --- officers --------------------------------------------------------------------------------------------------------


async def test_an_officer_sees_why_it_is_proposed_and_how_it_came_to_be(
    classification: Running, officer: Headers
) -> None:
    subject = await tell(classification, KILLING)
    await classification.says(ComplaintClassified, subject)
    note = 'Korban masih hidup; <b>"penganiayaan"</b> 🚑'
    change = {"category": "assault", "urgency": "P1", "note": note}
    assert (await ask(classification, officer, subject, "change", change)).status_code == 200
    response = await classification.http.get(f"/complaints/{subject}", headers=officer)
    detail = response.json()
    assert response.headers["etag"] == f'"{detail["version"]}"'
    assert any("bunuh" in ground["words"] for ground in detail["grounds"])
    assert [(step["reason"], step["category"], step["officer"], step["note"]) for step in detail["history"]] == [
        ("rules", "homicide", None, None),
        ("officer_decision", "assault", "officer-1", note),
    ]


async def test_grounds_that_no_key_opens_are_said_to_be_so(classification: Running, officer: Headers) -> None:
    subject = await waiting(classification, officer)
    unsealable = {"$set": {"case.proposal.grounds": "sealed with a key that is gone"}}
    await classification.room.store().collection.update_one({"_id": subject}, unsealable)
    for path in (f"/complaints/{subject}", f"/classification/panels/{subject}/grounds"):
        answer = await classification.http.get(path, headers=officer)
        assert answer.status_code == 503, path
    detail = await classification.http.get(f"/complaints/{subject}", headers=officer)
    assert detail.json()["type"] == "urn:aduan:problem:unsealable"


async def test_after_a_classification_there_is_nothing_to_confirm_but_it_may_be_changed(
    classification: Running, officer: Headers
) -> None:
    subject = await tell(classification, NOISE)
    await classification.says(ComplaintClassified, subject)
    refused = await ask(classification, officer, subject, "confirm", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:aduan:problem:wrong_state")
    moved = await ask(classification, officer, subject, "change", {"category": "trespass", "note": "Masuk pagar."})
    assert moved.status_code == 200
    await classification.says(ComplaintReclassified, subject)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": "nonsense"}, "category"),
        ({"category": "homicide", "tracks": ["mediation"]}, "tracks"),
        ({"category": "sexual_violence", "tracks": ["investigation", "guidance"]}, "tracks"),
        ({"category": "corruption", "tracks": ["mediation"]}, "tracks"),
        ({"category": "theft", "tracks": ["mediation"]}, "tracks"),
        ({"category": "domestic_violence", "tracks": ["mediation"]}, "tracks"),
        ({"category": "police_misconduct", "tracks": ["investigation"]}, "tracks"),
        ({"category": "police_misconduct", "tracks": ["internal_affairs", "mediation"]}, "tracks"),
        ({"category": "theft", "tracks": ["internal_affairs"]}, "tracks"),
        ({"category": "theft", "tracks": ["investigation", "investigation"]}, "tracks"),
        ({"category": "theft", "tracks": []}, "tracks"),
        ({"category": "theft", "tracks": ["jail"]}, "tracks"),
        ({"category": "theft", "urgency": "P0"}, "urgency"),
        ({"category": "theft", "note": "  \u200b "}, "note"),
        ({"category": "theft", "officer": "officer-2"}, "officer"),
    ],
)
async def test_what_the_guard_rails_forbid_is_refused_naming_the_field_and_nothing_happens(
    classification: Running, officer: Headers, change: dict[str, Any], field: str
) -> None:
    subject = await waiting(classification, officer)
    before = await row(classification, subject)
    response = await ask(classification, officer, subject, "change", {"note": "Sebab.", **change})
    assert {name.partition(".")[0] for name in fields(response)} == {field}
    assert await row(classification, subject) == before


async def test_settling_a_domestic_case_needs_somebody_who_may_approve_it(
    classification: Running, officer: Headers, ppa_officer: Headers
) -> None:
    subject = await waiting(classification, officer)
    change = {"category": "domestic_violence", "tracks": ["mediation"], "note": "Korban meminta."}
    assert fields(await ask(classification, officer, subject, "change", change)) == ["tracks"]
    assert (await ask(classification, ppa_officer, subject, "change", change)).status_code == 200
    said = await classification.says(ComplaintClassified, subject)
    assert said.data.classification.tracks == ("mediation",)
    # The approval was another's, and of then: whoever confirms it again needs one as well.
    await classification.hear(MediationFailed(recommended="mediation"), subject)
    await until(lambda: listed(classification, officer, subject), "returned")
    assert fields(await ask(classification, officer, subject, "confirm", {})) == ["tracks"]
    assert (await ask(classification, ppa_officer, subject, "confirm", {})).status_code == 200


async def test_a_complaint_is_absent_for_those_it_names_and_for_other_offices(
    classification: Running, officer: Headers
) -> None:
    about_officer = await waiting(classification, officer, conflicts=("officer-7",))
    about_unit = await waiting(classification, officer, conflicts=("Pidum",))
    nowhere = str(uuid7())
    named = classification.token("classifier", "chief", "ppa_approver", person="officer-7", units=(POLRES,))
    of_unit = classification.token("classifier", "unit_head", person="officer-8", units=(POLRES, "Pidum"))
    elsewhere = classification.token("classifier", person="officer-9", units=("polres-lain",))
    unitless = classification.token("classifier", person="officer-9")
    for someone, subject in (
        (named, about_officer),
        (of_unit, about_unit),
        (elsewhere, about_officer),
        (unitless, about_unit),
    ):
        for hidden, absent in zip(
            await attempts(classification, someone, subject),
            await attempts(classification, someone, nowhere),
            strict=True,
        ):
            assert hidden.status_code == absent.status_code == 404
            assert hidden.content == absent.content
            assert dict(hidden.headers) == dict(absent.headers)
            assert hidden.json() == ABSENT
        assert not await listed(classification, someone, subject)
        assert await listed(classification, officer, subject)
    assert await queue(classification, elsewhere) == await queue(classification, unitless) == []
    stored = await row(classification, about_officer)
    assert stored is not None
    assert stored["case"]["status"] == "waiting"


async def attempts(classification: Running, someone: Headers, subject: str) -> list[httpx.Response]:
    """Everything that a person can try with a complaint, guard rails, stale versions and used keys included."""
    change = {"category": "trespass", "note": "Saya ingin tahu."}
    return [
        await classification.http.get(f"/complaints/{subject}", headers=someone),
        await ask(classification, someone, subject, "confirm", {}),
        await ask(classification, someone, subject, "confirm", {}, If_Match='"999"'),
        await ask(classification, someone, subject, "confirm", {}, If_Match='"0"', Idempotency_Key="0123456789"),
        await ask(classification, someone, subject, "change", change),
        await ask(classification, someone, subject, "change", change | {"category": "nonsense"}),
        await ask(
            classification, someone, subject, "change", change | {"category": "homicide", "tracks": ["mediation"]}
        ),
    ]


async def test_only_classifiers_may_enter(classification: Running) -> None:
    subject = str(uuid7())
    requests = [("GET", "/worklist"), ("GET", f"/complaints/{subject}"), ("POST", f"/complaints/{subject}/confirm")]
    requests += [("POST", f"/complaints/{subject}/change"), ("POST", "/try")]
    others = classification.token("verifier", "detective", "unit_head", "chief", "administrator", units=(POLRES,))
    for method, path in requests:
        assert (await classification.http.request(method, path, json={})).status_code == 401
        forged = {"Authorization": "Bearer e30.e30.e30"}
        assert (await classification.http.request(method, path, json={}, headers=forged)).status_code == 401
        assert (await classification.http.request(method, path, json={}, headers=others)).status_code == 403


async def test_of_two_officers_who_saw_the_same_version_one_decides(
    classification: Running, officer: Headers, ppa_officer: Headers
) -> None:
    subject = await waiting(classification, officer)
    seen = (await classification.http.get(f"/complaints/{subject}", headers=officer)).headers["etag"]
    first, second = await asyncio.gather(
        ask(classification, officer, subject, "change", {"category": "theft", "note": "Dompet."}, If_Match=seen),
        ask(classification, ppa_officer, subject, "change", {"category": "fraud", "note": "Arisan."}, If_Match=seen),
    )
    assert sorted((first.status_code, second.status_code)) == [200, 412]
    winner, loser = (first, second) if first.status_code == 200 else (second, first)
    assert winner.headers["etag"] != seen
    assert loser.json()["type"] == "urn:aduan:problem:stale"
    said = await classification.says(ComplaintClassified, subject)
    assert said.data.classification.category == winner.json()["in_force"]["category"]
    stored = await settled(classification, ComplaintClassified, subject)
    assert len(stored["case"]["history"]) == 1
    assert told(classification, ComplaintReclassified, subject) == 0


async def test_a_late_confirmation_without_a_version_does_not_undo_a_change(
    classification: Running, officer: Headers, ppa_officer: Headers
) -> None:
    subject = await waiting(classification, officer)
    changed, confirmed = await asyncio.gather(
        ask(classification, officer, subject, "change", {"category": "theft", "note": "Dompet."}),
        ask(classification, ppa_officer, subject, "confirm", {}),
    )
    assert changed.status_code == 200
    assert confirmed.status_code in (200, 409)
    detail = (await classification.http.get(f"/complaints/{subject}", headers=officer)).json()
    assert (detail["status"], detail["in_force"]["category"]) == ("classified", "theft")


async def test_a_repeated_request_takes_effect_once(classification: Running, officer: Headers) -> None:
    subject = await waiting(classification, officer)
    key, change = uuid4().hex, {"category": "theft", "note": "Dompet."}
    answers = await asyncio.gather(
        *(ask(classification, officer, subject, "change", change, Idempotency_Key=key) for _ in range(5))
    )
    answers.append(await ask(classification, officer, subject, "change", change, Idempotency_Key=key))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.content for answer in answers}) == 1
    stored = await settled(classification, ComplaintClassified, subject)
    assert len(stored["case"]["history"]) == 1
    assert told(classification, ComplaintClassified, subject) == 1
    assert told(classification, ComplaintReclassified, subject) == 0


async def test_a_repeated_confirmation_is_answered_like_the_first(classification: Running, officer: Headers) -> None:
    subject = await waiting(classification, officer)
    key = uuid4().hex
    first = await ask(classification, officer, subject, "confirm", {}, Idempotency_Key=key)
    again = await ask(classification, officer, subject, "confirm", {}, Idempotency_Key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


@pytest.mark.parametrize("note", ["\x00", "a\x1bb", "x" * 10_001, "", " \n "])
async def test_a_note_that_cannot_be_kept_is_refused(classification: Running, officer: Headers, note: str) -> None:
    subject = await waiting(classification, officer)
    for act, body in (("confirm", {}), ("change", {"category": "theft"})):
        assert fields(await ask(classification, officer, subject, act, body | {"note": note})) == ["note"]


async def test_the_longest_note_is_kept_and_read_again(classification: Running, officer: Headers) -> None:
    subject = await waiting(classification, officer)
    note = "🚔" * 10_000
    assert (await ask(classification, officer, subject, "confirm", {"note": note})).status_code == 200
    detail = (await classification.http.get(f"/complaints/{subject}", headers=officer)).json()
    assert detail["history"][-1]["note"] == note


# --- the review queue ------------------------------------------------------------------------------------------------


async def test_the_most_urgent_stands_first_and_then_the_longest_waiting(
    classification: Running, officer: Headers
) -> None:
    for text, in_progress in ((GIBBERISH, True), (GIBBERISH, False), (GIBBERISH, True)):
        await waiting(classification, officer, text, in_progress=in_progress)
    order = [(entry["proposed"]["urgency"], entry["since"]) for entry in await queue(classification, officer)]
    assert order == sorted(order)
    assert len({urgency for urgency, _ in order}) > 1
    shortened = await classification.http.get("/worklist", params={"limit": 2}, headers=officer)
    assert [entry["since"] for entry in shortened.json()] == [since for _, since in order[:2]]


@pytest.mark.parametrize("units", [("polres-padat",), ("polres-padat", "PPA", "Pidum", "Jatanras")])
async def test_the_review_queue_is_read_from_its_index_alone(
    classification: Running, officer: Headers, units: tuple[str, ...]
) -> None:
    store, database = classification.room.store(), classification.room.mongo.database
    template = await row(classification, await waiting(classification, officer))
    assert template is not None
    copies = []
    for n in range(3_000):
        case = deepcopy(template["case"]) | {
            "status": REVIEWED[n % len(REVIEWED)] if n % 10 == 0 else "classified",
            "since": datetime.now(UTC) - timedelta(hours=n % 777),
        }
        case["proposal"]["classification"]["urgency"] = f"P{n % 4 + 1}"
        copies.append(
            template | {"_id": str(uuid7()), "polres": "polres-padat" if n % 3 else "polres-lain", "case": case}
        )
    await store.collection.insert_many(copies)
    await database.command({"profile": 2})
    try:
        found = await queries.review_queue(store, Person("officer-1", units=frozenset(units)), 50)
    finally:
        await database.command({"profile": 0})
    (seen,) = await database["system.profile"].find({"command.find": "matters"}).to_list(None)
    await database["system.profile"].drop()
    await store.collection.delete_many({"_id": {"$in": [copy["_id"] for copy in copies]}})
    assert len(found) == 50
    assert "IXSCAN" in seen["planSummary"]
    assert "COLLSCAN" not in seen["planSummary"]
    assert not seen.get("hasSortStage")
    assert seen["docsExamined"] == 50
