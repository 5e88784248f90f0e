"""What runs where in a local run: its services, their ports, and the secrets that are made for it."""

import base64
import json
import os
import secrets
import socket
from collections.abc import Mapping
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
TOOLS = ("topology", "replay", "rebuild")  # users on the broker that are no service's
ADMINISTRATORS = ("AMQP_PASSWORD", "MONGO_PASSWORD", "MONGO_KEY")  # of the containers; natively the data holds them
SAMPLE_AGENCIES = ROOT / "deploy" / "samples" / "agencies.json"

# Which sealed parts a service can open. The others pass through it unread. `audit` are the reasons of who read here.
PARTS: dict[str, tuple[str, ...]] = {
    "intake": ("narrative", "identity", "contact", "attachment", "notice", "audit"),
    "verification": ("narrative", "identity", "contact", "notice", "audit"),
    "classification": ("narrative", "audit"),
    "investigation": ("narrative", "identity", "contact", "notice", "audit"),
    "evaluation": ("narrative", "feedback", "audit"),
    "internal_affairs": ("narrative", "identity", "contact", "notice", "conduct", "audit"),
    "mediation": ("narrative", "identity", "contact", "notice", "settlement", "audit"),
    "notification": ("contact", "notice", "audit"),
    "referral": ("narrative", "notice", "agency", "audit"),
}


PORTAL = "portal"


def service_names() -> list[str]:
    """Every service with cases and messages: a folder with a main module. The portal has neither."""
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/main.py") if path.parent.name != PORTAL)


def process_names() -> list[str]:
    """Everything that the gateway stands before."""
    return [*service_names(), PORTAL]


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

    @property
    def identity(self) -> int:
        return self.base + 8

    @property
    def gateway(self) -> int:
        return self.base + 9

    def service(self, name: str, nth: int = 0) -> int:
        return self.base + PER_SERVICE * (1 + process_names().index(name)) + nth


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
        _keep(whole)
    return whole


def renew_passwords(user: str) -> None:
    """Gives a service or tool other passwords on broker and database, from the next start on."""
    kept = remembered_secrets()
    for name in ("ADUAN_AMQP_PASSWORDS", "ADUAN_MONGO_PASSWORDS"):
        passwords = json.loads(kept[name])
        # A tool that only talks to the broker has no password on the database.
        kept[name] = json.dumps({known: _password() if known == user else old for known, old in passwords.items()})
    _keep(kept)


def _keep(kept: Mapping[str, str]) -> None:
    SECRETS.write_text("".join(f"{name}='{value}'\n" for name, value in kept.items()))


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
    names = ("CODE_KEY", "FINGERPRINT_KEY", "SMS_TOKEN", "SMS_CALLBACK_SECRET", "AUDIT_KEY", *ADMINISTRATORS)
    services = service_names()
    return {
        **{f"ADUAN_{name}": secrets.token_urlsafe(32) for name in (*names, *IDENTITY, "OIDC_CLIENT_SECRET")},
        "ADUAN_SEALING_KEYS": json.dumps({f"{part}.1": _key() for part in sorted(parts)}),
        "ADUAN_AMQP_PASSWORDS": json.dumps({user: _password() for user in (*services, *TOOLS)}),
        "ADUAN_MONGO_PASSWORDS": json.dumps({service: _password() for service in services}),
        "ADUAN_CHANNELS": json.dumps(CHANNELS),
        "ADUAN_CHANNEL_KEYS": json.dumps({"1": _key()}),
        "ADUAN_OPEN311_KEYS": json.dumps({OPEN311_CLIENT: _password()}),
        "ADUAN_CHANNEL_PASSWORDS": json.dumps({channel: _password() for channel in CHANNELS}),
        "ADUAN_AGENCY_PASSWORDS": json.dumps({agency: _password() for agency in agencies}),
        "ADUAN_AGENCY_SECRETS": json.dumps({agency: _webhook_secret() for agency in agencies}),
    }


# What the embedded provider keeps; the portal's secret and the sample people's password are the demo's as well.
IDENTITY = ("IDENTITY_SECRET", "IDENTITY_PASSWORD", "PORTAL_SECRET")


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return secrets.token_urlsafe(24)


def _webhook_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
