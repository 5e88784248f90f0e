"""Patrols on real servers: the nearest is sent, none is sent twice, nobody who calls is forgotten."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest_asyncio

from services.investigation.main import app
from services.investigation.settings import InvestigationSettings
from shared.contracts.investigation import InvestigationEscalated, PatrolArrived, PatrolDispatched
from shared.contracts.verification import ComplaintRejected
from tests.services.investigation.conftest import (
    POLRES,
    STORY,
    classified,
    complaint_id,
    new_report,
    reclassified,
)
from tests.support.clock import Clock
from tests.support.room import Running, until

URGENT: dict[str, Any] = {"urgency": "P1", "category": "robbery", "units": ("Jatanras",)}


def crew(service: Running, patrol: str) -> dict[str, str]:
    return service.token("patrol", person=patrol, units=(POLRES,))


def chief(service: Running) -> dict[str, str]:
    return service.token("chief", person="chief-1", units=(POLRES,))


async def board(service: Running) -> dict[str, dict[str, Any]]:
    """Every complaint with a patrol or waiting for one."""
    answer = await service.http.get("/patrols/dispatches/board?limit=200", headers=chief(service))
    assert answer.status_code == 200
    return {row["complaint"]: row for row in answer.json()}


async def on_duty(service: Running, *patrols: str) -> None:
    """Only these patrols are on duty, and nobody is under way or waited for."""
    for complaint in await board(service):
        assert (await move(service, complaint, "stand-down", chief(service))).status_code == 200
    rows = (await service.http.get("/patrols?limit=200", headers=chief(service))).json()
    for row in rows:
        status = "free" if row["id"] in patrols else "off_duty"
        body = {"status": status}
        assert (
            await service.http.patch(f"/patrols/{row['id']}", json=body, headers=crew(service, row["id"]))
        ).is_success


async def move(service: Running, complaint: str, what: str, person: dict[str, str], body: Any = None) -> httpx.Response:
    return await service.http.post(f"/patrols/dispatches/{complaint}/{what}", json=body, headers=person)


async def report(service: Running, **values: Any) -> str:
    complaint, place = complaint_id(), values.pop("place", {})
    about = new_report(service, complaint, place=place, in_progress=True)
    await service.hear(classified(service, complaint, about, **{**URGENT, **values}), complaint, lane="urgent")
    return complaint


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def _on_file(investigation: Running, patrols: None, roster: None) -> None:
    """Everybody of the sample file is on file."""


async def test_the_nearest_patrol_goes_and_its_crew_reads_its_orders(investigation: Running) -> None:
    await on_duty(investigation, "samapta-1", "samapta-2", "satlantas-2")
    complaint = await report(investigation, place={"lat": -6.646, "lon": 107.417})
    sent = await investigation.says(PatrolDispatched, complaint)
    assert (sent.data.patrol, sent.data.attempt, sent.lane) == ("satlantas-2", 1, "urgent")
    me = crew(investigation, "satlantas-2")
    mine = await investigation.http.get("/patrols/dispatches", headers=me)
    assert [row["complaint"] for row in mine.json()] == [complaint]
    orders = await investigation.http.get(f"/patrols/dispatches/{complaint}/orders", headers=me)
    assert orders.json()["narrative"]["text"] == STORY
    assert "identity" not in orders.json()
    assert (await move(investigation, complaint, "acknowledge", me)).json()["state"] == "acknowledged"
    assert (await move(investigation, complaint, "arrive", me)).json()["state"] == "on_scene"
    arrived = await investigation.says(PatrolArrived, complaint)
    assert (arrived.data.patrol, arrived.data.seconds < 15) == ("satlantas-2", True)
    listed = (await investigation.http.get("/patrols", headers=chief(investigation))).json()
    assert {row["id"]: row["status"] for row in listed}["satlantas-2"] == "on_scene"
    left = await move(investigation, complaint, "clear", me, {"result": "suspect_held", "note": "Canary note"})
    assert left.json() == {"complaint": complaint, "patrol": "satlantas-2", "state": "cleared", "waiting": False}
    assert (await investigation.http.get("/patrols/dispatches", headers=me)).json() == []
    assert (await investigation.http.get(f"/patrols/dispatches/{complaint}/orders", headers=me)).status_code == 404


async def test_a_crew_member_signed_on_to_a_patrol_speaks_for_it_and_nobody_else_does(investigation: Running) -> None:
    await on_duty(investigation, "samapta-1")
    complaint = await report(investigation)
    await investigation.says(PatrolDispatched, complaint)
    others = [
        crew(investigation, "samapta-2"),
        investigation.token("patrol", person="samapta-1", units=("polres-elsewhere",)),
    ]
    for other in others:
        for what, body in (("acknowledge", None), ("arrive", None), ("clear", {"result": "settled"})):
            assert (await move(investigation, complaint, what, other, body)).status_code == 404
        orders = await investigation.http.get(f"/patrols/dispatches/{complaint}/orders", headers=other)
        assert orders.status_code == 404
    member = investigation.token("patrol", person="bripda-yoga", units=(POLRES, "Samapta", "samapta-1"))
    assert (await move(investigation, complaint, "acknowledge", member)).status_code == 200


async def test_where_the_place_is_unknown_the_longest_idle_goes(investigation: Running) -> None:
    await on_duty(investigation, "samapta-1", "samapta-2", "samapta-3")
    for patrol in ("samapta-3", "samapta-1"):
        await on_duty(investigation, patrol)
        first = await report(investigation)
        assert (await investigation.says(PatrolDispatched, first)).data.patrol == patrol
    await on_duty(investigation, "samapta-1", "samapta-3")
    unplaced = await report(investigation, place={"lat": None, "lon": None})
    assert (await investigation.says(PatrolDispatched, unplaced)).data.patrol == "samapta-3"


async def test_a_narrative_that_cannot_be_opened_does_not_keep_the_patrol_at_home(investigation: Running) -> None:
    await on_duty(investigation, "samapta-1")
    complaint = complaint_id()
    foreign = new_report(investigation, complaint_id())
    await investigation.hear(classified(investigation, complaint, foreign, **URGENT), complaint, lane="urgent")
    assert (await investigation.says(PatrolDispatched, complaint)).data.patrol == "samapta-1"


async def test_twenty_at_once_and_three_patrols_in_two_processes(
    investigation: Running, settings: InvestigationSettings, clock: Clock
) -> None:
    """Nobody is sent to two places, the others are told of, and each is served as a patrol becomes free."""
    await on_duty(investigation, "samapta-1", "samapta-2", "samapta-3")
    second = app(settings, clock)
    async with second.router.lifespan_context(second):
        complaints = await asyncio.gather(*(report(investigation) for _ in range(20)))

        async def everybody_answered() -> bool:
            return all(
                investigation.of(PatrolDispatched, complaint) or investigation.of(InvestigationEscalated, complaint)
                for complaint in complaints
            )

        await until(everybody_answered, "every caller has a patrol or an alarm")
        sent = [c for c in complaints if investigation.of(PatrolDispatched, c)]
        assert len(sent) == 3
        assert {investigation.of(PatrolDispatched, c)[0].data.patrol for c in sent} == {
            "samapta-1",
            "samapta-2",
            "samapta-3",
        }
        for complaint in set(complaints) - set(sent):
            alarms = investigation.of(InvestigationEscalated, complaint)
            assert next((alarm.data.reason, alarm.data.level) for alarm in alarms) == ("patrol_unavailable", 1)

        served: Counter[str] = Counter()

        async def serve() -> bool:
            rows = await board(investigation)
            busy = [row["patrol"] for row in rows.values() if row["patrol"]]
            assert len(busy) == len(set(busy)), "no patrol is at two places"
            for complaint, row in rows.items():
                if row["patrol"]:
                    me = crew(investigation, row["patrol"])
                    assert (await move(investigation, complaint, "arrive", me)).status_code == 200
                    done = await move(investigation, complaint, "clear", me, {"result": "settled"})
                    assert done.status_code == 200
                    served[complaint] += 1
            return len(served) == 20

        await until(serve, "every caller is served", 60)
    assert set(served.values()) == {1}
    for complaint in complaints:
        await investigation.says(PatrolDispatched, complaint)
        # A process that finds another's event not yet published publishes it too, under the same id.
        assert len({event.id for event in investigation.of(PatrolDispatched, complaint)}) == 1
    assert await investigation.parked() == 0


async def test_an_urgent_report_is_served_before_one_that_waits_longer(investigation: Running) -> None:
    await on_duty(investigation)
    calm = await report(investigation, urgency="P3", tracks=("investigation", "dispatch"))
    await investigation.says(InvestigationEscalated, calm)
    grave = await report(investigation)
    await investigation.says(InvestigationEscalated, grave)
    body = {"status": "free"}
    assert (
        await investigation.http.patch("/patrols/samapta-4", json=body, headers=crew(investigation, "samapta-4"))
    ).is_success
    assert (await investigation.says(PatrolDispatched, grave)).data.patrol == "samapta-4"
    assert investigation.of(PatrolDispatched, calm) == []
    waiting = await board(investigation)
    assert waiting[calm]["waiting_for_patrol"]


async def test_a_rejected_or_calmed_report_frees_its_patrol_for_the_next(investigation: Running) -> None:
    await on_duty(investigation, "samapta-1")
    first, second, third = await report(investigation), await report(investigation), None
    sent = await until(
        lambda: next((c for c in (first, second) if investigation.of(PatrolDispatched, c)), None), "one is served"
    )
    waiting = second if sent == first else first
    event = ComplaintRejected(reason="false_report", appeal_until="2027-01-01T00:00:00Z", officer="verifier-1")
    await investigation.hear(event, sent, sequence=9, lane="urgent")
    assert (await investigation.says(PatrolDispatched, waiting)).data.patrol == "samapta-1"
    third = await report(investigation)
    calmed = reclassified(investigation, waiting, urgency="P3", units=("Jatanras",), category="theft")
    await investigation.hear(calmed, waiting, sequence=9)
    assert (await investigation.says(PatrolDispatched, third)).data.patrol == "samapta-1"


async def test_a_stood_down_patrol_is_sent_again_by_a_dispatcher(investigation: Running) -> None:
    await on_duty(investigation, "samapta-2")
    complaint = await report(investigation)
    await investigation.says(PatrolDispatched, complaint)
    operator = investigation.token("call_operator", person="operator-1", units=(POLRES,))
    assert (await move(investigation, complaint, "stand-down", operator)).json()["state"] == "stood_down"
    assert (await move(investigation, complaint, "acknowledge", crew(investigation, "samapta-2"))).status_code == 409
    again = await move(investigation, complaint, "send", operator)
    assert (again.status_code, again.json()["state"]) == (200, "sent")
    assert (await investigation.says(PatrolDispatched, complaint, 2)).data.attempt == 2
    stranger = investigation.token("call_operator", person="operator-2", units=("polres-elsewhere",))
    assert (await move(investigation, complaint, "stand-down", stranger)).status_code == 404


async def test_a_crew_moves_its_own_patrol_only(investigation: Running) -> None:
    body = {"lat": -6.61, "lon": 107.41}
    me = crew(investigation, "samapta-1")
    moved = await investigation.http.patch("/patrols/samapta-1", json=body, headers=me)
    assert (moved.status_code, moved.json()["lat"]) == (200, -6.61)
    assert (await investigation.http.patch("/patrols/samapta-2", json=body, headers=me)).status_code == 403
    administrator = investigation.token("administrator", units=(POLRES,))
    absent = await investigation.http.patch("/patrols/nobody", json=body, headers=administrator)
    assert absent.status_code == 404
    for wrong in ({}, {"lat": 1.0}, {"status": "dispatched"}, {"lat": "NaN", "lon": 1}, {"lat": 91, "lon": 1}):
        assert (await investigation.http.patch("/patrols/samapta-1", json=wrong, headers=me)).status_code == 422
    elsewhere = investigation.token("administrator", units=("polres-elsewhere",))
    assert (await investigation.http.put("/patrols/x", json={}, headers=elsewhere)).status_code == 422
    entry = {"call_sign": "X", "unit": "Samapta", **body}
    assert (await investigation.http.put("/patrols/x", json=entry, headers=elsewhere)).status_code == 403
    assert (await investigation.http.put("/patrols/x", json=entry, headers=me)).status_code == 403
