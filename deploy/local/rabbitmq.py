"""RabbitMQ from Debian's package, in a folder of its own, on the loopback address alone."""

import os
import secrets
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local.process import Child, NotStarted, listens, remembered

_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# Of the optional plugins these are used; reading all the others would take a third of the time that a start takes.
_PLUGINS = ("rabbitmq_prelaunch", "rabbitmq_management", "rabbitmq_management_agent", "rabbitmq_web_dispatch")
_SECONDS = 90
USER = "aduan"


@dataclass(frozen=True)
class RabbitPorts:
    amqp: int
    management: int
    epmd: int
    distribution: int


class RabbitMQ:
    """A broker that can be stopped, killed and started again on the same data and ports."""

    def __init__(self, folder: Path, ports: RabbitPorts) -> None:
        if not _SCRIPT.exists() or not shutil.which("epmd"):
            raise NotStarted("RabbitMQ is missing (Debian: apt-get install rabbitmq-server).")
        self._folder = folder
        self.ports = ports
        folder.mkdir(parents=True, exist_ok=True)
        # Both are part of the data: a node of another name would start empty, and a password is set only once.
        self._password = remembered(folder / "password", secrets.token_urlsafe(24))
        self._node = remembered(folder / "node", f"aduan-{secrets.token_hex(4)}@localhost")
        environment = self._environment()
        # Erlang's port mapper would otherwise be started as a daemon that outlives the broker.
        epmd = ["epmd", "-address", "127.0.0.1", "-port", str(ports.epmd)]
        self._mapper = Child("epmd", epmd, environment, folder / "epmd.log")
        # One that crashes leaves its dump where it works.
        self._broker = Child("RabbitMQ", [str(_SCRIPT)], environment, folder / "rabbitmq.log", folder)

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self.ports.amqp}/"

    @property
    def api(self) -> str:
        """The management API, with the administrator's name and password."""
        return f"http://{USER}:{self._password}@127.0.0.1:{self.ports.management}"

    @property
    def pids(self) -> list[int]:
        return [self._broker.pid, self._mapper.pid]

    def start(self) -> None:
        """Starts it and waits till it answers. Raises NotStarted."""
        self._write_configuration()
        if not self._mapper.alive:
            self._mapper.start()
            self._mapper.wait_until(lambda: listens(self.ports.epmd), 10)
        self._broker.start()
        self._broker.wait_until(self._answers, _SECONDS)

    def kill(self) -> None:
        """Ends the broker as a power cut would."""
        self._broker.kill()

    def stop(self) -> None:
        if self._broker.alive:
            self._detach_statistics()
        self._broker.stop()
        self._mapper.stop()

    def _detach_statistics(self) -> None:
        # While it shuts down, the management plugin of 3.10 calls a process that waits for it, and both wait 5 s.
        # Where this call fails, the stop is only slower.
        call = shutil.which("erl_call")
        if call:
            remove = [
                call,
                "-n",
                self._node,
                "-a",
                "gen_event delete_handler [rabbit_event,rabbit_mgmt_db_handler,stop]",
            ]
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(remove, env=self._environment(), capture_output=True, timeout=5, check=False)

    def _answers(self) -> bool:
        if not listens(self.ports.amqp):
            return False
        try:
            return httpx.get(f"{self.api}/api/health/checks/local-alarms", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _write_configuration(self) -> None:
        configuration = self._folder / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"listeners.tcp.local = 127.0.0.1:{self.ports.amqp}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self.ports.management}\n"
            f"default_user = {USER}\ndefault_pass = {self._password}\n"
            "disk_free_limit.absolute = 100MB\nlog.console = true\nlog.console.level = warning\nlog.file = false\n"
        )
        (self._folder / "enabled_plugins").write_text("[rabbitmq_management].")
        (self._folder / "env.conf").write_text("")
        self._link_plugins()

    def _link_plugins(self) -> None:
        plugins = self._folder / "plugins"
        shutil.rmtree(plugins, ignore_errors=True)
        plugins.mkdir()
        for found in (_SCRIPT.resolve().parents[1] / "plugins").iterdir():
            name = found.name.rpartition("-")[0]
            if not name.startswith("rabbitmq_") or name in _PLUGINS:
                (plugins / found.name).symlink_to(found)

    def _environment(self) -> dict[str, str]:
        folder, ports = self._folder, self.ports
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(ports.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(ports.distribution),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PLUGINS_DIR": str(folder / "plugins"),
            # The script then becomes the broker instead of waiting beside it, so the process we know is the broker.
            "detached": "true",
            # Two schedulers that do not spin while idle leave the cores to the services and the tests.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
        }
