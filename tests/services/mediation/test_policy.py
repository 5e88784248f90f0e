"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from shared.contracts.mediation import MediationAssigned
from tests.services.mediation.conftest import classified, complaint_id, new_report
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, lists, masses, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(mediation: Running) -> Scene:
    """A matter that may be settled only with the word of the PPA unit, and one that asks for guidance."""
    complaint = complaint_id()
    report = new_report(mediation, complaint, conflicts=ABOUT)
    told = classified(mediation, complaint, report, category="domestic_violence", mediation="ppa_approval")
    await mediation.hear(told, complaint)
    mediator = (await mediation.says(MediationAssigned, complaint)).data.mediator
    guided = complaint_id()
    report = new_report(mediation, guided, conflicts=ABOUT)
    await mediation.hear(classified(mediation, guided, report, tracks=("guidance",)), guided)
    guide = (await mediation.says(MediationAssigned, guided)).data.mediator
    ids = {"bhabinkamtibmas": mediator, "guidance_officer": guide}
    insiders = {
        role: Person(ids.get(role, f"{role}-1"), frozenset({role}), frozenset({POLRES}))
        for role in ("bhabinkamtibmas", "guidance_officer", "mediation_lead", "ppa_approver", "administrator")
    }
    return Scene(mediation, complaint, insiders, complaints={"guidance_officer": guided})


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_no_list_shows_a_case_to_whom_it_is_not_given(scene: Scene) -> None:
    await lists(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)
