"""Evaluation on real servers, one for each module of tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from services.evaluation.main import app
from services.evaluation.settings import EvaluationSettings
from tests.services.evaluation.samples import POLRES
from tests.shared.tally import drop_databases
from tests.support.room import Running, environment, running
from tests.support.servers import Servers


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> Iterator[EvaluationSettings]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**environment(real_servers), "ADUAN_OFFICE": "POLRES SUKAMAJU"}.items():
            patch.setenv(name, value)
        yield EvaluationSettings()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evaluation(settings: EvaluationSettings) -> AsyncIterator[Running]:
    async with running(app(settings), settings, "evaluation") as started:
        yield started
    await drop_databases(settings)


@pytest.fixture
def evaluator(evaluation: Running) -> dict[str, str]:
    return evaluation.token("evaluator", person="evaluator-1", units=(POLRES,))


@pytest.fixture
def chief(evaluation: Running) -> dict[str, str]:
    return evaluation.token("chief", person="chief-1", units=(POLRES,))
