"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from tests.services.intake.samples import jpeg, spoken
from tests.services.intake.test_attachments import upload
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, masses, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(intake: Running) -> Scene:
    """A report with a file, taken down at the counter."""
    file = (await upload(intake, jpeg()))["id"]
    counter = intake.token("counter_officer", person="officer-counter", units=(POLRES,))
    body = spoken(attachments=[file], conflicts=list(ABOUT))
    taken = await intake.http.post("/counter/complaints", json=body, headers=counter)
    assert taken.status_code == 201, taken.text
    insiders = {
        role: Person(f"{role}-1", frozenset({role}), frozenset({POLRES, "Pidum"}))
        for role in ("counter_officer", "call_operator", "verifier", "classifier", "detective", "unit_head")
    }
    supplement = {"POST /tracking/supplements": {"code": "words", "what": "words"}}
    return Scene(intake, taken.json()["id"], insiders, {"attachment_id": file}, supplement)


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)
