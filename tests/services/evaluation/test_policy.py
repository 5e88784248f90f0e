"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

from typing import Any

import pytest_asyncio

from shared.contracts.envelope import Person
from shared.policy import rules_of
from tests.services.evaluation.samples import MONTH
from tests.services.evaluation.telling import Headers, closed
from tests.services.evaluation.test_findings import PLAN, raised
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, lists, masses, pages, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(evaluation: Running) -> Scene:
    """A complaint that was settled, and a finding that somebody is to put right."""
    reporter = await closed(evaluation, conflicts=ABOUT)
    evaluator: Headers = evaluation.token("evaluator", person="evaluator-1", units=(POLRES,))
    finding: Any = await raised(evaluation, evaluator)
    path = f"/findings/{finding['finding']}"
    planned = await evaluation.http.post(f"{path}/plan", json=PLAN, headers=evaluator)
    assert planned.status_code == 200, planned.text
    roles = {role for rule in rules_of("evaluation").values() for role in rule.may}
    insiders = {role: Person(PLAN["owner"], frozenset({role}), frozenset({POLRES})) for role in roles}
    bodies = {"POST /findings": {"indicator": "observation", "scope": "unit:Pidum", "words": "words"}}
    ids = {"finding_id": finding["finding"], "month": MONTH, "until": MONTH}
    return Scene(evaluation, reporter.complaint, insiders, ids, bodies)


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
