"""Who acts. A token says it: a JWT signed with the key from settings."""

from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr

from shared.contracts.envelope import Person

_ALGORITHM = "HS256"
_AUDIENCE = "aduan"


class NotSignedIn(Exception):
    """No token, or one that does not prove who acts."""


def issue_token(person: Person, key: SecretStr, now: datetime, lifetime: timedelta = timedelta(hours=8)) -> str:
    """A token that lets its bearer act as the person."""
    claims = {
        "sub": person.id,
        "roles": sorted(person.roles),
        "units": sorted(person.units),
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    return jwt.encode({"alg": _ALGORITHM}, claims, _key(key))


def read_token(token: str, key: SecretStr, now: datetime) -> Person:
    """The person that a token stands for. Raises NotSignedIn."""
    rules = jwt.JWTClaimsRegistry(
        now=lambda: int(now.timestamp()),
        sub={"essential": True},
        exp={"essential": True},
        aud={"essential": True, "value": _AUDIENCE},
    )
    try:
        claims = jwt.decode(token, _key(key), algorithms=[_ALGORITHM]).claims
        rules.validate(claims)
    except Exception as error:
        # Whatever a hostile token makes the library raise, it proves nothing.
        raise NotSignedIn(type(error).__name__) from None
    subject, roles, units = claims["sub"], claims.get("roles", []), claims.get("units", [])
    if not isinstance(subject, str) or not _names(roles) or not _names(units):
        raise NotSignedIn("claims")
    return Person(subject, frozenset(roles), frozenset(units))


def _names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _key(key: SecretStr) -> OctKey:
    return OctKey.import_key(key.get_secret_value())
