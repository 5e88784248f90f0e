"""Fixtures for all tests: the real servers, started once a run and only if a test asks for them."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Servers, servers


@pytest.fixture(scope="session")
def real_servers() -> Iterator[Servers]:
    with servers() as started:
        yield started


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names a file by what it is for and not by its bytes, in which the time stands when it was made."""
    return argname if isinstance(val, bytes) and len(val) > 50 else None
