"""`make faults` that is interrupted, or lacks something, says so in a line and leaves no process and no data behind."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from pathlib import Path

import pytest

from deploy.local.process import started_at
from tests.support.processes import ROOT
from tests.support.room import until


async def storm(folder: Path, path: str | None = None) -> Process:
    environment = {**os.environ, "TMPDIR": str(folder), "PATH": path or os.environ["PATH"]}
    command = (sys.executable, "-m", "tests.faults.storm", "--seconds", "600", "--seed", "1")
    return await create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE, stderr=STDOUT)


def started_in(folder: Path) -> set[int]:
    """The processes that have something of the folder on their command line or in their environment."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid() or not started_at(int(entry.name)):
            continue
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if str(folder).encode() in told:
            found.add(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["servers start", "reports come in"])
async def test_a_storm_that_is_interrupted_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, moment: str
) -> None:
    process = await storm(tmp_path)
    try:
        sign = "servers/rabbitmq/rabbitmq.log" if moment == "servers start" else "intake.log"
        await until(lambda: list(tmp_path.glob(f"aduan-storm-*/{sign}")), moment, 120)
        assert len(started_in(tmp_path)) > 1
        process.send_signal(number)
        said = (await asyncio.wait_for(process.communicate(), 90))[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith("interrupted")
    assert "Traceback" not in said
    await until(lambda: not started_in(tmp_path), "every process has ended", 30)
    assert os.listdir(tmp_path) == []


async def test_a_storm_on_a_machine_without_a_broker_says_what_is_missing(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    process = await storm(tmp_path, path=str(bare))
    said = (await asyncio.wait_for(process.communicate(), 60))[0].decode()
    assert process.returncode == 1
    assert "RabbitMQ is missing (Debian: apt-get install rabbitmq-server)." in said
    assert "Traceback" not in said
    assert not started_in(tmp_path)
    assert os.listdir(tmp_path) == ["bin"]
