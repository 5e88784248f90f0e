"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from tests.services.internal_affairs.conftest import tell
from tests.support.room import Running
from tests.support.walk import ABOUT, POLRES, Scene, gates, lists, masses, pages, reaches


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(internal_affairs: Running) -> Scene:
    complaint = await tell(internal_affairs, conflicts=ABOUT)
    insiders = {
        role: Person(f"{role}-1", frozenset({role}), frozenset({POLRES, "Sipropam"}))
        for role in ("internal_affairs", "internal_affairs_head")
    }
    typed = {
        "steps": {"step": "complete"},
        "examiner": {"examiner": "examiner-1"},
        "findings": {"text": "words"},
        "letters": {"words": "words"},
        "conflicts": {"names": "somebody"},
        "result": {"outcome": "archived", "words": "words"},
        "forwarding": {"words": "words"},
        "return": {"note": "words"},
    }
    forms = {f"POST /internal_affairs/panels/{{complaint_id}}/{move}": form for move, form in typed.items()}
    return Scene(internal_affairs, complaint, insiders, ids={"examiner": "examiner-1"}, forms=forms)


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
