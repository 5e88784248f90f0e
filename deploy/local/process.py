"""Programs run as processes of their own, and ended for certain."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# In the environment of each program: the folder of its log. It is inherited, and outlives whoever started the program.
_MARK = "ADUAN_STARTED_FOR"


# Below the ports that Linux hands out by itself, and above the blocks of whole systems.
_OURS = (28_100, 32_700)


class NotStarted(Exception):
    """A program is missing, ended at once or did not answer in time. Says so in one line."""


class Child:
    """A program in a process group of its own, with its output in a log file; it works in `folder`, or where we do."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, folder: Path | None = None
    ) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = dict(environment)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env={**self._environment, _MARK: str(self.log.parent)},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        if self._process is None:
            raise NotStarted(f"{self.name} has not been started")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait_until(self, answers: Callable[[], bool], seconds: float) -> None:
        """Waits till it answers. Raises NotStarted with the end of its log."""
        deadline = time.monotonic() + seconds
        while not answers():
            if not self.alive:
                raise NotStarted(f"{self.name} ended while starting. Its last words:\n{self.last_words()}")
            if time.monotonic() > deadline:
                raise NotStarted(f"{self.name} did not answer within {seconds:.0f} s. {self.last_words()}")
            time.sleep(0.05)

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-12:])

    def stop(self, seconds: float = 25) -> None:
        """Asks it to end, and ends it if it does not."""
        if self._process is None:
            return
        end_group(self._process.pid, seconds, self._reap)

    def kill(self) -> None:
        """Ends it and all its children at once."""
        if self._process is not None:
            for pid in _family(self._process.pid):
                _signal(pid, signal.SIGKILL)
            self._process.wait()

    def _reap(self) -> None:
        if self._process is not None:
            self._process.poll()


def end_group(group: int, seconds: float, reap: Callable[[], None] = lambda: None) -> None:
    """Asks a process group to end, waits for it and for all that its members have started, and kills what is left."""
    family = _family(group)
    _signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while left := [pid for pid, began in family.items() if started_at(pid) == began]:
        reap()
        if time.monotonic() > deadline:
            for pid in left:
                _signal(pid, signal.SIGKILL)
        time.sleep(0.05)
        family |= _family(group)
    reap()


def _family(group: int) -> dict[int, str]:
    """The running processes of a group and all that descends from them, with when each began.

    Erlang starts its helpers in groups of their own; they end by themselves, but only a moment after it.
    """
    running = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    known = {pid: fields for pid, fields in running.items() if fields and fields[0] != "Z"}
    family = {pid for pid, fields in known.items() if int(fields[2]) == group}
    while children := {pid for pid, fields in known.items() if int(fields[1]) in family} - family:
        family |= children
    return {pid: known[pid][19] for pid in family}


def groups_started_for(folder: Path) -> list[int]:
    """The process groups of the programs that have their logs in this folder, the one started last first."""
    marks = {int(entry.name): _mark(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found = []
    for pid, mark in marks.items():
        fields = _stat(pid)
        # What a program has started itself, it also ends itself.
        if mark == str(folder) and fields and marks.get(int(fields[1])) != mark:
            found.append((int(fields[19]), int(fields[2])))
    return list(dict.fromkeys(group for _, group in sorted(found, reverse=True)))


def _mark(pid: int) -> str | None:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    prefix = f"{_MARK}=".encode()
    return next((os.fsdecode(entry.removeprefix(prefix)) for entry in environment if entry.startswith(prefix)), None)


def started_at(pid: int) -> str | None:
    """When the process began, in the kernel's ticks: tells a reused process id from the one that was noted.

    None where it does not run; one that has ended and only waits to be reaped does not.
    """
    fields = _stat(pid)
    return fields[19] if fields and fields[0] != "Z" else None


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def remembered(file: Path, fresh: str) -> str:
    """What stands in a file that only its owner can read; the first time, that is `fresh`."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(fresh)
    return file.read_text()


def listens(port: int) -> bool:
    """Whether something takes connections on the port of the loopback address."""
    try:
        with socket.create_connection(("127.0.0.1", port), 0.3):
            return True
    except OSError:
        return False


def claim(port: int) -> socket.socket | None:
    """A socket that holds the port until it is closed; None where somebody else has it."""
    held = socket.socket()
    try:
        held.bind(("127.0.0.1", port))
        held.listen()
    except OSError:
        held.close()
        return None
    return held


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now, and that the system gives to no outgoing connection before they are used."""
    found: list[socket.socket] = []
    try:
        while len(found) < count:
            # Not a secret: it only has to differ from what others pick.
            held = claim(random.randint(*_OURS))  # noqa: S311  # nosec B311
            if held:
                found.append(held)
        return [held.getsockname()[1] for held in found]
    finally:
        for held in found:
            held.close()
