"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from tests.services.notification import samples
from tests.services.notification.reporters import by_sms
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, masses, pages, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(notification: Running) -> Scene:
    """A report that was classified for Pidum."""
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission(conflicts=ABOUT), samples.classified())
    insiders = {
        role: Person(f"{role}-1", frozenset({role}), frozenset({POLRES, "Pidum"}))
        for role in ("verifier", "counter_officer", "unit_head", "chief")
    }
    forms = {"POST /notification/panels/{complaint_id}/reached": {"messages": "no-such-message"}}
    return Scene(notification, reporter.complaint, insiders, forms=forms)


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)


async def test_pages_keep_to_the_same_table(scene: Scene) -> None:
    await pages(scene)
