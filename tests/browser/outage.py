"""A service of the running system that dies and is started again."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from deploy.local.state import Noted, lives
from tests.browser.visiting import Site
from tests.support.room import until

_AGAIN = 90.0  # seconds within which a service that died is there again, on a machine that is busy


def _process_of(site: Site, service: str) -> Noted:
    """The process of a service as it is now; it may have been started again since the tests began."""
    file = Path(site.state.environment["ADUAN_AUDIT_FOLDER"]).parent / "state.json"
    return next(Noted(**noted) for noted in json.loads(file.read_text())["processes"] if noted["name"] == service)


@asynccontextmanager
async def dead(site: Site, service: str) -> AsyncIterator[None]:
    """Keeps a service dead: whenever the supervisor has started it again, it dies again."""

    async def kill() -> None:
        while True:
            noted = _process_of(site, service)
            # While the supervisor waits, the id may have become somebody else's.
            if lives(noted):
                with suppress(ProcessLookupError):
                    os.kill(noted.pid, signal.SIGKILL)
            await asyncio.sleep(0.2)

    killing = asyncio.create_task(kill())
    try:
        yield
    finally:
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)


async def back(site: Site, service: str) -> None:
    """Waits till the supervisor has it answering again."""
    url = f"{site.state.url(service)}/health/ready"

    async def answers() -> bool:
        try:
            async with httpx.AsyncClient() as client:
                return (await client.get(url, timeout=3)).is_success
        except httpx.TransportError:
            return False

    await until(answers, f"{service} is back", _AGAIN)
