"""The whole system that the stories share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.state import State
from tests.shared.collector import Collector, collecting
from tests.support.provider import the_provider
from tests.support.system import running_system


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the system keeps its data and its logs."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Takes the traces of the system."""
    with collecting() as running:
        yield running


@pytest.fixture(scope="session")
def system(folder: Path, collector: Collector) -> Iterator[State]:
    """The system that the stories share."""
    told = {"ADUAN_OIDC_ISSUER": the_provider().url, "ADUAN_OTLP_ENDPOINT": collector.url}
    with running_system(folder, told) as state:
        yield state
