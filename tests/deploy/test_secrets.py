"""The secrets of a local run: made once, kept, and completed when a later version needs more."""

import json
from pathlib import Path

import pytest

from deploy.broker import machine_accounts
from deploy.local import environments, layout


def test_what_a_later_version_needs_is_added_and_what_is_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "RUN", tmp_path)
    monkeypatch.setattr(layout, "SECRETS", tmp_path / "secrets.env")
    made = layout.remembered_secrets()
    assert layout.remembered_secrets() == made
    assert layout.SECRETS.stat().st_mode & 0o077 == 0
    keys = json.loads(made["ADUAN_SEALING_KEYS"])
    older = {name: value for name, value in made.items() if name != "ADUAN_AGENCY_SECRETS"}
    older["ADUAN_SEALING_KEYS"] = json.dumps({"narrative.1": keys["narrative.1"], "narrative.2": keys["contact.1"]})
    layout.SECRETS.write_text("".join(f"{name}='{value}'\n" for name, value in older.items()))
    completed = layout.remembered_secrets()
    assert completed.keys() == made.keys()
    assert {**completed, "ADUAN_AGENCY_SECRETS": "", "ADUAN_SEALING_KEYS": ""} == {
        **made,
        "ADUAN_AGENCY_SECRETS": "",
        "ADUAN_SEALING_KEYS": "",
    }
    now = json.loads(completed["ADUAN_SEALING_KEYS"])
    assert now.keys() == {*keys, "narrative.2"}
    assert (now["narrative.1"], now["narrative.2"]) == (keys["narrative.1"], keys["contact.1"])


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(layout, "RUN", tmp_path)
    monkeypatch.setattr(layout, "SECRETS", tmp_path / "secrets.env")
    monkeypatch.setenv("ADUAN_LOG_LEVEL", "error")
    monkeypatch.setenv("ADUAN_SOMETHING_SECRET", "of nobody's settings")
    return environments.environment(
        "amqp://aduan:admin-secret@broker/",
        "http://aduan:admin-secret@broker/",
        "mongodb://aduan:admin-secret@database/?replicaSet=aduan",
        layout.Ports(20_000),
    )


# Whose settings read which of the secrets; none but these reach a service.
SHARED = {"ADUAN_AMQP_URL", "ADUAN_MONGO_URL", "ADUAN_SEALING_KEYS", "ADUAN_OIDC_CLIENT_SECRET", "ADUAN_AUDIT_KEY"}
OWN = {
    "intake": {"ADUAN_CODE_KEY", "ADUAN_CHANNEL_KEYS", "ADUAN_SMS_CALLBACK_SECRET", "ADUAN_OPEN311_KEYS"},
    "verification": {"ADUAN_FINGERPRINT_KEY"},
    "notification": {"ADUAN_CODE_KEY", "ADUAN_SMS_TOKEN", "ADUAN_SMS_CALLBACK_SECRET"},
    "evaluation": {"ADUAN_CODE_KEY"},
}


@pytest.mark.parametrize("service", layout.service_names())
def test_a_service_is_given_what_its_settings_read_and_its_own_users_and_keys(
    everything: dict[str, str], service: str
) -> None:
    given = environments.service_environment(everything, service)
    assert given["ADUAN_LOG_LEVEL"] == "error"
    hidden = {*layout.remembered_secrets(), *SHARED, "ADUAN_BROKER_API", "ADUAN_SOMETHING_SECRET"} - {"ADUAN_CHANNELS"}
    assert given.keys() & hidden == SHARED | OWN.get(service, set())
    assert f"//{service}:" in given["ADUAN_AMQP_URL"]
    assert f"//aduan_{service}:" in given["ADUAN_MONGO_URL"]
    assert {kid.partition(".")[0] for kid in json.loads(given["ADUAN_SEALING_KEYS"])} == set(layout.PARTS[service])
    others = [*layout.service_names(), *layout.TOOLS]
    others.remove(service)
    passwords = json.loads(everything["ADUAN_AMQP_PASSWORDS"]), json.loads(everything["ADUAN_MONGO_PASSWORDS"])
    secret = {"admin-secret", *(kept[other] for kept in passwords for other in others if other in kept)}
    assert not [name for name, value in given.items() if any(password in value for password in secret)]


@pytest.mark.parametrize("tool", [*layout.TOOLS, "registrar", "simulator"])
def test_a_tool_is_given_no_administrators_way_in_that_it_does_not_need(everything: dict[str, str], tool: str) -> None:
    of = {"registrar": environments.registrar_environment, "simulator": environments.simulator_environment}
    given = of[tool](everything) if tool in of else environments.tool_environment(everything, tool)
    with_admin = {name for name, value in given.items() if "admin-secret" in value}
    assert with_admin == ({"ADUAN_BROKER_API"} if tool == "registrar" else set())
    assert "ADUAN_AMQP_PASSWORDS" not in given


def test_other_passwords_are_given_to_one_user_alone(everything: dict[str, str]) -> None:
    before = layout.remembered_secrets()
    for user in ("intake", "replay"):
        layout.renew_passwords(user)
    after = layout.remembered_secrets()
    changed = {
        (name, known)
        for name in ("ADUAN_AMQP_PASSWORDS", "ADUAN_MONGO_PASSWORDS")
        for known, password in json.loads(after[name]).items()
        if password != json.loads(before[name])[known]
    }
    assert changed == {
        ("ADUAN_AMQP_PASSWORDS", "intake"),
        ("ADUAN_AMQP_PASSWORDS", "replay"),
        ("ADUAN_MONGO_PASSWORDS", "intake"),
    }
    assert {name for name in before if before[name] != after[name]} == {name for name, _ in changed}


def test_every_user_on_the_broker_has_a_password(everything: dict[str, str]) -> None:
    assert json.loads(everything["ADUAN_AMQP_PASSWORDS"]).keys() == {user.user for user in machine_accounts()}
