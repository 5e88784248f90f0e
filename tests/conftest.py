"""Fixtures for all tests: the real servers, started once a run and only if a test asks for them."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Servers, servers


@pytest.fixture(scope="session")
def real_servers() -> Iterator[Servers]:
    with servers() as started:
        yield started
