"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.classification import Classification, ComplaintClassified
from shared.contracts.envelope import Person
from shared.contracts.intake import ComplaintSubmitted
from tests.services.intake.samples import jpeg, spoken
from tests.services.intake.test_attachments import upload
from tests.support.room import Running, until
from tests.support.walk import ABOUT, POLRES, Scene, gates, masses, reaches

FOR_PIDUM = Classification(
    category="theft", urgency="P3", tracks=("investigation",), mediation="never", units=("Pidum",), confidence=1
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(intake: Running) -> Scene:
    """A report with a file, taken down at the counter and classified for Pidum."""
    file = (await upload(intake, jpeg()))["id"]
    counter = intake.token("counter_officer", person="officer-counter", units=(POLRES,))
    body = spoken(attachments=[file], conflicts=list(ABOUT))
    taken = await intake.http.post("/counter/complaints", json=body, headers=counter)
    assert taken.status_code == 201, taken.text
    complaint = taken.json()["id"]
    told = (await intake.says(ComplaintSubmitted, complaint)).data.report
    await intake.hear(ComplaintClassified(report=told, classification=FOR_PIDUM), complaint, sequence=3)
    handled = {"_id": complaint, "case.handling.units": "Pidum"}
    await until(lambda: intake.room.store().find_one(handled), "intake knows whose work it is")
    insiders = {
        role: Person(f"{role}-1", frozenset({role}), frozenset({POLRES, "Pidum"}))
        for role in ("counter_officer", "call_operator", "verifier", "classifier", "detective", "unit_head")
    }
    supplement = {"POST /tracking/supplements": {"code": "words", "what": "words"}}
    return Scene(intake, complaint, insiders, {"attachment_id": file}, supplement)


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)
