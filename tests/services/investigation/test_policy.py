"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from shared.contracts.investigation import InvestigationAssigned, PatrolDispatched
from tests.services.investigation.conftest import classified, complaint_id, new_report, put_roster
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, lists, masses, reaches


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
    return Scene(investigation, complaint, insiders, {"patrol_id": patrol}, bodies)


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_no_list_shows_a_case_to_whom_it_is_not_given(scene: Scene) -> None:
    await lists(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)
