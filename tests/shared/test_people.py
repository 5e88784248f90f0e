"""Who acts: a token proves it or nobody is signed in."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr

from shared.contracts.envelope import Person
from shared.people import NotSignedIn, issue_token, read_token
from tests.support.room import key

KEY, OTHER = SecretStr(key("token")), SecretStr(key("another token"))
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OFFICER = Person("officer-1", frozenset({"verifier", "chief"}), frozenset({"polres-sukamaju", "Pidum"}))
CLAIMS: dict[str, Any] = {
    "sub": "officer-1",
    "roles": ["verifier"],
    "units": ["Pidum"],
    "aud": "aduan",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 3600,
}


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header: object, payload: object, secret: SecretStr = KEY) -> str:
    """A token with a right signature over whatever stands in it."""
    text = f"{encoded(header)}.{encoded(payload)}"
    digest = hmac.digest(secret.get_secret_value().encode(), text.encode(), "sha256")
    return f"{text}.{encoded(digest)}"


def token(**changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not ...}
    return signed({"alg": "HS256"}, claims)


def test_a_token_gives_back_the_person_it_was_issued_for() -> None:
    assert read_token(issue_token(OFFICER, KEY, NOW), KEY, NOW) == OFFICER
    assert read_token(token(), KEY, NOW) == Person("officer-1", frozenset({"verifier"}), frozenset({"Pidum"}))
    assert read_token(token(roles=..., units=...), KEY, NOW) == Person("officer-1")


def test_a_token_ends_when_its_time_is_over() -> None:
    issued = issue_token(OFFICER, KEY, NOW, timedelta(hours=1))
    assert read_token(issued, KEY, NOW + timedelta(minutes=59)) == OFFICER
    with pytest.raises(NotSignedIn):
        read_token(issued, KEY, NOW + timedelta(minutes=61))


RSA = RSAKey.generate_key(2048)
PUBLIC = RSA.raw_value.public_key().public_bytes(  # type: ignore[union-attr]
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


@pytest.mark.parametrize(
    "presented",
    [
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param("é\x00\ud800", id="odd characters"),
        pytest.param("." * 50_000, id="only dots"),
        pytest.param(f"{encoded({'alg': 'none'})}.{encoded(CLAIMS)}.", id="no algorithm"),
        pytest.param(signed({"alg": "None"}, CLAIMS), id="no algorithm in other letters"),
        pytest.param(signed({"alg": "HS512"}, CLAIMS), id="another algorithm"),
        pytest.param(signed({}, CLAIMS), id="no header"),
        pytest.param(signed([], CLAIMS), id="a list for a header"),
        pytest.param(signed({"alg": ["HS256"]}, CLAIMS), id="a list of algorithms"),
        pytest.param(signed({"alg": "HS256", "crit": [1]}, CLAIMS), id="an odd critical header"),
        pytest.param(signed({"alg": "HS256", "crit": ["exp"]}, CLAIMS), id="an unknown critical header"),
        pytest.param(signed({"alg": "HS256", "b64": False}, CLAIMS), id="an unencoded payload"),
        pytest.param(signed(b'{"alg":"HS256","a":' + b"[" * 30_000, CLAIMS), id="a deep header"),
        pytest.param(token()[:-3] + "AAA", id="another signature"),
        pytest.param(token().rsplit(".", 1)[0] + ".", id="no signature"),
        pytest.param(signed({"alg": "HS256"}, CLAIMS, OTHER), id="another key"),
        pytest.param(jwt.encode({"alg": "RS256"}, CLAIMS, RSA), id="an asymmetric signature"),
        pytest.param(signed({"alg": "HS256"}, CLAIMS, SecretStr(PUBLIC.decode())), id="a public key as the secret"),
        pytest.param(
            signed({"alg": "HS256", "jwk": OctKey.import_key(OTHER.get_secret_value()).as_dict()}, CLAIMS, OTHER),
            id="a key of its own",
        ),
    ],
)
def test_what_is_not_signed_with_the_key_is_nobody(presented: str) -> None:
    with pytest.raises(NotSignedIn):
        read_token(presented, KEY, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": ...}, {"sub": ""}, {"sub": None}, {"sub": 5}, {"sub": ["officer-1"]}, {"sub": {"$ne": ""}},
        {"aud": ...}, {"aud": "another"}, {"aud": None}, {"aud": 5}, {"aud": ["another"]}, {"aud": {"aduan": 1}},
        {"exp": ...}, {"exp": int(NOW.timestamp())}, {"exp": 0}, {"exp": -1}, {"exp": None}, {"exp": "2999"},
        {"exp": [1]}, {"exp": True}, {"exp": float("nan")}, {"exp": {}},
        {"nbf": int(NOW.timestamp()) + 60}, {"nbf": "now"}, {"iat": "now"}, {"iat": int(NOW.timestamp()) + 3600},
        {"roles": "verifier"}, {"roles": {"verifier": 1}}, {"roles": [5]}, {"roles": [["verifier"]]}, {"roles": None},
        {"units": "Pidum"}, {"units": [None]}, {"units": 7},
    ],
    ids=str,
)  # fmt: skip
def test_claims_that_are_not_as_they_must_be_are_nobodys(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        read_token(token(**changes), KEY, NOW)


@pytest.mark.parametrize("payload", [[], "text", 5, None, [CLAIMS], b"{", b"\xff", b"[" * 50_000], ids=repr)
def test_a_payload_that_holds_no_claims_is_nobodys(payload: object) -> None:
    with pytest.raises(NotSignedIn):
        read_token(signed({"alg": "HS256"}, payload), KEY, NOW)


@given(st.text() | st.binary().map(encoded) | st.lists(st.binary().map(encoded), min_size=3, max_size=5).map(".".join))
def test_no_text_at_all_makes_it_fail_otherwise(presented: str) -> None:
    with pytest.raises(NotSignedIn):
        read_token(presented, KEY, NOW)


def test_a_refusal_does_not_quote_the_token() -> None:
    with pytest.raises(NotSignedIn) as refusal:
        read_token(token(aud="Budi Santoso"), KEY, NOW)
    assert "Budi" not in str(refusal.value)
    assert refusal.value.__cause__ is None
