"""What runs, written down so that another command can see it and end it."""

import json
import os
from dataclasses import asdict, dataclass, field
from typing import Literal

from deploy.local.layout import RUN
from deploy.local.process import started_at

_FILE = RUN / "state.json"


@dataclass
class Noted:
    """A process that was started. `born` tells it from a later one with the same id."""

    name: str
    pid: int
    born: str
    url: str = ""


@dataclass
class State:
    status: Literal["starting", "ready", "failed", "stopping"] = "starting"
    steps: list[str] = field(default_factory=list)
    problem: str = ""
    processes: list[Noted] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    containers: bool = False

    def note(self, name: str, pid: int, url: str = "") -> None:
        self.processes = [noted for noted in self.processes if noted.name != name]
        self.processes.append(Noted(name, pid, started_at(pid) or "", url))
        self.write()

    def write(self) -> None:
        """Replaces the file at once, so that a reader never sees half of it."""
        RUN.mkdir(parents=True, exist_ok=True)
        fresh = _FILE.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(self), indent=1))
        os.replace(fresh, _FILE)

    def url(self, name: str) -> str:
        return next(noted.url for noted in self.processes if noted.name == name)


def read() -> State | None:
    """The state of the run that was begun last and not ended; None where there is none."""
    try:
        content = json.loads(_FILE.read_text())
    except FileNotFoundError:
        return None
    content["processes"] = [Noted(**noted) for noted in content["processes"]]
    return State(**content)


def forget() -> None:
    _FILE.unlink(missing_ok=True)


def lives(noted: Noted) -> bool:
    return started_at(noted.pid) == noted.born
