"""Classification on real servers, one for each module of tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.classification.main import app
from services.classification.settings import ClassificationSettings
from tests.services.classification.samples import POLRES
from tests.shared.tally import drop_databases
from tests.support.room import Running, running, settings_from
from tests.support.servers import Servers


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> ClassificationSettings:
    return settings_from(ClassificationSettings, real_servers)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def classification(settings: ClassificationSettings) -> AsyncIterator[Running]:
    async with running(app(settings), settings, "classification") as started:
        yield started
    await drop_databases(settings)


@pytest.fixture
def officer(classification: Running) -> dict[str, str]:
    return classification.token("classifier", person="officer-1", units=(POLRES,))


@pytest.fixture
def ppa_officer(classification: Running) -> dict[str, str]:
    return classification.token("classifier", "ppa_approver", person="officer-ppa", units=(POLRES, "PPA"))
