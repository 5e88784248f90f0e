"""Who acts. An access token of the OpenID provider proves it, and the provider is asked whether it still holds."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from shared.contracts.envelope import Person
from shared.issuer import Away, Issuer, NotSignedIn
from shared.settings import WebSettings

__all__ = ["NotSignedIn", "People"]

_FRESH_SECONDS = 45.0  # so that a right that was taken away is gone within a minute
_REMEMBERED = 10_000  # tokens


@dataclass(slots=True)
class _Known:
    """What is known of a token: how long it can count, and for whom by what the provider said last."""

    subject: str
    id: str
    expires: float
    person: Person | None  # none where the provider says that it no longer counts
    asked: float = float("-inf")
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class People:
    """Tells from tokens who acts."""

    def __init__(
        self,
        settings: WebSettings,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = Issuer(settings, monotonic)
        self._id_claim, self._groups_claim = settings.oidc_person_claim, settings.oidc_groups_claim
        self._names = settings.oidc_groups
        self._now, self._monotonic = now, monotonic
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    async def close(self) -> None:
        await self._issuer.close()

    async def of(self, token: str) -> Person:
        """The person that a token stands for, with the roles and units of now. Raises NotSignedIn."""
        known = await self._remembered(token)
        if known.expires <= self._now():
            raise NotSignedIn("expired")
        if self._stale(known):
            async with known.asking:
                if self._stale(known):
                    await self._ask(token, known)
        if known.person is None:
            raise NotSignedIn("refused")
        return known.person

    async def _remembered(self, token: str) -> _Known:
        digest = sha256(token.encode(errors="surrogatepass")).digest()
        known = self._known.get(digest)
        if known is None:
            claims = await self._issuer.claims(token, self._now())
            person = self._person(claims, claims.get(self._id_claim))
            known = self._known.setdefault(digest, _Known(claims["sub"], person.id, claims["exp"], person))
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(digest)
        return known

    def _stale(self, known: _Known) -> bool:
        return self._monotonic() - known.asked >= _FRESH_SECONDS

    async def _ask(self, token: str, known: _Known) -> None:
        """Brings what is known of a token up to date."""
        asked = self._monotonic()
        try:
            known.person = self._person(await self._issuer.about(token, known.subject), known.id)
        except NotSignedIn:
            known.person = None
        except Away:
            # What the provider said last counts until the token ends: an emergency does not wait for it.
            return
        known.asked = asked

    def _person(self, said: Mapping[str, Any], id_: object) -> Person:
        """The person with the roles and units that a token or the provider's answer names. Raises NotSignedIn."""
        listed = said.get(self._groups_claim, [])
        if not isinstance(id_, str) or not id_ or not isinstance(listed, list):
            raise NotSignedIn("claims")
        groups = [group for group in listed if isinstance(group, str)]
        if len(groups) < len(listed):
            raise NotSignedIn("claims")
        named: dict[str, set[str]] = {"role": set(), "unit": set()}
        for group in groups:
            kind, _, name = self._names.get(group, group).partition(":")
            if kind in named and name:
                named[kind].add(name)
        return Person(id_, frozenset(named["role"]), frozenset(named["unit"]))
