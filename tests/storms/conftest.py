"""The spine for the modules that need all of it; each module has its own, since it kills it."""

from collections.abc import AsyncIterator

import pytest

from tests.faults.load import Load
from tests.faults.spine import Spine, standing


@pytest.fixture(scope="module")
async def spine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Spine]:
    async with standing(tmp_path_factory.mktemp("spine")) as started:
        yield started


@pytest.fixture(scope="module")
def load(spine: Spine) -> Load:
    """All reports of the module, so that the ledger knows every case that there may be."""
    return Load(spine, seed=500)
