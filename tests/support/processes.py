"""Services as processes of their own, so that they can be killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections.abc import Mapping
from pathlib import Path

import httpx

from deploy.local.process import free_ports
from tests.support.room import until

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    return free_ports(1)[0]


class ServiceProcess:
    """`uvicorn --factory <factory>` with the environment given and nothing of ours besides."""

    def __init__(self, factory: str, environment: Mapping[str, str], log: Path) -> None:
        self._factory = factory
        self._environment = dict(environment)
        self._log = log
        self._process: Process | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has written so far, in all its lives."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Starts it. With `extra`, these variables are set for this life alone."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            **self._environment,
            **(extra or {}),
        }
        with self._log.open("ab") as log:
            self._process = await create_subprocess_exec(
                *(sys.executable, "-m", "uvicorn", "--factory", self._factory, "--no-access-log"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "20"),
                cwd=ROOT,
                env=environment,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def ready(self, seconds: float = 30) -> None:
        async with httpx.AsyncClient() as client:

            async def answers() -> bool:
                assert self.alive, f"{self._factory} ended: {self._log.read_text()[-2000:]}"
                try:
                    return (await client.get(f"{self.url}/health/ready", timeout=3)).status_code == 200
                except httpx.TransportError:
                    return False

            await until(answers, f"{self._factory} ready", seconds)

    async def dead(self, seconds: float = 30) -> int:
        """Waits till it has ended by itself. Returns its exit code."""
        assert self._process is not None
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()
