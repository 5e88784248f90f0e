"""The OpenID provider as people sign in there: authorization code with PKCE (RFC 7636)."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from services.portal.settings import PortalSettings
from shared import telemetry
from shared.contracts.refusals import Unavailable

_ANSWER_SECONDS = 10.0  # it hashes passwords, and a person waits
_SCOPE = "openid groups"
SIGNED_IN = "/signed-in"


class NotGiven(Exception):
    """The provider gives no token for what a browser brought back."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the browser goes, and what proves later that it is the same browser."""

    address: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What the provider gave: who acts, what ends the session there, and for how many seconds it counts."""

    access: str
    identity: str
    seconds: int


class Provider:
    """One provider, whose discovery document says where everything is."""

    def __init__(self, settings: PortalSettings) -> None:
        self._settings = settings
        self._document: dict[str, Any] = {}

    async def begin(self) -> Begun:
        """Where somebody signs in. Raises Unavailable."""
        places = await self._places()
        verifier = generate_token(48)
        async with self._client() as client:
            address, state = client.create_authorization_url(
                places["authorization_endpoint"], code_verifier=verifier, nonce=generate_token(24)
            )
        return Begun(str(address), str(state), verifier)

    async def tokens(self, code: str, verifier: str) -> Tokens:
        """What a code stands for. Raises NotGiven, or Unavailable."""
        places = await self._places()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS), self._client() as client:
                given = await client.fetch_token(places["token_endpoint"], code=code, code_verifier=verifier)
        except OAuthError as error:
            raise NotGiven(error.error) from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise _away(error) from None
        return Tokens(given["access_token"], given.get("id_token", ""), int(given.get("expires_in", 300)))

    async def revoke(self, token: str) -> None:
        """Has a token count no longer, if the provider can be reached; otherwise it ends by itself."""
        try:
            place = (await self._places()).get("revocation_endpoint")
            if place:
                async with asyncio.timeout(_ANSWER_SECONDS), self._client() as client:
                    await client.revoke_token(place, token=token)
        except (Unavailable, OAuthError, httpx.HTTPError, TimeoutError) as error:
            telemetry.log.warning("token_not_revoked", error=type(error).__name__)

    async def ending(self, identity: str) -> str | None:
        """Where a browser ends the session at the provider, so that the next person has to sign in."""
        try:
            place = (await self._places()).get("end_session_endpoint")
        except Unavailable:
            return None
        if not place:
            return None
        told = {"client_id": self._settings.oidc_client, "post_logout_redirect_uri": f"{self._settings.origin}/"}
        hint = {"id_token_hint": identity} if identity else {}
        return str(httpx.URL(place, params={**told, **hint}))

    def _client(self) -> AsyncOAuth2Client:
        settings = self._settings
        return AsyncOAuth2Client(
            settings.oidc_client,
            settings.portal_secret.get_secret_value(),
            scope=_SCOPE,
            redirect_uri=f"{settings.origin}{SIGNED_IN}",
            code_challenge_method="S256",
            timeout=_ANSWER_SECONDS,
        )

    async def _places(self) -> dict[str, Any]:
        if not self._document:
            place = f"{self._settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                async with httpx.AsyncClient(timeout=_ANSWER_SECONDS) as client:
                    document = (await client.get(place)).raise_for_status().json()
                # An address of another's would be given our people's passwords.
                if document["issuer"] != self._settings.oidc_issuer:
                    raise ValueError("issuer")
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                raise _away(error) from None
            self._document = document
        return self._document


def _away(error: Exception) -> Unavailable:
    telemetry.log.warning("identity_provider_away", error=type(error).__name__)
    return Unavailable("sign_in_away", "Nobody can be signed in at the moment.")
