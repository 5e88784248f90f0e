"""The supervisor: starts everything in order, restarts services that die, and ends everything in order."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

import httpx

from deploy.local import environments, layout, state
from deploy.local.layout import ROOT, RUN
from deploy.local.process import Child, NotStarted
from deploy.local.servers import LocalServers

_READY_SECONDS = 90
_LONGEST_PAUSE = 30.0
_SETTLED_SECONDS = 60.0  # a service that has lived so long again is taken for mended
# Run once before the services: all are safe to repeat.
_PREPARATIONS: tuple[tuple[list[str], Callable[[dict[str, str]], dict[str, str]]], ...] = (
    (["-m", "deploy.broker"], dict),
    (["-m", "deploy.database"], dict),
    (["-m", "shared.topology", "declare"], lambda everything: environments.tool_environment(everything, "topology")),
    (["-m", "deploy.agency", "load", str(layout.SAMPLE_AGENCIES)], environments.registrar_environment),
)


@dataclass
class Kept:
    """A process that is started again when it dies, later each time."""

    child: Child
    url: str
    ready: str = "/health/ready"
    deaths: int = 0
    waits: bool = False
    again_at: float = 0.0


class Supervisor:
    def __init__(self, scale: Mapping[str, int]) -> None:
        self._scale = scale
        self._ports, self._claim = layout.choose_ports()
        self._state = state.State()
        self._servers = LocalServers(RUN / "data", self._ports.servers)
        self._simulators: list[Child] = []
        self._services: list[Kept] = []
        self._asked_to_stop = False

    def run(self) -> None:
        """Runs until it is asked to stop."""
        signal.signal(signal.SIGTERM, self._stop_soon)
        signal.signal(signal.SIGINT, self._stop_soon)
        self._state.note("supervisor", os.getpid())
        try:
            self._start()
            self._set_status("ready")
            while not self._asked_to_stop:
                self._restart_the_dead()
                time.sleep(0.2)
        except NotStarted as problem:
            self._state.problem = str(problem)
            self._set_status("failed")
        finally:
            self._stop()

    def _start(self) -> None:
        self._step("RabbitMQ and MongoDB", self._start_servers)
        if environments.embeds_identity():
            self._step("OpenID provider (embedded)", self._start_identity)
        self._step("exchanges, queues and accounts", self._prepare)
        self._step("SMS gateway and mailbox (simulated)", self._start_simulators)
        self._step(f"services: {', '.join(layout.process_names())}", self._start_services)
        self._step("gateway", self._start_gateway)

    def _step(self, name: str, step: Callable[[], None]) -> None:
        if self._asked_to_stop:
            raise NotStarted("stopped while starting")
        self._state.steps.append(name)
        self._state.write()
        step()

    def _start_servers(self) -> None:
        self._servers.start()
        for name, pids, url in (
            ("rabbitmq", self._servers.rabbitmq.pids, f"http://127.0.0.1:{self._ports.servers[1]}"),
            ("mongodb", self._servers.mongodb.pids, f"mongodb://127.0.0.1:{self._ports.servers[4]}"),
        ):
            for nth, pid in enumerate(pids):
                self._state.note(name if nth == 0 else "port mapper", pid, url if nth == 0 else "")
        servers = self._servers
        self._state.environment = environments.environment(
            servers.amqp_url, servers.rabbitmq.api, servers.mongo_url, self._ports
        )

    def _start_identity(self) -> None:
        python = ROOT / ".venv-identity" / "bin" / "python"
        if not python.exists():
            raise NotStarted("the OpenID provider is not installed (run `make identity`, or set ADUAN_OIDC_ISSUER)")
        command = [str(python), "-m", "deploy.identity", "--bind", f"127.0.0.1:{self._ports.identity}"]
        child = self._child("identity", command, environments.identity_environment(self._state.environment))
        # It takes a while to fill itself; the services do not wait for it, and it is waited for with them.
        self._keep(Kept(child, self._state.environment["ADUAN_OIDC_ISSUER"], "/.well-known/openid-configuration"))

    def _prepare(self) -> None:
        for arguments, environment in _PREPARATIONS:
            done = subprocess.run(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment(self._state.environment),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise NotStarted(f"{' '.join(arguments)} failed: {done.stderr.strip().splitlines()[-1:]}")

    def _start_simulators(self) -> None:
        ports = self._ports
        callback = f"http://127.0.0.1:{ports.service('notification')}/receipts/sms"
        inbound = f"http://127.0.0.1:{ports.service('intake')}/channels/sms"
        for name, port, arguments in (
            ("sms_gateway", ports.sms, ["--callback", callback, "--inbound", inbound]),
            ("mailbox", ports.mailbox, ["--smtp-port", str(ports.smtp)]),
        ):
            command = [sys.executable, "-m", f"deploy.local.simulators.{name}", "--port", str(port), *arguments]
            child = self._child(name, command, environments.simulator_environment(self._state.environment))
            self._simulators.append(child)
            child.start()
            url = f"http://127.0.0.1:{port}"
            self._state.note(name, child.pid, url)
            child.wait_until(lambda url=url: _answers(f"{url}/messages"), _READY_SECONDS)  # type: ignore[misc]

    def _start_services(self) -> None:
        for service in layout.process_names():
            given = environments.portal_environment if service == layout.PORTAL else environments.service_environment
            environment = given(self._state.environment, service)
            for nth in range(self._scale.get(service, 1)):
                port = self._ports.service(service, nth)
                name = service if nth == 0 else f"{service} {nth + 1}"
                command = [
                    *(sys.executable, "-m", "uvicorn", "--factory", f"services.{service}.main:app"),
                    *("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"),
                    *("--no-server-header", "--timeout-graceful-shutdown", "20"),
                ]
                self._keep(Kept(self._child(name, command, environment), f"http://127.0.0.1:{port}"))
        for kept in self._services:
            kept.child.wait_until(lambda kept=kept: _answers(f"{kept.url}{kept.ready}"), _READY_SECONDS)  # type: ignore[misc]

    def _start_gateway(self) -> None:
        program = shutil.which("caddy")
        if not program:
            raise NotStarted("Caddy, the gateway, is missing (`make servers` installs it from Debian's packages)")
        command = [program, "run", "--config", str(ROOT / "deploy" / "gateway" / "Caddyfile"), "--adapter", "caddyfile"]
        environment = environments.gateway_environment(self._state.environment, self._ports, self._scale)
        kept = Kept(self._child("gateway", command, environment), f"http://127.0.0.1:{self._ports.gateway}", "/")
        self._keep(kept)
        kept.child.wait_until(lambda: _answers(f"{kept.url}{kept.ready}"), _READY_SECONDS)

    def _keep(self, kept: Kept) -> None:
        self._services.append(kept)
        kept.child.start()
        self._state.note(kept.child.name, kept.child.pid, kept.url)

    def _child(self, name: str, command: list[str], environment: Mapping[str, str]) -> Child:
        return Child(
            name, command, {**environment, "PYTHONPATH": str(ROOT)}, RUN / "logs" / f"{name.replace(' ', '-')}.log"
        )

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for kept in self._services:
            if kept.child.alive:
                if kept.deaths and now - kept.again_at > _SETTLED_SECONDS:
                    kept.deaths = 0
                continue
            if not kept.waits:
                kept.deaths, kept.waits = kept.deaths + 1, True
                pause = min(2.0 ** (kept.deaths - 1), _LONGEST_PAUSE)
                kept.again_at = now + pause
                _say(f"{kept.child.name} died; it is started again in {pause:.0f} s")
            elif now >= kept.again_at:
                kept.waits = False
                kept.child.start()
                self._state.note(kept.child.name, kept.child.pid, kept.url)

    def _stop(self) -> None:
        if self._state.status != "failed":
            self._set_status("stopping")
        _say("stopping")
        # All services are asked at once and then waited for, so that they drain beside each other.
        for kept in self._services:
            if kept.child.alive:
                os.killpg(kept.child.pid, signal.SIGTERM)
        for kept in self._services:
            kept.child.stop()
        for child in reversed(self._simulators):
            child.stop(5)
        self._servers.stop()
        self._claim.close()
        if self._state.status != "failed":
            state.forget()

    def _set_status(self, status: str) -> None:
        self._state.status = status  # type: ignore[assignment]
        self._state.write()

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=3).status_code in (200, 401)
    except httpx.TransportError:
        return False


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", flush=True)
