"""The whole system in containers, where Docker answers: `compose.yaml`, with this checkout's secrets."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from deploy.local import environments, layout, state
from deploy.local.layout import ROOT, RUN
from deploy.local.process import NotStarted

_PORTS = {"sms_gateway": 8000, "mailbox": 8000, "identity": 8000, "gateway": 80, "rabbitmq": 5672}
_ENVIRONMENT = RUN / "compose.env"  # the secrets, and of those that are for several, what each service is given


def available() -> bool:
    """Whether Docker with its compose plugin answers; ADUAN_NATIVE=1 says to do without."""
    if os.environ.get("ADUAN_NATIVE") or not shutil.which("docker"):
        return False
    asked = (["docker", "info"], ["docker", "compose", "version"])
    return all(subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in asked)


def up(scale: Mapping[str, int]) -> state.State:
    """Builds the image, starts everything and waits till it is healthy. Raises NotStarted."""
    _write_environment()
    print("· building the image and starting the containers (some minutes the first time)", flush=True)
    counts = [f"--scale={name}={count}" for name, count in scale.items()]
    _compose("up", "--detach", "--build", "--wait", *counts)
    running = state.State("ready", containers=True)
    for name in ("supervisor", *layout.process_names(), *_PORTS):
        running.processes.append(state.Noted(name, 0, "", _address(name) if name != "supervisor" else ""))
    broker = running.url("rabbitmq").removeprefix("http://")
    remembered = layout.remembered_secrets()
    running.environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **remembered,
        "ADUAN_OIDC_ISSUER": os.environ.get("ADUAN_OIDC_ISSUER", "http://identity:8000"),
        "ADUAN_SITE": os.environ.get("ADUAN_SITE", "aduan.sukamaju.example"),
        "ADUAN_AMQP_URL": f"amqp://aduan:{remembered['ADUAN_AMQP_PASSWORD']}@{broker}/",
    }
    running.write()
    return running


def down() -> None:
    """Stops and removes the containers; the volumes with the data stay."""
    _compose("down")
    state.forget()
    print("Everything is stopped. The data is kept in Docker's volumes.")


def inside(tool: str, program: Sequence[str]) -> None:
    """Becomes a program that runs beside the containers, with what an operator's tool is given."""
    container = "topology" if tool == "registrar" else tool
    run = ("docker", "compose", "--env-file", str(_ENVIRONMENT), "run", "--rm", "--no-deps", container, *program)
    os.chdir(ROOT)
    os.execvp(run[0], run)


def _write_environment() -> None:
    """Compose cannot take a password out of a mapping or leave keys out of one."""
    everything = layout.remembered_secrets()
    kinds = {"AMQP": "ADUAN_AMQP_PASSWORDS", "MONGO": "ADUAN_MONGO_PASSWORDS"}
    variables = dict(everything)
    for kind, name in kinds.items():
        for user, password in json.loads(everything[name]).items():
            variables[f"{user.upper()}_{kind}_PASSWORD"] = password
    for service in layout.service_names():
        variables[f"{service.upper()}_SEALING_KEYS"] = json.dumps(environments.own_keys(everything, service))
    _ENVIRONMENT.touch(mode=0o600)
    _ENVIRONMENT.write_text("".join(f"{name}='{value}'\n" for name, value in variables.items()))


def _address(name: str) -> str:
    """Where a container's port is reached from this machine."""
    return f"http://{_compose('port', name, str(_PORTS.get(name, 8000)))}"


def _compose(*arguments: str) -> str:
    command = ["docker", "compose", "--env-file", str(_ENVIRONMENT), "--profile", "demo", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotStarted(f"docker compose {arguments[0]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()
