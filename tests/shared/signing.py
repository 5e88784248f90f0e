"""What the tests of sign-in share: a provider of their own, a clock that they turn, and forged tokens."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.contracts.envelope import Person
from shared.people import NotSignedIn, People
from shared.settings import Settings
from tests.support.provider import Provider
from tests.support.room import SEALING_KEYS

NOW = 1_772_366_400.0  # 1 March 2026, 12:00 UTC
GROUPS = ("role:verifier", "role:chief", "unit:polres-sukamaju", "unit:Pidum")
OFFICER = Person("officer-1", frozenset({"verifier", "chief"}), frozenset({"polres-sukamaju", "Pidum"}))


class Clock:
    """Both clocks of a process at once."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> float:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += seconds


class Desk:
    """Somebody who checks tokens, and the provider that they come from."""

    def __init__(self, provider: Provider, people: People, clock: Clock) -> None:
        self.provider, self.people, self.clock = provider, people, clock

    def claims(self, *groups: str, subject: str = "officer-1") -> dict[str, Any]:
        return self.provider.claims(subject, list(groups), self.clock.time)

    def token(self, *groups: str, **changes: Any) -> str:
        """A token whose claims are changed; `...` takes one away."""
        claims = self.claims(*groups) | changes
        return self.provider.sign({name: value for name, value in claims.items() if value is not ...})


@asynccontextmanager
async def desk(**settings: Any) -> AsyncIterator[Desk]:
    provider, clock = Provider(), Clock()
    content = {
        "amqp_url": "amqp://nowhere",
        "mongo_url": "mongodb://nowhere",
        "sealing_keys": SEALING_KEYS,
        "oidc_issuer": provider.url,
    }
    people = People(Settings.model_validate(content | settings), clock, clock)
    try:
        yield Desk(provider, people, clock)
    finally:
        await people.close()
        provider.stop()


async def refused(it: Desk, token: str) -> NotSignedIn:
    with pytest.raises(NotSignedIn) as refusal:
        await it.people.of(token)
    return refusal.value


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forged(header: object, payload: object, secret: bytes = b"0" * 32) -> str:
    """A token with a right HMAC over whatever stands in it."""
    text = f"{encoded(header)}.{encoded(payload)}"
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}"
