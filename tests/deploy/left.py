"""What still runs, and how to wait for something without hoping."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def left_behind(folder: Path) -> list[str]:
    """The commands of the processes that were given a path in `folder`, helpers of the servers included."""
    wanted, found = os.fsencode(folder), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                # One that has ended and waits to be reaped has neither, so it does not count.
                command, environment = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if wanted in command or wanted in environment:
                found.append(os.fsdecode(command.replace(b"\0", b" ")))
    return found


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
