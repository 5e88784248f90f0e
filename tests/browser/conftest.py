"""The running system with its real sign-in, and Debian's Chromium before it. One of each for all tests of a worker."""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from deploy.demo.stage import Stage
from deploy.local.state import State
from tests.browser.visiting import Site
from tests.support.system import running_system


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    with running_system(tmp_path_factory.mktemp("site"), {}) as state:
        yield state


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(running: State) -> AsyncIterator[Site]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: `make chromium` installs it"
    async with async_playwright() as playwright:
        # A sandbox of Chromium's own cannot be made as root, nor in most containers.
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield Site(running, browser)
        finally:
            await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(running: State) -> AsyncIterator[Stage]:
    """The same system as programs reach it, for what a test needs to have happened before."""
    async with Stage(running) as stage:
        await stage.enrol()
        yield stage
