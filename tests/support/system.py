"""The whole system, started and ended by the same command that a user types."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.local.layout import service_names
from deploy.local.state import Noted, State
from tests.support.processes import ROOT
from tests.support.queries import every_query_indexed


@contextmanager
def running_system(folder: Path, told: Mapping[str, str]) -> Iterator[State]:
    """Everything on servers of its own, in a folder of its own; all queries use an index. `told`: further settings."""
    # Without quiet hours and digests, since the stories wait for messages whatever the time of day, and count them.
    quiet = {"ADUAN_QUIET_FROM": "00:00", "ADUAN_QUIET_UNTIL": "00:00", "ADUAN_DIGEST_SECONDS": "0"}
    environment = {**os.environ, **quiet, **told, "ADUAN_RUN_FOLDER": str(folder), "ADUAN_NATIVE": "1"}
    started = _local("up", environment)
    assert started.returncode == 0, started.stdout + started.stderr + _logs(folder)
    content = json.loads((folder / "state.json").read_text())
    content["processes"] = [Noted(**noted) for noted in content["processes"]]
    state = State(**content)
    try:
        with ExitStack() as watched:
            for service in service_names():
                watched.enter_context(every_query_indexed(state.environment["ADUAN_MONGO_URL"], "aduan_", service))
            yield state
    finally:
        stopped = _local("down", environment)
    assert stopped.returncode == 0, stopped.stdout + stopped.stderr
    left = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, text=True, check=False).stdout
    assert not left, "processes are left after `down`"


def _local(command: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    arguments = [sys.executable, "-m", "deploy.local", command]
    return subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def _logs(folder: Path) -> str:
    return "".join(f"\n{log.name}: {log.read_text()[-1500:]}" for log in sorted((folder / "logs").glob("*.log")))
