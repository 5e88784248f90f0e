"""Who reads and changes what over HTTP, and what is refused."""

import asyncio
import json
from typing import Any

import pytest

from shared.contracts.intake import ComplaintWithdrawn
from tests.services.mediation.conftest import (
    POLRES,
    STORY,
    classified,
    complaint_id,
    new_report,
    reclassified,
)
from tests.services.mediation.handling import Case, opened
from tests.support.clock import Clock
from tests.support.room import Running, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _listed(case: Case, path: str, person: dict[str, str]) -> list[dict[str, Any]]:
    answer = await case.service.http.get(f"/worklists/{path}", headers=person)
    assert answer.status_code == 200, answer.text
    return [row for row in answer.json() if row["complaint"] == case.id]


async def test_sealed_words_are_read_on_record_and_nothing_personal_is_kept_or_said_in_the_clear(
    mediation: Running, clock: Clock
) -> None:
    case = await opened(mediation)
    view = await case.settled(clock)
    await case.done("PUT", "agreement/points/1/compliance", {"kept": True, "note": "Canary note"})
    assert "Canary" not in json.dumps(view)
    kept = str(await mediation.room.store().collection.find_one({"_id": case.id}))
    said = "".join(event.model_dump_json(serialize_as_any=True) for event in mediation.said)
    assert "Canary" not in kept
    assert "Canary" not in said
    assert "+628" not in kept
    contents = (await case.get("/contents", case.mediator)).json()
    assert contents["narrative"] == {"text": STORY}
    (round_,) = contents["rounds"]
    assert [party["words"]["name"] for party in round_["parties"]] == ["Canary Sari", "Canary Joko"]
    assert round_["sessions"][0]["minutes"] == {"text": "Canary minutes"}
    assert [point["text"]["text"] for point in round_["points"]] == ["Canary point 1", "Canary point 2"]
    assert (round_["points"][0]["note"], contents["unreadable"]) == ({"text": "Canary note"}, 0)
    reading = await mediation.room.mongo["readings"].find_one({"complaint": case.id})
    assert (reading["person"], reading["what"]) == ("wayan-sudarma", "contents")


async def test_a_complaint_about_the_acting_person_is_not_there_for_them(mediation: Running) -> None:
    case = Case(mediation, complaint_id())
    report = new_report(mediation, case.id, conflicts=("wayan-sudarma", "lead-2", "Polsek Sukamaju"))
    await mediation.hear(classified(mediation, case.id, report), case.id)
    await case.shown(status="open", mediator=None)
    absent = (await mediation.http.get(f"/cases/{complaint_id()}", headers=case.lead)).json()
    for person, units in (("lead-2", (POLRES,)), ("lead-3", (POLRES, "Polsek Sukamaju")), ("lead-4", ("elsewhere",))):
        hidden = mediation.token("mediation_lead", person=person, units=units)
        answer = await case.get("", hidden)
        assert (answer.status_code, answer.json()) == (404, absent)
        assert (await case.get("/contents", hidden)).status_code == 404
        assert (await case.put("mediator", {"mediator": "yuli-astari"}, hidden)).status_code == 404
        assert not await _listed(case, "polres?limit=200", hidden)


async def test_a_complaint_that_is_not_ours_is_nobodys_to_see(mediation: Running) -> None:
    case = Case(mediation, complaint_id())
    await mediation.hear(ComplaintWithdrawn(), case.id)
    await mediation.hear(reclassified(mediation, case.id, tracks=("investigation",)), case.id, sequence=4)

    async def kept() -> Any:
        row = await mediation.room.store().collection.find_one({"_id": case.id})
        return row if row and row["case"]["status"] == "elsewhere" else None

    row = await until(kept, "it is remembered")
    assert row["case"]["forget_at"] is not None
    assert (await case.get()).status_code == 404
    assert await mediation.parked() == 0


async def test_a_key_takes_effect_once_and_an_old_version_not_at_all(mediation: Running) -> None:
    case = await opened(mediation)
    seen = (await case.get()).headers["ETag"]
    body = {"side": "complainant", "name": "Canary Sari"}
    answers = await asyncio.gather(
        *(case.post("parties", body, None, **{"Idempotency-Key": "key-000001"}) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len((await case.get()).json()["round"]["parties"]) == 1
    stale = await case.post("parties", body, None, **{"If-Match": seen})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "parties", {"side": "nobody", "name": "x"}, "side"),
        ("POST", "parties", {"side": "complainant", "name": " "}, "name"),
        ("POST", "sessions", {"at": "2020-01-01T00:00:00Z", "place": "x"}, "at"),
        ("POST", "sessions", {"at": "tomorrow", "place": "x"}, "at"),
        ("POST", "sessions", {"at": "9999-12-31T23:59:59-12:00", "place": "x"}, "at"),
        ("POST", "sessions", {"at": "0001-01-01T00:00:00+12:00", "place": "x"}, "at"),
        ("POST", "sessions", {"at": "2090-01-01T00:00:00", "place": "x"}, "at"),
        ("PUT", "agreement", {"points": []}, "points"),
        ("POST", "failure", {"reason": "bored", "recommended": "investigation"}, "reason"),
        ("POST", "failure", {"reason": "not_suitable", "recommended": "mediation"}, "recommended"),
        ("POST", "conditions", {"condition": "nice_weather"}, "condition"),
        ("POST", "sessions/1/cancellation", {"reason": "let_go"}, "reason"),
        ("PUT", "plan", {"text": ""}, "text"),
    ],
)
async def test_bad_input_names_its_field_and_changes_nothing(
    mediation: Running, method: str, path: str, body: Any, field: str
) -> None:
    case = await opened(mediation)
    await case.parties()
    before = (await case.get()).json()
    answer = await case.send(method, path, body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == field
    assert (await case.get()).json() == before


async def test_the_roster_is_the_administrators(mediation: Running) -> None:
    entry = {"name": "Wayan Sudarma", "phone": "0264-000201", "villages": ["99.01.01.1001"]}
    administrator = mediation.token("administrator", units=(POLRES,))
    lead = mediation.token("mediation_lead", units=(POLRES,))
    assert (await mediation.http.put("/officers/someone", json=entry, headers=lead)).status_code == 403
    foreign = mediation.token("administrator", units=("elsewhere",))
    assert (await mediation.http.put("/officers/someone", json=entry, headers=foreign)).status_code == 403
    listed = (await mediation.http.get("/officers", headers=lead)).json()
    assert "budi-hermawan" in {officer["id"] for officer in listed}
    for wrong, field in (({"villages": ["Sukamaju"]}, "villages.0"), ({"stand_in": "someone"}, "stand_in")):
        answer = await mediation.http.put("/officers/someone", json={**entry, **wrong}, headers=administrator)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_every_worklist_uses_an_index(mediation: Running) -> None:
    explained: list[str] = []
    store = mediation.room.store()
    for query in (
        {"case.mediator.id": {"$in": ["wayan-sudarma"]}},
        {"case.reminders.since": {"$lte": mediation.room.clock()}},
        {"case.classification.mediation": "ppa_approval"},
    ):
        scope = {"polres": {"$in": [POLRES]}, "case.status": {"$in": ["open", "settled"]}}
        plan = await store.collection.find({**scope, **query}).explain()
        explained.append(json.dumps(plan["queryPlanner"]["winningPlan"]))
    assert all("IXSCAN" in plan and "COLLSCAN" not in plan for plan in explained)
