"""The secrets of a local run: made once, kept, and completed when a later version needs more."""

import json
from pathlib import Path

import pytest

from deploy.local import layout


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


def test_a_service_is_given_no_password_of_a_partner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "RUN", tmp_path)
    monkeypatch.setattr(layout, "SECRETS", tmp_path / "secrets.env")
    everything = {**layout.remembered_secrets(), "ADUAN_BROKER_API": "http://aduan:secret@broker/"}
    for service in layout.service_names():
        given = layout.service_environment(everything, service)
        assert not given.keys() & {"ADUAN_IDENTITY_SECRET", "ADUAN_PORTAL_SECRET"}, "those sign in anybody"
        assert not [
            name for name in given if "PASSWORD" in name or name in ("ADUAN_BROKER_API", "ADUAN_AGENCY_SECRETS")
        ]
