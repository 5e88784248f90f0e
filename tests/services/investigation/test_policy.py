"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import json
from uuid import uuid4

import pytest
import pytest_asyncio

from shared.contracts.envelope import Person
from shared.contracts.investigation import InvestigationAssigned, PatrolDispatched
from tests.services.investigation.conftest import classified, complaint_id, new_report, put_roster
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, lists, masses, pages, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(investigation: Running) -> Scene:
    """A robbery that a patrol is sent to and a detective of Jatanras has."""
    for kind in ("officers", "patrols"):
        await put_roster(investigation, kind)
    complaint = complaint_id()
    report = new_report(investigation, complaint, conflicts=ABOUT, in_progress=True)
    urgent = classified(investigation, complaint, report, urgency="P1", category="robbery", units=("Jatanras",))
    await investigation.hear(urgent, complaint, lane="urgent")
    patrol = (await investigation.says(PatrolDispatched, complaint)).data.patrol
    detective = (await investigation.says(InvestigationAssigned, complaint)).data.detective
    # A silent patrol would be replaced while the walk takes its time, and its orders would be another's.
    crew = investigation.token("patrol", person=patrol, units=(POLRES,))
    acknowledged = await investigation.http.post(f"/patrols/dispatches/{complaint}/acknowledge", headers=crew)
    assert acknowledged.status_code == 200
    ids = {"detective": detective, "patrol": patrol}
    units = {"chief": {POLRES}, "call_operator": {POLRES}, "administrator": {POLRES}, "patrol": {POLRES}}
    insiders = {
        role: Person(ids.get(role, f"{role}-1"), frozenset({role}), frozenset(units.get(role, {POLRES, "Jatanras"})))
        for role in ("detective", "unit_head", "chief", "call_operator", "patrol", "administrator")
    }
    reason = {"outcome": "transferred", "reason": "other_police_office", "words": "words"}
    bodies = {
        "POST /cases/{complaint}/conclusion": reason,
        "PUT /cases/{complaint}/detective": {"detective": "lestari-wibawa", "reason": "leave"},
    }
    entry = {"evidence_id": str(uuid4()), "witness_id": str(uuid4()), "officer_id": detective}
    return Scene(investigation, complaint, insiders, {"patrol_id": patrol, **entry}, bodies)


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_no_list_shows_a_case_to_whom_it_is_not_given(scene: Scene) -> None:
    await lists(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)


async def test_pages_keep_to_the_same_table(scene: Scene) -> None:
    await pages(scene)


async def test_an_officer_outside_the_unit_finds_nothing_and_the_attempt_is_noted(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    service, complaint = scene.it, complaint_id()
    await service.hear(classified(service, complaint, units=("Satlantas",), category="traffic_accident"), complaint)
    assigned = await service.says(InvestigationAssigned, complaint)
    own = service.token("detective", person=assigned.data.detective, units=(POLRES, "Satlantas"))
    assert (await service.http.get(f"/cases/{complaint}", headers=own)).status_code == 200
    capfd.readouterr()
    for role in ("detective", "unit_head"):
        stranger = service.token(role, person=f"{role}-of-pidum", units=(POLRES, "Satreskrim", "Pidum"))
        absent = await service.http.get(f"/cases/{complaint_id()}", headers=stranger)
        found = await service.http.get(f"/cases/{complaint}", headers=stranger)
        assert (found.status_code, found.content) == (404, absent.content)
    noted = [json.loads(line) for line in capfd.readouterr().out.splitlines() if "access_refused" in line]
    assert [(line["person"], line["route"], line["reason"]) for line in noted if line["complaint"] == complaint] == [
        ("detective-of-pidum", "GET /cases/{complaint}", "not_found"),
        ("unit_head-of-pidum", "GET /cases/{complaint}", "not_found"),
    ]


async def test_what_somebody_typed_into_an_address_is_not_noted(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    typed = scene.it.token("auditor", person="auditor-1", units=(POLRES,))
    assert (await scene.it.http.get("/cases/canary-budi-santoso", headers=typed)).status_code == 403
    out = capfd.readouterr().out
    (line,) = [json.loads(line) for line in out.splitlines() if "access_refused" in line]
    assert (line["person"], line["complaint"], line["reason"]) == ("auditor-1", None, "role_missing")
    assert "canary" not in out


async def test_a_head_has_patrols_called_off_for_cases_of_the_unit_alone(scene: Scene) -> None:
    path = f"/patrols/dispatches/{scene.complaint}"
    other = scene.it.token("unit_head", person="head-pidum", units=(POLRES, "Pidum"))
    board = await scene.it.http.get("/patrols/dispatches/board", headers=other)
    assert (board.status_code, board.json()) == (200, [])
    assert (await scene.it.http.post(f"{path}/stand-down", headers=other)).status_code == 404
    own = scene.it.token("unit_head", person="head-jatanras", units=(POLRES, "Jatanras"))
    board = await scene.it.http.get("/patrols/dispatches/board", headers=own)
    assert [row["complaint"] for row in board.json()] == [scene.complaint]
    assert (await scene.it.http.post(f"{path}/stand-down", headers=own)).status_code == 200
