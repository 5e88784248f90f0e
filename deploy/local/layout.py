"""What runs where in a local run: ports, secrets and the environment of each process, in one place."""

import base64
import json
import os
import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from dotenv import dotenv_values
from pydantic_settings import BaseSettings

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
        **{f"ADUAN_{name}": secrets.token_urlsafe(32) for name in (*names, *_IDENTITY, "OIDC_CLIENT_SECRET")},
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
_IDENTITY = ("IDENTITY_SECRET", "IDENTITY_PASSWORD", "PORTAL_SECRET")


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return secrets.token_urlsafe(24)


def _webhook_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


_ALWAYS = ("PATH", "HOME", "PYTHONUNBUFFERED")
# Variables that speak to these tools; all others that begin alike are settings, and override what is chosen here.
_OURS = ("ADUAN_RUN_FOLDER", "ADUAN_PORT_BASE", "ADUAN_NATIVE")


def environment(amqp_url: str, broker_api: str, mongo_url: str, ports: Ports) -> dict[str, str]:
    """Everything that anybody is given, with the administrators' ways in to broker and database."""
    # A provider of the office's own does not know the secret that was made for the embedded one.
    secretless = {} if embeds_identity() else {"ADUAN_OIDC_CLIENT_SECRET": ""}
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
        "ADUAN_AUDIT_FOLDER": str(RUN / "audit"),
        "ADUAN_OFFICE": "POLRES SUKAMAJU",
        "ADUAN_QUOTA_FACTOR": "100",  # here all callers share one address
        "ADUAN_SITE": "aduan.sukamaju.example",
        "ADUAN_ORIGINS": json.dumps([f"http://127.0.0.1:{ports.gateway}"]),
        "ADUAN_OIDC_ISSUER": f"http://127.0.0.1:{ports.identity}",
        **secretless,
        "ADUAN_SMS_URL": f"http://127.0.0.1:{ports.sms}",
        "ADUAN_SMTP_HOST": "127.0.0.1",
        "ADUAN_SMTP_PORT": str(ports.smtp),
        **{name: value for name, value in os.environ.items() if name.startswith("ADUAN_") and name not in _OURS},
    }


def embeds_identity() -> bool:
    """Whether people sign in at a provider that runs along; ADUAN_OIDC_ISSUER names another."""
    return "ADUAN_OIDC_ISSUER" not in os.environ


def identity_environment(everything: dict[str, str]) -> dict[str, str]:
    """What the embedded provider is given."""
    wanted = ("PATH", "HOME", "ADUAN_SITE", "ADUAN_ORIGINS", "ADUAN_POLRES", "ADUAN_OIDC_CLIENT_SECRET")
    return {
        **{name: everything[name] for name in (*wanted, *(f"ADUAN_{name}" for name in _IDENTITY))},
        "PYTHONPATH": str(ROOT),
        "ADUAN_IDENTITY_URL": everything["ADUAN_OIDC_ISSUER"],
        "ADUAN_IDENTITY_FOLDER": str(RUN / "data" / "identity"),
    }


def service_environment(everything: Mapping[str, str], service: str) -> dict[str, str]:
    """What a service is given: what its settings read, its own users on broker and database, its own parts' keys."""
    own = {
        "ADUAN_AMQP_URL": as_user(
            everything["ADUAN_AMQP_URL"], service, json.loads(everything["ADUAN_AMQP_PASSWORDS"])[service]
        ),
        "ADUAN_MONGO_URL": as_user(
            everything["ADUAN_MONGO_URL"],
            f"{everything.get('ADUAN_MONGO_PREFIX', 'aduan_')}{service}",
            json.loads(everything["ADUAN_MONGO_PASSWORDS"])[service],
        ),
        "ADUAN_SEALING_KEYS": json.dumps(own_keys(everything, service)),
    }
    return _only({**everything, **own}, (*_ALWAYS, *_read_by(service)))


def portal_environment(everything: Mapping[str, str], portal: str = PORTAL) -> dict[str, str]:
    """What the portal is given: no way in to broker or database, and no key."""
    return _only(everything, (*_ALWAYS, *_read_by(portal)))


def gateway_environment(everything: Mapping[str, str], ports: Ports, scale: Mapping[str, int]) -> dict[str, str]:
    """What the gateway is given: where it is reached, and behind which of its paths which processes stand."""
    upstreams = {
        f"{name.upper()}_AT": " ".join(f"127.0.0.1:{ports.service(name, nth)}" for nth in range(scale.get(name, 1)))
        for name in process_names()
    }
    files = {"GATEWAY_ADDRESS": f"http://127.0.0.1:{ports.gateway}", "GATEWAY_FILES": str(ROOT / "deploy" / "gateway")}
    # It keeps certificates and what it was told last under its home.
    return {**_only(everything, _ALWAYS), "HOME": str(RUN / "data" / "gateway"), **upstreams, **files}


def tool_environment(everything: Mapping[str, str], tool: str) -> dict[str, str]:
    """What a tool of the operator is given: its own user on the broker, and of the secrets what its work needs."""
    password = json.loads(everything["ADUAN_AMQP_PASSWORDS"])[tool]
    broker = {"ADUAN_AMQP_URL": as_user(everything["ADUAN_AMQP_URL"], tool, password)}
    if tool == "rebuild":  # works on evaluation's records as evaluation does
        return service_environment(everything, "evaluation") | broker
    return _only({**everything, **broker}, (*_ALWAYS, "ADUAN_AMQP_URL", "ADUAN_CHANNELS"))


def registrar_environment(everything: Mapping[str, str]) -> dict[str, str]:
    """What registering agencies needs: a queue declared, users made, and an entry in referral's registry."""
    passwords = _only(everything, ("ADUAN_BROKER_API", "ADUAN_AGENCY_PASSWORDS", "ADUAN_AGENCY_SECRETS"))
    return service_environment(everything, "referral") | tool_environment(everything, "topology") | passwords


def simulator_environment(everything: Mapping[str, str]) -> dict[str, str]:
    """What the simulated systems of others are given: what they share with us."""
    return _only(everything, (*_ALWAYS, "ADUAN_SMS_TOKEN", "ADUAN_SMS_CALLBACK_SECRET"))


def own_keys(everything: Mapping[str, str], service: str) -> dict[str, str]:
    """The sealing keys of the parts that a service may open."""
    parts = PARTS.get(service, ())
    keys: dict[str, str] = json.loads(everything["ADUAN_SEALING_KEYS"])
    return {kid: key for kid, key in keys.items() if kid.partition(".")[0] in parts}


def as_user(url: str, user: str, password: str) -> str:
    """The address of a server with this user's name and password in place of any other's."""
    parts = urlsplit(url)
    place = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=place))


def _only(given: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: given[name] for name in names if name in given}


def _read_by(service: str) -> list[str]:
    """The variables that the settings of a service are read from."""
    own = f"services.{service}.settings"
    module = import_module(own if find_spec(own) else "shared.settings")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, BaseSettings)]
    fields = {name: field for kind in kinds for name, field in kind.model_fields.items()}
    return [str(field.validation_alias or f"ADUAN_{name.upper()}") for name, field in fields.items()]
