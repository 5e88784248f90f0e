"""Services that start at once: forked from a process that has read all their code and has done nothing else.

Reading the code takes a service some seconds of a core, which would otherwise bound how often one can be killed. What
is forked has no connection, no thread and no loop yet, and dies by SIGKILL like any other process.
`python -m tests.faults.nursery` is that process; when whoever started it is gone, it ends all that it has forked.
"""

import asyncio
import json
import os
import random
import signal
import sys
import threading
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections import deque
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import uvicorn

from deploy.local.layout import service_names
from tests.support.processes import ROOT, ServiceProcess


class Bred:
    """A forked process, as far as asyncio's would be used."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        await self._ended.wait()
        return cast(int, self.returncode)

    def end(self, code: int) -> None:
        self.returncode = code
        self._ended.set()


class Nursery:
    """The process that forks, seen from the one that asks it to."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._asked: deque[asyncio.Future[Bred]] = deque()
        self._bred: dict[int, Bred] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, log: Path) -> "Nursery":
        with log.open("ab") as errors:
            process = await create_subprocess_exec(
                *(sys.executable, "-m", "tests.faults.nursery"),
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                start_new_session=True,
            )
        return cls(process)

    async def fork(self, order: Mapping[str, Any]) -> Bred:
        answer: asyncio.Future[Bred] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return await answer

    async def close(self) -> None:
        """Ends it, and with it whatever it has forked that still runs."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if "born" in said:
                bred = self._bred[said["born"]] = Bred(said["born"])
                answer = self._asked.popleft()
                # Whoever asked may have been interrupted meanwhile; what was forked for it ends with the nursery.
                if not answer.done():
                    answer.set_result(bred)
            else:
                self._bred.pop(said["died"]).end(said["code"])
        for answer in filter(lambda asked: not asked.done(), self._asked):
            answer.set_exception(RuntimeError("the nursery has ended; its log says why"))


class ForkedService(ServiceProcess):
    """A service as a forked process."""

    def __init__(self, nursery: Nursery, factory: str, environment: Mapping[str, str], log: Path) -> None:
        super().__init__(factory, environment, log)
        self._nursery = nursery

    async def start(self, extra: Mapping[str, str] | None = None) -> None:
        own = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        environment = {**own, **self._environment, **(extra or {})}
        order = {"factory": self._factory, "port": self.port, "log": str(self._log), "environment": environment}
        self._process = cast(Process, await self._nursery.fork(order))


def _serve(order: Mapping[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for own, descriptor in enumerate((nothing, log, log)):
        os.dup2(descriptor, own)
    random.seed()  # what was forked before has the same state
    uvicorn.run(
        order["factory"],
        factory=True,
        host="127.0.0.1",
        port=order["port"],
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=20,
    )


def _say(**said: int) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def _main() -> None:
    for name in service_names():
        import_module(f"services.{name}.main")
    for name in ("tests.faults.build", "uvicorn.lifespan.on", "uvicorn.protocols.http.auto", "motor.motor_asyncio"):
        import_module(name)
    assert threading.active_count() == 1, "a thread would not be forked along"
    running = set[int]()

    def reap(*_: object) -> None:
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            running.discard(pid)
            _say(died=pid, code=os.waitstatus_to_exitcode(status))

    signal.signal(signal.SIGCHLD, reap)
    for line in sys.stdin:
        # Its birth has to be told before its death.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            try:
                _serve(json.loads(line))
            finally:
                os._exit(1 if sys.exc_info()[0] else 0)
        running.add(pid)
        _say(born=pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for pid in list(running):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    _main()
