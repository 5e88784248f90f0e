"""What runs where in a local run: ports, secrets and the environment of each process, in one place."""

import base64
import json
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from deploy.local.process import NotStarted, claim, listens

ROOT = Path(__file__).parents[2]
RUN = ROOT / os.environ.get("ADUAN_RUN_FOLDER", ".run")
FIRST_BASE, LAST_BASE, BLOCK = 18_000, 28_000, 200
SERVER_PORTS = 5  # broker, its management, port mapper, distribution, database
PER_SERVICE = 10  # processes of one service at most
SECRETS = RUN / "secrets.env"
CHANNELS = ("kelurahan-digital", "lapor-kota")
OPEN311_CLIENT = "kota-app"
SAMPLE_AGENCIES = ROOT / "deploy" / "samples" / "agencies.json"

# Which sealed parts a service can open. The others pass through it unread.
PARTS: dict[str, tuple[str, ...]] = {
    "intake": ("narrative", "identity", "contact", "notice"),
    "verification": ("narrative", "identity", "contact", "notice"),
    "classification": ("narrative",),
    "investigation": ("narrative", "identity", "contact", "notice"),
    "evaluation": ("narrative", "feedback"),
    "internal_affairs": ("narrative", "identity", "contact", "notice", "conduct"),
    "mediation": ("narrative", "identity", "contact", "notice", "settlement"),
    "notification": ("contact", "notice"),
    "referral": ("narrative", "notice", "agency"),
}


def service_names() -> list[str]:
    """Every service that there is: a folder with a main module."""
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/main.py"))


@dataclass(frozen=True)
class Ports:
    """The ports of a run, all within one block."""

    base: int

    @property
    def servers(self) -> list[int]:
        return [self.base + offset for offset in range(SERVER_PORTS)]

    @property
    def sms(self) -> int:
        return self.base + 5

    @property
    def smtp(self) -> int:
        return self.base + 6

    @property
    def mailbox(self) -> int:
        return self.base + 7

    def service(self, name: str, nth: int = 0) -> int:
        return self.base + PER_SERVICE * (1 + service_names().index(name)) + nth


def choose_ports() -> tuple[Ports, socket.socket]:
    """The block that ADUAN_PORT_BASE names, else the first free one. Raises NotStarted.

    The socket holds the block's last port: as long as it is open, no other checkout takes the block for its own.
    """
    given = os.environ.get("ADUAN_PORT_BASE")
    if given:
        if not given.isdigit() or not 1024 <= int(given) <= 65_000:
            raise NotStarted(f"ADUAN_PORT_BASE must be a port from 1024 to 65000, not {given!r}.")
        held = _claim_block(int(given))
        if not held:
            raise NotStarted(f"Some port from {given} on is in use; choose another ADUAN_PORT_BASE.")
        return Ports(int(given)), held
    for base in range(FIRST_BASE, LAST_BASE, BLOCK):
        if held := _claim_block(base):
            return Ports(base), held
    raise NotStarted(f"No free block of ports between {FIRST_BASE} and {LAST_BASE}; set ADUAN_PORT_BASE.")


def _claim_block(base: int) -> socket.socket | None:
    held = claim(base + BLOCK - 1)
    if held and any(listens(port) for port in range(base, base + BLOCK - 1)):
        held.close()
        return None
    return held


def remembered_secrets() -> dict[str, str]:
    """The secrets of this checkout's runs, made once and kept in a file that only its owner can read."""
    if not SECRETS.exists():
        RUN.mkdir(parents=True, exist_ok=True)
        SECRETS.touch(mode=0o600)
    kept = {name: value or "" for name, value in dotenv_values(SECRETS, interpolate=False).items()}
    # What a later version of this checkout needs besides is added; what is there stays.
    whole = _completed(_fresh_secrets(), kept)
    if whole != kept:
        SECRETS.write_text("".join(f"{name}='{value}'\n" for name, value in whole.items()))
    return whole


def _completed(fresh: dict[str, str], kept: dict[str, str]) -> dict[str, str]:
    """The kept secrets, with those that are missing. Of a mapping, such as the keys by part, each entry counts."""
    whole = fresh | kept
    for name in fresh.keys() & kept.keys():
        if fresh[name].startswith("{"):
            whole[name] = json.dumps(json.loads(fresh[name]) | json.loads(kept[name]))
    return whole


def _fresh_secrets() -> dict[str, str]:
    agencies = [entry["slug"] for entry in json.loads(SAMPLE_AGENCIES.read_text("utf-8"))]
    parts = {part for own in PARTS.values() for part in own}
    names = ("TOKEN_KEY", "CODE_KEY", "FINGERPRINT_KEY", "SMS_TOKEN", "SMS_CALLBACK_SECRET", "AMQP_PASSWORD")
    return {
        **{f"ADUAN_{name}": secrets.token_urlsafe(32) for name in names},
        "ADUAN_SEALING_KEYS": json.dumps({f"{part}.1": _key() for part in sorted(parts)}),
        "ADUAN_CHANNELS": json.dumps(CHANNELS),
        "ADUAN_OPEN311_KEYS": json.dumps({OPEN311_CLIENT: secrets.token_urlsafe(24)}),
        "ADUAN_CHANNEL_PASSWORDS": json.dumps({channel: secrets.token_urlsafe(24) for channel in CHANNELS}),
        "ADUAN_AGENCY_PASSWORDS": json.dumps({agency: secrets.token_urlsafe(24) for agency in agencies}),
        "ADUAN_AGENCY_SECRETS": json.dumps({agency: _webhook_secret() for agency in agencies}),
    }


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _webhook_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


# Variables that speak to these tools; all others that begin alike are settings, and override what is chosen here.
_OURS = ("ADUAN_RUN_FOLDER", "ADUAN_PORT_BASE", "ADUAN_NATIVE")


def environment(amqp_url: str, broker_api: str, mongo_url: str, ports: Ports) -> dict[str, str]:
    """What a tool of the operator is given: everything."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONUNBUFFERED": "1",
        "MONGO_DRIVER": os.environ.get("MONGO_DRIVER", "motor"),
        **remembered_secrets(),
        "ADUAN_POLRES": "polres-sukamaju",
        "ADUAN_AMQP_URL": amqp_url,
        "ADUAN_BROKER_API": broker_api,
        "ADUAN_MONGO_URL": mongo_url,
        "ADUAN_OFFICE": "POLRES SUKAMAJU",
        "ADUAN_QUOTA_FACTOR": "100",  # here all callers share one address
        "ADUAN_SITE": "aduan.sukamaju.example",
        "ADUAN_SMS_URL": f"http://127.0.0.1:{ports.sms}",
        "ADUAN_SMTP_HOST": "127.0.0.1",
        "ADUAN_SMTP_PORT": str(ports.smtp),
        **{name: value for name, value in os.environ.items() if name.startswith("ADUAN_") and name not in _OURS},
    }


def service_environment(everything: dict[str, str], service: str) -> dict[str, str]:
    """What a service is given: the keys of its own parts, and no password of a partner."""
    keys = json.loads(everything["ADUAN_SEALING_KEYS"])
    parts = PARTS.get(service, ())
    own = {kid: key for kid, key in keys.items() if kid.partition(".")[0] in parts}
    withheld = {
        *("ADUAN_CHANNEL_PASSWORDS", "ADUAN_AGENCY_PASSWORDS", "ADUAN_AGENCY_SECRETS"),
        *("ADUAN_BROKER_API", "ADUAN_AMQP_PASSWORD"),
    }
    return {k: v for k, v in everything.items() if k not in withheld} | {"ADUAN_SEALING_KEYS": json.dumps(own)}
