"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

from datetime import UTC, datetime

import pytest_asyncio

from shared.contracts.classification import Classification, ComplaintClassified
from shared.contracts.envelope import Person
from shared.contracts.intake import ComplaintSubmitted
from shared.contracts.investigation import InvestigationAssigned
from shared.contracts.verification import ComplaintLinked
from tests.services.intake.samples import jpeg, spoken
from tests.services.intake.test_attachments import upload
from tests.support.room import Running, until
from tests.support.walk import ABOUT, POLRES, Scene, gates, masses, pages, reaches

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
    await _holds(intake, complaint, "units", "Pidum")
    insiders = {
        role: Person(f"{role}-1", frozenset({role}), frozenset({POLRES, "Pidum"}))
        for role in (
            "counter_officer",
            "call_operator",
            "verifier",
            "classifier",
            "detective",
            "unit_head",
            "administrator",
            "chief",
            "auditor",
        )
    }
    supplement = {"POST /tracking/supplements": {"code": "words", "what": "words"}}
    return Scene(intake, complaint, insiders, {"attachment_id": file}, supplement)


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)


async def test_pages_keep_to_the_same_table(scene: Scene) -> None:
    await pages(scene)


async def test_files_go_with_a_report_to_whoever_works_on_it(intake: Running, counter: dict[str, str]) -> None:
    """To the unit of the detective whom the chief named, and to that of the earlier complaint that it goes on in."""
    earlier, later = await _with_file(intake, counter), await _with_file(intake, counter)
    detectives = {unit: intake.token("detective", person="d", units=(POLRES, unit)) for unit in ("PPA", "Pidum")}
    for file in (earlier, later):
        assert {await _reads(intake, who, file) for who in detectives.values()} == {404}
    given = InvestigationAssigned(detective="d", unit="PPA", letter_due=datetime.now(UTC))
    await intake.hear(given, earlier[0], sequence=4)
    await until(
        lambda: intake.room.store().find_one({"_id": earlier[0], "case.handling.detective_unit": "PPA"}), "given"
    )
    report = (await intake.says(ComplaintSubmitted, later[0])).data.report
    await intake.hear(ComplaintLinked(linked_to=earlier[0], officer="verifier-1", report=report), later[0], sequence=3)
    await _holds(intake, later[0], "earlier", earlier[0])
    assert [await _reads(intake, detectives["PPA"], file) for file in (earlier, later)] == [200, 200]
    assert [await _reads(intake, detectives["Pidum"], file) for file in (earlier, later)] == [404, 404]


async def _with_file(intake: Running, counter: dict[str, str]) -> tuple[str, str]:
    file = (await upload(intake, jpeg()))["id"]
    taken = await intake.http.post("/counter/complaints", json=spoken(attachments=[file]), headers=counter)
    return taken.json()["id"], file


async def _reads(intake: Running, person: dict[str, str], of: tuple[str, str]) -> int:
    return (await intake.http.get(f"/complaints/{of[0]}/attachments/{of[1]}", headers=person)).status_code


async def _holds(intake: Running, complaint: str, name: str, value: str) -> None:
    """Waits till intake knows this of whose work the complaint is."""
    wanted = {"_id": complaint, f"case.handling.{name}": value}
    await until(lambda: intake.room.store().find_one(wanted), f"{complaint} has {name} {value}")
