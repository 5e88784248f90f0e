"""The OpenID provider as a service sees it: the keys that it signs with, and what it says of a token now."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from shared import telemetry
from shared.contracts.refusals import Unavailable
from shared.settings import WebSettings

ALGORITHMS = ("RS256", "ES256")
# What RFC 9068 calls an access token, and what providers call it that follow no such rule.
_TYPES = ("at+jwt", "application/at+jwt", "jwt", None)
_SKEW = 10  # seconds that its clock may differ from ours
_ANSWER_SECONDS = 2.0  # a person waits for it
_AWAY_SECONDS = 5.0  # so long nobody waits again for a provider that did not answer
_REFETCH_SECONDS = 10.0  # between two looks for a key that is not among the known ones
_KEYS_SECONDS = 600.0  # after which a key that the provider withdrew no longer counts

Key = RSAKey | ECKey
_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}


class NotSignedIn(Exception):
    """No token, or one that does not prove who acts."""


class Away(Exception):
    """The provider gives no answer that can be used."""


class Issuer:
    """One provider, whose discovery document says where everything else is."""

    def __init__(self, settings: WebSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._url = settings.oidc_issuer
        self._audience = settings.oidc_audience
        self._secret = settings.oidc_client_secret
        self._monotonic = monotonic
        # Servers close a connection that is silent for 5 s, and one must not be used at that very moment.
        self._http = httpx.AsyncClient(timeout=_ANSWER_SECONDS, limits=httpx.Limits(keepalive_expiry=2))
        self._document: dict[str, str] = {}
        self._keys: dict[str, Key] = {}
        self._fetched = self._away_until = float("-inf")
        self._fetching = asyncio.Lock()

    async def close(self) -> None:
        await self._http.aclose()

    async def claims(self, token: str, now: float) -> dict[str, Any]:
        """What stands in a token that the provider signed for us and that counts now. Raises NotSignedIn."""
        try:
            kid = jws.extract_compact(token.encode()).headers()["kid"]
        except Exception as error:
            # Whatever a hostile token makes the library raise, it proves nothing.
            raise NotSignedIn(type(error).__name__) from None
        key = await self._key(kid) if isinstance(kid, str) else None
        if key is None:
            raise NotSignedIn("kid")
        rules = jwt.JWTClaimsRegistry(
            now=int(now),
            leeway=_SKEW,
            iss={"essential": True, "value": self._url},
            sub={"essential": True},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
        )
        try:
            decoded = jwt.decode(token, key, algorithms=ALGORITHMS)
            rules.validate(decoded.claims)
            kind = decoded.header.get("typ")
            # An ID token tells a page who signed in; whoever has only that may do nothing here.
            proves = (kind and kind.lower()) in _TYPES and "at_hash" not in decoded.claims
        except Exception as error:
            raise NotSignedIn(type(error).__name__) from None
        if not proves:
            raise NotSignedIn("typ")
        return decoded.claims

    async def about(self, token: str, subject: str) -> dict[str, Any]:
        """What the provider says of the token's person now. Raises NotSignedIn, or Away."""
        if not self._document:
            raise Away
        if self._secret:
            form = {"token": token, "token_type_hint": "access_token"}
            answer = await self._send(
                "POST", "introspection_endpoint", data=form, auth=(self._audience, self._secret.get_secret_value())
            )
            if self._content(answer).get("active") is not True:
                raise NotSignedIn("inactive")
        answer = await self._send("GET", "userinfo_endpoint", headers={"Authorization": f"Bearer {token}"})
        if answer.status_code in (400, 401, 403):
            raise NotSignedIn("refused")
        content = self._content(answer)
        if content.get("sub") != subject:
            raise NotSignedIn("sub")
        return content

    async def _key(self, kid: str) -> Key | None:
        if self._should_fetch(kid):
            async with self._fetching:
                if self._should_fetch(kid):
                    try:
                        await self._fetch()
                    except Away:
                        if not self._document:
                            raise Unavailable("sign_in_away", "Nobody can be signed in at the moment.") from None
        return self._keys.get(kid)

    def _should_fetch(self, kid: str) -> bool:
        age = self._monotonic() - self._fetched
        return age > _KEYS_SECONDS or (kid not in self._keys and age > _REFETCH_SECONDS)

    async def _fetch(self) -> None:
        """Reads the discovery document and the keys anew. Raises Away, and then what was known stays."""
        place = f"{self._url.rstrip('/')}/.well-known/openid-configuration"
        document = self._content(await self._send("GET", place))
        wanted = ["jwks_uri", "userinfo_endpoint", *(["introspection_endpoint"] if self._secret else [])]
        if document.get("issuer") != self._url or not all(isinstance(document.get(name), str) for name in wanted):
            raise self._away("document")
        keys = self._content(await self._send("GET", document["jwks_uri"])).get("keys")
        if not isinstance(keys, list):
            raise self._away("keys")
        self._document = {name: document[name] for name in wanted}
        self._keys = {kid: key for kid, key in map(_usable, keys) if key}
        self._fetched = self._monotonic()

    async def _send(self, method: str, place: str, **more: Any) -> httpx.Response:
        if self._monotonic() < self._away_until:
            raise Away
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                answer = await self._http.request(method, self._document.get(place, place), **more)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise self._away(type(error).__name__) from None
        return answer

    def _content(self, answer: httpx.Response) -> dict[str, Any]:
        """The object that a good answer holds. Raises Away."""
        try:
            content = answer.json() if answer.status_code == httpx.codes.OK else None
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise self._away(str(answer.status_code))
        return content

    def _away(self, why: str) -> Away:
        self._away_until = self._monotonic() + _AWAY_SECONDS
        telemetry.log.warning("identity_provider_away", error=why)
        return Away(why)


def _usable(published: Any) -> tuple[str, Key | None]:
    """A published key with its id; none where we could not or would not verify with it."""
    try:
        key: Key = _KINDS[published["kty"]].import_key(published)
        strong = key.raw_value.key_size >= 2048 if isinstance(key, RSAKey) else key.curve_name == "P-256"
        meant = key.get("use") in (None, "sig") and key.get("alg") in (None, *ALGORITHMS)
    except Exception as error:
        telemetry.log.info("key_not_usable", error=type(error).__name__)
        return "", None
    return (key.kid, key) if key.kid and strong and meant else ("", None)
