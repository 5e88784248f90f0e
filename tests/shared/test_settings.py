"""Settings: what a process is told from outside, and that a wrong one is named but never shown."""

import json

import pytest
from pydantic import SecretStr, ValidationError

from shared.settings import BrokerSettings, Settings, key_bytes
from tests.support.room import environment, key
from tests.support.servers import Servers

SERVERS = Servers("amqp://aduan:amqp-secret@broker/", "mongodb://aduan:mongo-secret@db/")


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGO_DRIVER", raising=False)
    for name, value in environment(SERVERS).items():
        monkeypatch.setenv(name, value)


def test_everything_that_has_no_safe_default_must_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMQP_URL", "MONGO_URL", "SEALING_KEYS", "OIDC_ISSUER"):
        with monkeypatch.context() as patch:
            patch.delenv(f"ADUAN_{name}")
            with pytest.raises(ValidationError, match=name.lower()):
                Settings()


def test_the_driver_is_chosen_by_a_variable_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().mongo_driver == "motor"
    monkeypatch.setenv("MONGO_DRIVER", "pymongo")
    assert Settings().mongo_driver == "pymongo"
    monkeypatch.setenv("MONGO_DRIVER", "mongoengine")
    with pytest.raises(ValidationError, match="MONGO_DRIVER"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "CANARY"),
        ("OIDC_ISSUER", "https://CANARY.example/?realm=a"),
        ("OIDC_GROUPS", "CANARY no JSON"),
        ("SEALING_KEYS", "CANARY no JSON"),
        ("SEALING_KEYS", '["CANARY"]'),
        ("SEALING_KEYS", json.dumps({"narrative.1": "CANARY"})),
        ("SEALING_KEYS", json.dumps({"narrative.1": key("a") + "CANARY"})),
        ("SEALING_KEYS", json.dumps({"narrative.1": "CANARY*()" + key("a")})),
        ("SEALING_KEYS", json.dumps({"narrative": key("CANARY")})),
        ("SEALING_KEYS", json.dumps({"narrative.": key("CANARY")})),
        ("SEALING_KEYS", json.dumps({".1": key("CANARY")})),
        ("SEALING_KEYS", json.dumps({"narrative.one": key("CANARY")})),
        ("SEALING_KEYS", json.dumps({"narrative.²": key("CANARY")})),
        ("SEALING_KEYS", json.dumps({"narrative.1.2": key("CANARY")})),
        ("BODY_LIMIT", "0"),
        ("BODY_LIMIT", "CANARY"),
        ("LOG_LEVEL", "CANARY"),
        ("POLRES", ""),
        ("CHANNELS", "CANARY"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ADUAN_{name}", value)
    with pytest.raises(Exception, match=f"(?i){name}") as refusal:
        Settings()
    shown = f"{refusal.value} {refusal.value.__cause__ or ''}"
    assert not any(secret in shown for secret in ("CANARY", key("a"), key("CANARY")))


@pytest.mark.parametrize("name", ["a b", "../x", "#", "A", "é", "a.b", "", "partner*"])
def test_a_channel_whose_name_is_no_plain_word_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ADUAN_CHANNELS", json.dumps(["good", name]))
    with pytest.raises(ValidationError, match="a-z, 0-9 and hyphens"):
        BrokerSettings()


def test_a_channel_may_be_a_number() -> None:
    assert BrokerSettings(amqp_url=SecretStr("amqp://x"), channels=("110", "kelurahan-digital")).channels[0] == "110"


def test_settings_show_no_secret_and_cannot_be_changed() -> None:
    settings, field = Settings(), "polres"
    shown = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert not any(secret in shown for secret in ("amqp-secret", "mongo-secret", key("token"), key("narrative")))
    with pytest.raises(ValidationError):
        setattr(settings, field, "another")


@pytest.mark.parametrize("padding", ["", "=", "=="])
def test_a_key_may_be_padded_or_not(padding: str) -> None:
    assert len(key_bytes(SecretStr(key("a").rstrip("=") + padding))) == 32
