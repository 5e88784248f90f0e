"""`up` and `down` in a small checkout of their own: the real command on real servers, with one tiny service."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.deploy.left import left_behind, wait_for

ROOT = Path(__file__).parents[2]
# Named like the service to which the gateway sends its receipts; incoming messages go to another, named like intake.
SERVICE = "notification"
HEALTHY = """
from fastapi import FastAPI

def app():
    service = FastAPI()
    service.get("/health/ready")(lambda: {})
    return service
"""
BROKEN = "def app():\n    raise RuntimeError('the culprit speaks')\n"


class Checkout:
    def __init__(self, folder: Path, service: str = HEALTHY) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
        for path, content in {
            f"services/{SERVICE}/main.py": service,
            "services/intake/main.py": HEALTHY,
            # Agencies are registered with what this one is given.
            "services/referral/main.py": HEALTHY,
            "services/portal/main.py": HEALTHY,
            "deploy/gateway/Caddyfile": "{\n\tadmin off\n}\n{$GATEWAY_ADDRESS} {\n\trespond 200\n}\n",
            "shared/topology.py": "",
            "deploy/broker.py": "",
            "deploy/agency.py": "",
            "deploy/database.py": "",
            "shared/settings.py": (ROOT / "shared" / "settings.py").read_text(),
            "shared/contracts/__init__.py": "",
            "shared/contracts/envelope.py": (ROOT / "shared" / "contracts" / "envelope.py").read_text(),
        }.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "deploy.local", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")}
        return {**given, "ADUAN_NATIVE": "1", "ADUAN_OIDC_ISSUER": "http://nowhere", "PYTHONPATH": str(self.folder)}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(
            self.command(*arguments), cwd=self.folder, env=self.environment, stdout=nowhere, stderr=nowhere
        )

    def noted(self, name: str) -> dict[str, Any]:
        try:
            state = json.loads((self.folder / ".run/state.json").read_text())
        except FileNotFoundError:
            return {}
        return next((noted for noted in state["processes"] if noted["name"] == name), {})

    def log(self, name: str) -> str:
        return (self.folder / f".run/logs/{name}.log").read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path)
    yield checkout
    checkout.run("down")


def test_a_service_that_dies_is_started_again_and_down_ends_everything_even_without_its_supervisor(
    checkout: Checkout,
) -> None:
    up = checkout.run("up", f"--scale={SERVICE}=2")
    assert up.returncode == 0, up.stdout + up.stderr
    assert f"{SERVICE} 2" in checkout.run("status").stdout
    died = checkout.noted(SERVICE)

    os.kill(died["pid"], signal.SIGKILL)

    wait_for(lambda: checkout.noted(SERVICE)["pid"] != died["pid"], "another process in its place")
    wait_for(lambda: _ready(died["url"]), "the new process answers")
    assert f"{SERVICE} died" in checkout.log("supervisor")

    os.kill(checkout.noted("supervisor")["pid"], signal.SIGKILL)
    down = checkout.run("down")
    assert down.returncode == 0, down.stderr
    assert left_behind(checkout.folder) == []


def test_a_service_that_does_not_start_is_named_with_its_last_words_and_nothing_is_left(tmp_path: Path) -> None:
    up = Checkout(tmp_path, BROKEN).run("up")

    assert up.returncode != 0
    assert SERVICE in up.stderr
    assert "the culprit speaks" in up.stderr
    assert left_behind(tmp_path) == []


def test_down_finds_the_servers_of_a_supervisor_that_was_killed_while_they_started(checkout: Checkout) -> None:
    up = checkout.begin("up")
    wait_for(lambda: any("rabbit boot" in command for command in left_behind(checkout.folder)), "the broker starts")

    os.kill(checkout.noted("supervisor")["pid"], signal.SIGKILL)
    up.wait(60)

    down = checkout.run("down")
    assert down.returncode == 0, down.stderr
    assert left_behind(checkout.folder) == []


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False
