"""`python -m deploy.local up|down|status|renew|run`: the whole system on this machine, in containers
where Docker answers."""

import argparse
import os
import subprocess
import sys
import time

from deploy.local import compose, state
from deploy.local.environments import registrar_environment, tool_environment
from deploy.local.layout import PER_SERVICE, ROOT, RUN, TOOLS, process_names, renew_passwords, service_names
from deploy.local.process import NotStarted, end_group, groups_started_for
from deploy.local.supervise import Supervisor

_STARTING_SECONDS = 180
_STOPPING_SECONDS = 90


def up(scale: dict[str, int]) -> state.State:
    """Starts everything in the background and waits till it is ready. Raises NotStarted."""
    if compose.available():
        return compose.up(scale)
    running = state.read()
    if running and running.status == "ready" and state.lives(running.processes[0]):
        print("Already running.")
        return running
    down(quietly=True)
    log = RUN / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [f"--scale={name}={count}" for name, count in scale.items()]
    with log.open("ab") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "supervise", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        return _watch(supervisor)
    except BaseException:
        supervisor.terminate()
        supervisor.wait()
        down(quietly=True)
        raise


def _watch(supervisor: "subprocess.Popen[bytes]") -> state.State:
    """Prints each step as it is reached."""
    shown, deadline = 0, time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < deadline:
        ended = supervisor.poll() is not None
        now = state.read() or state.State()
        for step in now.steps[shown:]:
            print(f"· starting {step}", flush=True)
        shown = len(now.steps)
        if now.status == "ready":
            return now
        if now.status == "failed" or ended:
            raise NotStarted(now.problem or f"The supervisor ended; see {RUN / 'logs' / 'supervisor.log'}.")
        time.sleep(0.1)
    raise NotStarted(f"Not ready after {_STARTING_SECONDS} s; see {RUN / 'logs'}.")


def down(quietly: bool = False) -> None:
    """Ends everything that `up` started, also what a supervisor that was killed left behind."""
    running = state.read()
    if running is None:
        if not quietly:
            print(f"Nothing runs in {RUN.relative_to(ROOT)}." if RUN.is_relative_to(ROOT) else "Nothing runs.")
        return
    if running.containers:
        compose.down()
        return
    supervisor, others = running.processes[0], running.processes[1:]
    if state.lives(supervisor):
        end_group(supervisor.pid, _STOPPING_SECONDS)
    # Services first, the servers that they need last.
    for noted in reversed(others):
        if state.lives(noted):
            end_group(noted.pid, 20)
    # A supervisor that was killed could not note what it was just starting.
    for folder in (RUN / "logs", RUN / "data" / "mongodb", RUN / "data" / "rabbitmq"):
        for group in groups_started_for(folder):
            end_group(group, 5)
    left = [noted.name for noted in running.processes if state.lives(noted)]
    if left:
        raise NotStarted(f"Still running: {', '.join(left)}.")
    state.forget()
    if not quietly:
        print(f"Everything is stopped. The data is kept in {RUN / 'data'}.")


def show(running: state.State) -> None:
    for noted in running.processes:
        word = "runs" if running.containers or state.lives(noted) else "DEAD"
        print(f"  {noted.name:16} {word}  {noted.url}")
    print(f"  /docs and /asyncapi of each service describe it; logs in {RUN / 'logs'}; `make down` ends it")
    print(f"\n  Pages for reporters and officers: {running.url('gateway')}")


def _scale(given: list[str]) -> dict[str, int]:
    scale = {}
    for item in given:
        name, _, count = item.partition("=")
        if name not in process_names() or not count.isdigit() or not 1 <= int(count) <= PER_SERVICE:
            raise NotStarted(f"--scale wants service=1…{PER_SERVICE}, of {', '.join(process_names())}; not {item!r}.")
        scale[name] = int(count)
    return scale


def _running() -> state.State:
    running = state.read()
    if running is None or not (running.containers or state.lives(running.processes[0])):
        raise NotStarted("Nothing runs; `make up` starts it.")
    return running


def _environment(tool: str) -> dict[str, str]:
    everything = _running().environment
    if tool == "operator":  # what goes through every database with every key: audit, rotation, erasure
        return everything
    return registrar_environment(everything) if tool == "registrar" else tool_environment(everything, tool)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("up", "supervise"):
        commands.add_parser(name).add_argument("--scale", action="append", default=[], metavar="SERVICE=N")
    commands.add_parser("down")
    commands.add_parser("renew").add_argument("user", choices=[*service_names(), *TOOLS])
    commands.add_parser("status")
    for name in ("run", "inside"):
        program = commands.add_parser(name)
        program.add_argument("--as", dest="tool", required=True, choices=[*TOOLS, "registrar", "operator"])
        program.add_argument("program", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    try:
        if given.command == "up":
            show(up(_scale(given.scale)))
        elif given.command == "supervise":
            Supervisor(_scale(given.scale)).run()
        elif given.command == "down":
            down()
        elif given.command == "renew":
            renew_passwords(given.user)
            print(f"{given.user} has other passwords. They count from `make down up` on.")
        elif given.command == "status":
            show(_running())
        elif given.command == "inside" and _running().containers:
            compose.inside(given.tool, ["python", *given.program[1:]])
        else:
            os.execvpe(given.program[0], given.program, _environment(given.tool))
    except NotStarted as problem:
        sys.exit(f"Cannot go on: {problem}")
    except KeyboardInterrupt:
        sys.exit("Interrupted; what had been started is stopped.")


if __name__ == "__main__":
    main()
