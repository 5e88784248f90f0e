"""The environment of each process of a local run: what it is given, and nothing that only others need."""

import json
import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic_settings import BaseSettings

from deploy.local.layout import IDENTITY, PARTS, PORTAL, ROOT, RUN, Ports, process_names, remembered_secrets

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
        **{name: everything[name] for name in (*wanted, *(f"ADUAN_{name}" for name in IDENTITY))},
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
