"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from shared.contracts.referral import ReferralOffered
from tests.services.referral.conftest import classified, complaint_id, new_report
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, lists, masses, pages, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(referral: Running) -> Scene:
    """A complaint that an agency was offered."""
    complaint = complaint_id()
    await referral.hear(classified(referral, complaint, new_report(referral, complaint, conflicts=ABOUT)), complaint)
    await referral.says(ReferralOffered, complaint)
    insiders = {
        role: Person(f"{role}-1", frozenset({role}), frozenset({POLRES})) for role in ("referral_officer", "chief")
    }
    at = "POST /referral/panels/{complaint_id}"
    agency = {"agency": "damkar-test"}
    forms = {f"{at}/{move}": agency for move in ("offers", "collaborators", "collaborators/removal")}
    return Scene(referral, complaint, insiders, agency, forms=forms)


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
