"""Sealed parts: only the right key opens them, only for their complaint, and nothing shows what was in them."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OctKey
from pydantic import SecretStr

from shared.sealing import Unsealable, Vault
from shared.settings import key_bytes
from tests.support.room import key

OLD, NEW, OTHER = (SecretStr(key(name)) for name in ("old", "new", "other"))
COMPLAINT, ANOTHER = "01a20b90-258c-7b18-ba96-7d4e80e681b8", "01a20b90-258c-7b18-ba96-7d4e80e681b9"
CONTENT = {"name": "Budi Santoso", "nik": "3201010101900001"}


def vault(**keys: SecretStr) -> Vault:
    return Vault({kid.replace("_", "."): value for kid, value in keys.items()})


TEXT = st.text(st.characters(codec="utf-8"))
HELD = vault(identity_1=OLD)
SEALED = HELD.seal("identity", COMPLAINT, CONTENT)


def header_of(sealed: str) -> dict[str, Any]:
    text = sealed.split(".", maxsplit=1)[0]
    header: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return header


@given(st.dictionaries(TEXT, TEXT))
def test_what_was_sealed_is_what_is_opened(content: dict[str, str]) -> None:
    assert HELD.open("identity", COMPLAINT, HELD.seal("identity", COMPLAINT, content)) == content


def test_a_sealed_part_shows_nothing_but_its_key_and_complaint() -> None:
    assert header_of(SEALED) == {"alg": "A256KW", "enc": "A256GCM", "kid": "identity.1", "sub": COMPLAINT}
    assert not any(secret in base64.b64decode(SEALED.replace(".", "") + "====", b"-_") for secret in (b"Budi", b"3201"))
    assert HELD.seal("identity", COMPLAINT, CONTENT) != SEALED, "the same content never looks the same twice"


def test_the_newest_key_seals_and_older_ones_still_open() -> None:
    keys = {f"identity.{n}": OTHER if n == 10 else NEW for n in (2, 9, 10)}
    rotated = Vault({"identity.1": OLD, **keys, "contact.99": OLD})
    assert header_of(rotated.seal("identity", COMPLAINT, {}))["kid"] == "identity.10", "by number, not by letters"
    assert rotated.open("identity", COMPLAINT, SEALED) == CONTENT


def test_a_part_whose_key_is_not_here_can_neither_be_sealed_nor_opened() -> None:
    poor = vault(contact_1=OLD)
    with pytest.raises(KeyError):
        poor.seal("identity", COMPLAINT, CONTENT)
    with pytest.raises(Unsealable):
        poor.open("identity", COMPLAINT, SEALED)


def forged(**header: Any) -> str:
    """A JWE made with the right key but with another header."""
    made = {"alg": "A256KW", "enc": "A256GCM", "kid": "identity.1", "sub": COMPLAINT} | header
    registry = jwe.JWERegistry(algorithms=["dir", "A256GCM", "A256KW"], strict_check_header=False)
    return jwe.encrypt_compact(made, json.dumps(CONTENT).encode(), OctKey.import_key(key_bytes(OLD)), registry=registry)


def unsigned(header: object) -> str:
    text = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return ".".join([text, *SEALED.split(".")[1:]])


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param("", id="nothing"),
        pytest.param("Budi", id="text"),
        pytest.param("....", id="empty parts"),
        pytest.param(SEALED[:-2] + ("AA" if SEALED[-2:] != "AA" else "BB"), id="another tag"),
        pytest.param(SEALED.rsplit(".", 2)[0] + "." + SEALED.rsplit(".", 1)[1], id="a part missing"),
        pytest.param(SEALED + ".x", id="a part more"),
        pytest.param(vault(identity_1=OTHER).seal("identity", COMPLAINT, CONTENT), id="another key"),
        pytest.param(vault(identity_2=OLD).seal("identity", COMPLAINT, CONTENT), id="a key that is not here"),
        pytest.param(vault(contact_1=OLD).seal("contact", COMPLAINT, CONTENT), id="another part"),
        pytest.param(HELD.seal("identity", ANOTHER, CONTENT), id="another complaint"),
        pytest.param(unsigned(header_of(SEALED) | {"sub": ANOTHER}), id="its complaint rewritten"),
        pytest.param(unsigned({"alg": "none"}), id="no algorithm"),
        pytest.param(unsigned([]), id="a header that is a list"),
        pytest.param(unsigned({"alg": ["dir"], "enc": {}, "kid": 5}), id="a header of odd types"),
        pytest.param(unsigned(header_of(SEALED) | {"crit": [1]}), id="an odd critical header"),
        pytest.param(forged(alg="dir"), id="another algorithm"),
        pytest.param("e" * 100_000, id="long"),
        pytest.param("\ud800.é.\x00.x.y", id="odd characters"),
    ],
)
def test_what_was_not_sealed_here_for_this_complaint_is_refused_without_a_word_of_it(sealed: str) -> None:
    with pytest.raises(Unsealable) as refusal:
        HELD.open("identity", COMPLAINT, sealed)
    assert "Budi" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_content_that_is_not_as_it_was_sealed_is_not_opened() -> None:
    for position in range(0, len(SEALED), 7):
        changed = SEALED[:position] + ("A" if SEALED[position] != "A" else "B") + SEALED[position + 1 :]
        if changed.split(".")[0] == SEALED.split(".")[0] or changed.count(".") != 4:
            with pytest.raises(Unsealable):
                HELD.open("identity", COMPLAINT, changed)


def test_a_vault_does_not_show_its_keys() -> None:
    assert key_bytes(OLD).decode("latin-1") not in repr(HELD.__dict__)
    assert OLD.get_secret_value().rstrip("=") not in repr(HELD.__dict__)
