from pathlib import Path

import pytest
from pydantic import ValidationError

from services.verification.incident import KEY_BYTES
from services.verification.jurisdiction_file import JurisdictionError
from services.verification.main import app
from services.verification.settings import VerificationSettings
from tests.support.room import environment, key
from tests.support.servers import Servers

NOWHERE = Servers("amqp://127.0.0.1:1/", "mongodb://127.0.0.1:1/")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (environment(NOWHERE) | {"ADUAN_FINGERPRINT_KEY": key("fingerprint")}).items():
        monkeypatch.setenv(name, value)


def test_the_sample_area_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert VerificationSettings().jurisdiction_file.is_file()


def test_another_area_is_taken_from_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ADUAN_JURISDICTION_FILE", str(tmp_path / "area.geojson"))
    assert VerificationSettings().jurisdiction_file == tmp_path / "area.geojson"


def test_the_key_of_the_fingerprints_has_their_length_and_depends_on_all_of_the_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = set()
    for secret in ("x" * 32, "x" * 33, "x" * 99 + "y"):
        monkeypatch.setenv("ADUAN_FINGERPRINT_KEY", secret)
        keys.add(VerificationSettings().fingerprint_bytes)
    assert {len(found) for found in keys} == {KEY_BYTES}
    assert len(keys) == 3


@pytest.mark.parametrize("secret", [None, "canary" * 5])
def test_without_a_long_secret_nothing_starts_and_the_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    monkeypatch.delenv("ADUAN_FINGERPRINT_KEY")
    if secret:
        monkeypatch.setenv("ADUAN_FINGERPRINT_KEY", secret)
    with pytest.raises(ValidationError) as error:
        VerificationSettings()
    assert "fingerprint_key" in str(error.value)
    assert "canary" not in str(error.value)


def test_a_bad_area_stops_the_start_and_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "area.geojson"
    file.write_text('{"type": "FeatureCollection", "name": "Polres Uji", "features": []}')
    monkeypatch.setenv("ADUAN_JURISDICTION_FILE", str(file))
    with pytest.raises(JurisdictionError, match="features"):
        app()
